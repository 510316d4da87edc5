import type { AttemptRecord } from './call.js';

/** How an attempt, or a request, ended, as far as its status tells. */
export const callClasses = [
  'success',
  'rate_limited',
  'key_refused',
  'client_error',
  'client_left',
  'timed_out',
  'server_error',
] as const;

export type CallClass = (typeof callClasses)[number];

/** The class of a status code; the position of its name in `callClasses`, so that counting is an array access. */
export const classIndexOf = ({ statusCode }: Pick<AttemptRecord, 'statusCode'>): number => {
  if (statusCode >= 200 && statusCode <= 299) return 0;
  switch (statusCode) {
    case 429:
      return 1;
    case 401:
    case 402:
    case 403:
      return 2;
    case 499:
      return 4;
    case 504:
      return 5;
    default:
      return statusCode >= 400 && statusCode <= 498 ? 3 : 6;
  }
};
