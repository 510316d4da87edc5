/** An error object that an upstream sent, in whatever shape, reduced to what policy needs. */
export interface UpstreamError {
  /** The HTTP status that says the same: the response's own, or for an error inside a 2xx the one its type maps to. */
  readonly status: number;
  /** `error.type`, when it is a short token (`[A-Za-z0-9_.-]`, at most 64 characters): safe to log. */
  readonly type: string | undefined;
  /** `error.code`, under the same rule. */
  readonly code: string | undefined;
  /** Lower-cased free text, at most 4 KiB, for matching only: it may quote a prompt or a key, so it is never logged. */
  readonly text: string;
  /** Milliseconds the body asks to wait (`resets_in_seconds`, `resets_at`, `retry_after`…), when it does. */
  readonly hintMs: number | undefined;
}
