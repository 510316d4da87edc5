import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCookieAuth, ApiOperation, ApiParam, ApiResponse, ApiTags, type ApiResponseSchemaHost } from '@nestjs/swagger';
import { problemSchema, type Schema } from './api-schema.js';

/** One answer of an operation: a body with its schema, or none. */
export interface AnswerDocs {
  readonly description: string;
  /** Absent: no body. */
  readonly schema?: Schema;
  /** `application/json` unless something else is said. */
  readonly mediaType?: string;
  /** Names of headers besides the usual ones, each with what it says. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the description says of one route. */
export interface OperationDocs {
  readonly tag: string;
  /** A few words for the list. */
  readonly summary: string;
  readonly description?: string;
  /** Who may call: an operator with a session, or anyone who reaches the address. */
  readonly access: 'operator' | 'anyone';
  /** True when it changes something: then another site's page is refused. */
  readonly changes?: boolean;
  /** True when it reads a body: then there are the ways in which a body can be unreadable. */
  readonly readsBody?: boolean;
  /** What the file is that comes as the field `file` of a form. */
  readonly file?: string;
  /** True when the path has an `:id`. */
  readonly hasId?: boolean;
  /** By status. */
  readonly answers: Readonly<Record<number, AnswerDocs>>;
  /** Refusals of its own, by status; those that follow from the fields above are added. */
  readonly refusals?: Readonly<Record<number, string>>;
}

const refusalsOf = ({ access, changes, readsBody, hasId, refusals }: OperationDocs): Readonly<Record<number, string>> => ({
  ...(readsBody === true || hasId === true ? { 400: 'Something sent cannot be used; a sentence for every wrong field' } : {}),
  ...(access === 'operator' ? { 401: 'No session: log in first' } : {}),
  ...(changes === true ? { 403: "Sent by another site's page" } : {}),
  ...(hasId === true ? { 404: 'Nothing has this id' } : {}),
  ...(readsBody === true ? { 413: `The body is larger than ${access === 'operator' ? '1 MiB' : '16 KiB'}`, 415: 'The body is not UTF-8 JSON' } : {}),
  ...refusals,
});

const fileDecorators = (description: string): readonly MethodDecorator[] => [
  ApiConsumes('multipart/form-data'),
  ApiBody({
    required: true,
    schema: { type: 'object', properties: { file: { type: 'string', format: 'binary', description } }, required: ['file'] },
  }),
];

const retryHeader = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } };
const answersWhenBusy = (status: number): boolean => status === 429 || status === 503;

const headersOf = (headers: Readonly<Record<string, string>>): NonNullable<ApiResponseSchemaHost['headers']> =>
  Object.fromEntries(Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]));

const answerDecorator = (status: number, { description, schema, mediaType = 'application/json', headers = {} }: AnswerDocs): MethodDecorator =>
  ApiResponse({
    status,
    description,
    headers: headersOf(headers),
    ...(schema === undefined ? {} : { content: { [mediaType]: { schema } } }),
  });

const refusalDecorator = (status: number, description: string): MethodDecorator =>
  ApiResponse({
    status,
    description,
    content: { 'application/json': { schema: problemSchema } },
    ...(answersWhenBusy(status) ? { headers: retryHeader } : {}),
  });

/** A whole operation as one decorator, so that a controller's method stays one line. */
export const documented = (docs: OperationDocs): MethodDecorator => {
  const { tag, summary, description, access, hasId, file, answers } = docs;
  const unexpected = { description: 'Whatever else went wrong', content: { 'application/json': { schema: problemSchema } } };
  return applyDecorators(
    ApiTags(tag),
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ...(access === 'operator' ? [ApiCookieAuth()] : []),
    ...(hasId === true ? [ApiParam({ name: 'id', schema: { type: 'integer', minimum: 0 } })] : []),
    ...(file === undefined ? [] : fileDecorators(file)),
    ...Object.entries(answers).map(([status, answer]) => answerDecorator(Number(status), answer)),
    ...Object.entries(refusalsOf(docs)).map(([status, sentence]) => refusalDecorator(Number(status), sentence)),
    ApiResponse({ status: 'default', ...unexpected }),
  );
};
