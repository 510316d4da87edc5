import type { IncomingMessage } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { limitBodies, operatorsBodies, strangersBodies, termsOf, tooLarge, type BodyTerms } from './body-limits.js';
import { isUpload, takesUpload } from './uploaded-file.js';

const formFieldsMax = 100;

/** Levels of lists and objects in a body; our own go three deep. Deeper ones are made to exhaust whoever walks them. */
const bodyLevelsMax = 8;

const childrenOf = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

/** Level by level, so that the depth of the body is not the depth of our own stack. */
const isTooDeep = (body: unknown): boolean => {
  let level: readonly unknown[] = [body];
  for (let depth = 0; depth <= bodyLevelsMax; depth += 1) level = level.flatMap(childrenOf);
  return level.length > 0;
};

const wantedOf = (request: Request): string =>
  takesUpload(request) ? 'the file must be sent as multipart/form-data in the field "file"' : 'the body must be sent as application/json';

const problemOf = (request: Request, contentBytes: number): HttpException | undefined => {
  const body: unknown = request.body;
  if (body === undefined) return contentBytes > 0 ? new HttpException(wantedOf(request), 415) : undefined;
  if (Array.isArray(body) || isTooDeep(body)) return new HttpException('the body must be one flat JSON object', 400);
  return undefined;
};

/** Refuses a body that no parser took, or whose shape is not an object's, in words about the body and not about its fields. */
const refuseOddBody = (request: Request, _response: Response, next: NextFunction): void => {
  if (isUpload(request) || termsOf(request) === undefined) return next();
  const chunked = request.headers['transfer-encoding'] !== undefined;
  const contentBytes = chunked ? Infinity : Number(request.headers['content-length'] ?? 0);
  next(problemOf(request, contentBytes));
};

const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : undefined;

/** The parsers' own messages quote the body, which may hold a key; ours do not. */
const sentences: Readonly<Record<number, string>> = {
  400: 'the body must be one complete, valid JSON object',
  415: 'the body must be UTF-8 JSON, plain or compressed with gzip, deflate or br',
};

/** Express knows by the four parameters that this is for what went wrong before it, and passes all else by. */
const explainUnreadable = (error: unknown, request: Request, _response: Response, next: NextFunction): void => {
  const status = statusOf(error);
  if (status === undefined || error instanceof HttpException) return next(error);
  const sentence = sentences[status];
  if (status === 413) next(tooLarge(termsOf(request) ?? operatorsBodies));
  else next(sentence === undefined ? error : new HttpException(sentence, status));
};

/** The parser of one media type that reads only bodies which are under these terms. */
const takes =
  (terms: BodyTerms, mediaType: string) =>
  (request: IncomingMessage): boolean =>
    termsOf(request) === terms && request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === mediaType;

/** Reads JSON, and what HTML forms post, into `request.body`. What was used before on `app` happens before. */
export const useBodies = (app: NestExpressApplication, isOperator: (request: Request) => boolean): void => {
  app.use(limitBodies(isOperator));
  for (const terms of [strangersBodies, operatorsBodies]) {
    const limit = terms.bytesMax;
    app.useBodyParser('json', { limit, type: takes(terms, 'application/json') });
    app.useBodyParser('urlencoded', { limit, type: takes(terms, 'application/x-www-form-urlencoded'), extended: false, parameterLimit: formFieldsMax });
  }
  app.use(refuseOddBody);
  app.use(explainUnreadable);
};
