import { HttpException } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { isUpload, takesUpload } from './uploaded-file.js';

/** Largest body of the admin API, after decompression. */
export const adminBodyBytesMax = 1024 * 1024;
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
  if (isUpload(request)) return next();
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
  413: `the body must be at most ${adminBodyBytesMax} bytes`,
  415: 'the body must be UTF-8 JSON, plain or compressed with gzip, deflate or br',
};

/** Express knows by the four parameters that this is for what went wrong before it, and passes all else by. */
const explainUnreadable = (error: unknown, _request: Request, _response: Response, next: NextFunction): void => {
  const status = statusOf(error);
  const sentence = status === undefined || error instanceof HttpException ? undefined : sentences[status];
  next(status === undefined || sentence === undefined ? error : new HttpException(sentence, status));
};

/** Reads JSON, and what HTML forms post, into `request.body`. What was used before on `app` happens before. */
export const useBodies = (app: NestExpressApplication): void => {
  app.useBodyParser('json', { limit: adminBodyBytesMax });
  app.useBodyParser('urlencoded', { limit: adminBodyBytesMax, extended: false, parameterLimit: formFieldsMax });
  app.use(refuseOddBody);
  app.use(explainUnreadable);
};
