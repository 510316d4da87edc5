import { statusOfError } from './error-status.js';
import { secondMs, type EpochMs } from './time.js';
import { waitInSentence, waitOfMs, waitUntil } from './wait.js';

/** An error object that an upstream sent, in whatever shape, reduced to what policy needs. */
export interface UpstreamError {
  /** The HTTP status that says the same: the response's own, or for an error inside a 2xx the one its type maps to. */
  readonly status: number;
  /** `error.type`, when it is a short word (`[A-Za-z0-9_.-]`, at most 64 characters, nothing that looks like a key): fit for the log. */
  readonly type: string | undefined;
  /** `error.code`, under the same rule. */
  readonly code: string | undefined;
  /** Lower-cased free text, at most `errorTextCharsMax`, for matching only: it may quote a prompt or a key, so it is never logged. */
  readonly text: string;
  /** Milliseconds the body asks to wait (`resets_in_seconds`, `resets_at`, `retry_after`…), when it does. */
  readonly hintMs: number | undefined;
}

export const errorTextCharsMax = 4_096;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

/** Relays that always serialise the field send `{"message":"","type":"","code":null}` beside good answers. */
const saysSomething = (value: unknown): value is Fields | string => {
  if (!isFields(value)) return !isBlank(value);
  return Object.values(value).some((field) => (typeof field === 'object' ? isFields(field) : Boolean(field)));
};

const detailText = (detail: unknown): string | undefined => {
  if (typeof detail === 'string') return detail;
  if (!Array.isArray(detail)) return undefined;
  // The validation errors of one widespread web framework: a list of { loc, msg, type }.
  return detail.flatMap((item: unknown) => (isFields(item) && typeof item['msg'] === 'string' ? [item['msg']] : [])).join('; ');
};

/** A payload with an `id` or an `object` is an answer that happens to have a detail. */
const detailIn = (payload: Fields): Fields | string | undefined => {
  const { detail, id, object } = payload;
  if (detail === undefined || detail === null || id !== undefined || object !== undefined) return undefined;
  return isFields(detail) ? detail : detailText(detail);
};

const isFailedResponse = (value: unknown): value is Fields => isFields(value) && value['status'] === 'failed';

/** What stands where the error should be: an object, a text, or `undefined` when the payload is no error. */
const errorIn = (payload: Fields): Fields | string | undefined => {
  const { error, type, response, object } = payload;
  if (saysSomething(error)) return error;
  if (error === true) return payload;
  if (type === 'response.failed') return isFields(response) && saysSomething(response['error']) ? response['error'] : {};
  if (object === 'response') return isFailedResponse(payload) ? {} : undefined;
  if (type === 'error') return { ...payload, type: undefined };
  return detailIn(payload);
};

// A key has the form of a token too, and a careless upstream may put the one it refused into `code`: what begins like a
// key, or has 16 letters and digits in a row with a digit among them, is no word.
const token = /^(?!sk-)(?!.*(?=[A-Za-z]*\d)[A-Za-z\d]{16})[A-Za-z0-9_.-]{1,64}$/;

const tokenOf = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && token.test(text) ? text : undefined;
};

/** Anthropic tells a spending limit from a rate limit only in `error.details.error_code`. */
const codeOf = (said: Fields): string | undefined => {
  const { code, details } = said;
  return tokenOf(code) ?? (isFields(details) ? tokenOf(details['error_code']) : undefined);
};

const asErrorStatus = (value: unknown): number | undefined => {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599 ? status : undefined;
};

const statedStatus = (said: Fields, payload: Fields): number | undefined =>
  asErrorStatus(said['code']) ??
  asErrorStatus(said['status']) ??
  asErrorStatus(payload['status_code']) ??
  asErrorStatus(payload['status']);

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

const hintIn = (said: Fields, now: EpochMs): number | undefined =>
  waitOfMs(numberOf(said['resets_in_seconds']) * secondMs) ??
  waitUntil(numberOf(said['resets_at']) * secondMs, now) ??
  waitOfMs(numberOf(said['retry_after_ms'])) ??
  waitOfMs(numberOf(said['retry_after']) * secondMs) ??
  waitOfMs(numberOf(said['retry_after_seconds']) * secondMs);

const textOf = (said: Fields): string => {
  const text = [said['message'], said['msg'], said['error'], said['detail']].find((value) => !isBlank(value));
  return typeof text === 'string' ? text.toLowerCase().slice(0, errorTextCharsMax) : '';
};

const isErrorStatus = (status: number | undefined): status is number =>
  status !== undefined && (status < 200 || status > 299);

/** Where an error was found. */
interface Source {
  readonly payload: Fields;
  readonly httpStatus: number | undefined;
  readonly now: EpochMs;
}

const reduced = (error: Fields | string, { payload, httpStatus, now }: Source): UpstreamError => {
  const said = typeof error === 'string' ? { message: error } : error;
  const type = tokenOf(said['type']);
  const code = codeOf(said);
  const text = textOf(said);
  const status = isErrorStatus(httpStatus) ? httpStatus : statusOfError(type, code, statedStatus(said, payload));
  return { status, type, code, text, hintMs: hintIn(said, now) ?? hintIn(payload, now) ?? waitInSentence(text) };
};

/** Some compatible endpoints wrap the error object in a list of one. */
const unwrapped = (payload: unknown): unknown => (Array.isArray(payload) ? payload[0] : payload);

/**
 * The error that a parsed JSON payload (a body, or the data of one event) is, in any of the shapes providers and relays
 * use; `undefined` when it is none. `httpStatus` is the response's own status; without it, or with a 2xx, the error is in
 * disguise and gets the status that its type maps to. Bounds: `type` and `code` 64 characters, `text` 4096. Never throws.
 */
export const readUpstreamError = (
  payload: unknown,
  httpStatus: number | undefined,
  now: EpochMs,
): UpstreamError | undefined => {
  const fields = unwrapped(payload);
  if (!isFields(fields)) return undefined;
  const error = errorIn(fields);
  return error === undefined ? undefined : reduced(error, { payload: fields, httpStatus, now });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * What the body of a refusal says. A body without any known error shape is still the body of an error: its fields count
 * as the error's own, and text that is no JSON is kept for matching. The caller bounds `text` to 64 KiB. Never throws.
 */
export const readErrorBody = (text: string, httpStatus: number, now: EpochMs): UpstreamError => {
  const body = text.trim();
  const payload = parsed(body);
  const known = readUpstreamError(payload, httpStatus, now);
  if (known !== undefined) return known;
  const fields = unwrapped(payload);
  if (isFields(fields)) return reduced(fields, { payload: fields, httpStatus, now });
  return reduced(typeof fields === 'string' ? fields : body, { payload: {}, httpStatus, now });
};
