/** What channel keys are sealed with, never logged. */
export interface KeySecrets {
  readonly current: string | undefined;
  /** Opens what was sealed before the secret was changed. */
  readonly previous: string | undefined;
}

export const noSecrets: KeySecrets = { current: undefined, previous: undefined };
