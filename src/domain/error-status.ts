/**
 * Which HTTP status says the same as an error's type or code. Ordered: the first row that fits wins, so the narrow ones
 * stand above the broad ones. Tokens are matched in lower case.
 *
 * Sources: the error types in Anthropic's and OpenAI's API references, the error codes of a failed Response, and what
 * widespread relays send in their place.
 */
const statusRows: readonly (readonly [status: number, token: RegExp])[] = [
  // A picture the model cannot take is the client's, even where the code says "not found" or "too large".
  [400, /image/],
  [529, /overload/],
  [503, /^slow_down$|unavailable/],
  [504, /timeout|timed_out/],
  [402, /quota|billing|credit(?!ential)|balance|spend_limit|payment/],
  [429, /rate_?limit|too_many_requests|usage_limit|resource_exhausted|throttl|^(?:requests|tokens)$/],
  [404, /not_found/],
  [401, /authenticat|unauthori[sz]ed|api_key|invalid_token|token_(?:expired|invalid|revoked)/],
  [403, /permission|forbidden|access_denied|not_authori[sz]ed|unsupported_country|deactivated|suspended/],
  [413, /request_too_large/],
  [409, /conflict/],
  [400, /invalid|bad_request|context_length|too_(?:large|long)|string_above|policy|content_filter|unsupported/],
];

/** Types and codes are compared in this form, so that `RESOURCE_EXHAUSTED` and `resource-exhausted` are one. */
const normalised = (token: string): string => token.toLowerCase().replaceAll('-', '_');

const statusOfToken = (token: string | undefined): number | undefined => {
  if (token === undefined) return undefined;
  const name = normalised(token);
  return statusRows.find(([, pattern]) => pattern.test(name))?.[0];
};

/**
 * The status an error inside a 2xx stands for. The code is asked before the type, because it is the narrower of the two
 * (`model_not_found` of type `invalid_request_error`); `stated` is a status the payload itself names. Unknown: 500.
 */
export const statusOfError = (
  type: string | undefined,
  code: string | undefined,
  stated: number | undefined,
): number => statusOfToken(code) ?? statusOfToken(type) ?? stated ?? 500;
