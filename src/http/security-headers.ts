import type { NextFunction, Request, Response } from 'express';

/** Answers here are JSON for one operator: nothing in them may run, be framed, be guessed at or be kept. */
const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

export const securityHeaders = (_request: Request, response: Response, next: NextFunction): void => {
  response.set(headers);
  next();
};
