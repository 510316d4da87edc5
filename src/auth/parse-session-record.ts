import type { SessionData } from 'express-session';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A stored session; `undefined` for text that is none, which ends the session instead of breaking the request. */
export const parseSessionRecord = (text: string): SessionData | undefined => {
  try {
    const parsed: unknown = JSON.parse(text);
    // The store wrote this text from a SessionData; the cookie is the part that express-session takes apart again.
    return isRecord(parsed) && isRecord(parsed['cookie']) ? (parsed as unknown as SessionData) : undefined;
  } catch {
    return undefined;
  }
};
