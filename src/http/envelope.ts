/** The shape of every answer of the admin API. */
export interface Envelope<T> {
  readonly success: true;
  readonly data: T;
  /** How many there are in all, when `data` is one page of them. */
  readonly count?: number;
}

/** The same shape for what went wrong. */
export interface ProblemEnvelope {
  readonly success: false;
  readonly data: null;
  /** A sentence for a person. */
  readonly error: string;
}

export const enveloped = <T>(data: T): Envelope<T> => ({ success: true, data });

export const pageEnveloped = <T>(data: readonly T[], count: number): Envelope<readonly T[]> => ({
  success: true,
  data,
  count,
});

/** What Express says of an object that it makes JSON of. */
export const jsonType = 'application/json; charset=utf-8';

/** An envelope around data that is JSON already. */
export const envelopedJson = (json: string): string => `{"success":true,"data":${json}}`;

/** An envelope around a page that is a JSON array already. */
export const pageEnvelopedJson = (json: string, count: number): string => `{"success":true,"data":${json},"count":${count}}`;

export const problemEnveloped = (error: string): ProblemEnvelope => ({ success: false, data: null, error });
