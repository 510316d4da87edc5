import { textProblem } from '../../http/value-problems.js';
import { formValues } from '../shell/parse-form.js';
import { parseSpan, spanHoursDefault } from '../shell/span-choice.js';

/** What can be filled in, under the names that `GET /admin/logs` knows too. */
export const logFields = ['hours', 'channel_id', 'model_like', 'status', 'request_id'] as const;
export type LogField = (typeof logFields)[number];
export type LogValues = Readonly<Record<LogField, string>>;

export type StatusQuery = '2xx' | '4xx' | '5xx' | number;

/** A page of the log, as the service is asked for it. */
export interface LogQuery {
  readonly hours: number;
  readonly channel_id?: number;
  readonly model_like?: string;
  readonly status?: StatusQuery;
  readonly request_id?: string;
}

/** What an address asks for. Without `query` it asks for nothing that there could be, and `problems` names the fields. */
export interface LogRequest {
  readonly values: LogValues;
  /** 1 is the first. */
  readonly page: number;
  readonly query: LogQuery | undefined;
  readonly problems: readonly LogField[];
}

const textCharsMax = 256;
const pagesMax = 10_000_000;
const isText = (text: string): boolean => textProblem('text', 1, textCharsMax)(text) === undefined;

const wholeNumber = (text: string, max: number): number | undefined => {
  const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : -1;
  return number >= 0 && number <= max ? number : undefined;
};

const statusOf = (text: string): StatusQuery | undefined => {
  const lower = text.toLowerCase();
  if (lower === '2xx' || lower === '4xx' || lower === '5xx') return lower;
  return /^[1-5][0-9]{2}$/.test(text) ? Number(text) : undefined;
};

/** An empty field asks for nothing; what nobody could have meant is a problem and no filter. */
export const logRequestOf = (query: unknown): LogRequest => {
  const { page, ...given } = formValues(query, [...logFields, 'page']);
  const values = { ...given, model_like: given.model_like.trim(), request_id: given.request_id.trim(), status: given.status.trim() };
  const hours = parseSpan(values.hours);
  const channel = wholeNumber(values.channel_id, Number.MAX_SAFE_INTEGER);
  const status = statusOf(values.status);
  const isRight: Readonly<Record<LogField, boolean>> = {
    hours: hours !== undefined,
    channel_id: values.channel_id === '' || channel !== undefined,
    model_like: values.model_like === '' || isText(values.model_like),
    status: values.status === '' || status !== undefined,
    request_id: values.request_id === '' || isText(values.request_id),
  };
  const problems = logFields.filter((field) => !isRight[field]);
  return {
    values: { ...values, hours: values.hours === '' ? String(spanHoursDefault) : values.hours },
    page: Math.max(1, wholeNumber(page, pagesMax) ?? 1),
    problems,
    query:
      problems.length > 0 || hours === undefined
        ? undefined
        : {
            hours,
            ...(channel === undefined ? {} : { channel_id: channel }),
            ...(values.model_like === '' ? {} : { model_like: values.model_like }),
            ...(status === undefined ? {} : { status }),
            ...(values.request_id === '' ? {} : { request_id: values.request_id }),
          },
  };
};
