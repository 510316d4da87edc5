/** What a status means to whoever reads the log; one that is not here has the word of its class. */
export const statusesEn = {
  words: {
    200: 'OK',
    400: 'Bad request',
    401: 'Key refused',
    402: 'Payment needed',
    403: 'Forbidden',
    404: 'Not found',
    408: 'Too slow',
    413: 'Too large',
    429: 'Rate limit',
    499: 'Client left',
    500: 'Server error',
    502: 'Bad gateway',
    503: 'Unavailable',
    504: 'Timed out',
    529: 'Overloaded',
  },
  others: { good: 'OK', warn: 'Refused', bad: 'Failed' },
};

export type StatusTexts = typeof statusesEn;
