import type { HeaderLookup, Outcome } from './outcome.js';
import { isUnifiedLimitReached } from './retry-after.js';
import type { UpstreamError } from './upstream-error.js';

/** What an outcome means. Each class has its consequence in failure.ts; together they are the table of failures.md. */
export type FailureClass =
  | 'success'
  /** The client's own mistake: every channel would say the same. */
  | 'client-error'
  | 'credit-exhausted'
  | 'key-refused'
  | 'model-missing'
  | 'try-later'
  | 'rate-limit'
  /** A limit of the account, organisation or address: it stops all models of the channel. */
  | 'account-limit'
  | 'server-error'
  | 'no-api-answer'
  | 'unreachable'
  | 'stale'
  | 'hung-up'
  | 'timed-out'
  | 'timed-out-late'
  | 'broken'
  | 'broken-late'
  | 'client-left'
  | 'cut-off';

/** An upstream's error answer, as a refusal or inside a 2xx; both are judged alike. */
interface ErrorAnswer {
  readonly status: number;
  readonly error: UpstreamError | undefined;
  readonly header: HeaderLookup;
}

/**
 * What the upstream says in its own words. Quoted passages and addresses are taken out: a refusal may quote the prompt,
 * whose words must not cool a channel, and links to ".../account/rate-limits" stand in errors that concern one model.
 */
const ownWords = ({ error }: ErrorAnswer): string =>
  (error?.text ?? '').replace(/https?:\/\/\S+/g, ' ').replace(/`[^`]*`|"[^"]*"|“[^”]*”|(?<!\w)'[^']*'(?!\w)/g, ' ');

const tokens = ({ error }: ErrorAnswer): string => `${error?.code ?? ''} ${error?.type ?? ''}`.toLowerCase();

const contextTokens = /context_length|string_above_max_length/;
const contextWords = /context (?:length|window)|prompt is too long|input is too long/;

const isContextTooLong = (answer: ErrorAnswer): boolean =>
  contextTokens.test(tokens(answer)) || contextWords.test(ownWords(answer));

const creditTokens = /quota|billing|credit(?!ential)|balance|spend_limit|usage_limit/;
const creditWords = [
  /\b(?:credits?|balance|quota|funds)\b[^.]{0,40}\b(?:exhausted|insufficient|exceeded|depleted|used up|not enough|too low|run out|reached)\b/,
  /\b(?:insufficient|not enough|exhausted|exceeded|exceeds|out of|no remaining|no more)\b[^.]{0,40}\b(?:credits?|balance|quota|funds)\b/,
  /\bbilling\b[^.]{0,40}\b(?:limit|not active|inactive|disabled|suspended|past due|overdue|exhausted)\b/,
  /\b(?:reached|exceeded|hit)\b[^.]{0,40}\b(?:usage|spend|spending) limits?\b/,
  /(?:余额|额度|配额)[^。]{0,20}(?:不足|用尽|用完|耗尽|失败)|欠费/,
];

const isCreditExhausted = (answer: ErrorAnswer): boolean => {
  const words = ownWords(answer);
  return creditTokens.test(tokens(answer)) || creditWords.some((pattern) => pattern.test(words));
};

const namesModel = (answer: ErrorAnswer): boolean =>
  tokens(answer).includes('model') || /\bmodels?\b|模型/.test(ownWords(answer));

const accountTokens = /organi[sz]ation|account|workspace/;
const accountWords =
  /\b(?:accounts?|organi[sz]ation|workspace|subscription|ip|quota|billing|credits?|balance|usage limit)\b|账[号户]|组织|额度|余额|配额|error(?: code)?:? 1015\b/;
// Both big providers name the organisation even when the limit is that of one model in it.
const modelLimitWords = /\bmodels?\b|模型|\bfor \S+ in organi[sz]ation\b/;

const isAccountLimit = (answer: ErrorAnswer): boolean => {
  const said = tokens(answer);
  if (creditTokens.test(said) || accountTokens.test(said)) return true;
  if (isUnifiedLimitReached(answer.header)) {
    // "seven_day_opus" and the like limit a family of models; the others everything.
    return !/opus|sonnet|haiku/i.test(answer.header('anthropic-ratelimit-unified-representative-claim') ?? '');
  }
  const words = ownWords(answer);
  return accountWords.test(words) && !modelLimitWords.test(words);
};

interface AnswerRow {
  readonly statuses: readonly number[] | 'other 4xx' | 'any 5xx';
  /** When present, the row holds only for answers that say so. */
  readonly says?: (answer: ErrorAnswer) => boolean;
  readonly is: FailureClass;
}

/** Read from the top: the first row that fits decides. What fits none (1xx, 2xx, 3xx, 600 and above) is no API answer. */
const answerRows: readonly AnswerRow[] = [
  { statuses: [400, 413], says: isContextTooLong, is: 'client-error' },
  { statuses: [400, 403], says: isCreditExhausted, is: 'credit-exhausted' },
  { statuses: [402], is: 'credit-exhausted' },
  { statuses: [401, 403], is: 'key-refused' },
  { statuses: [404, 410], says: namesModel, is: 'model-missing' },
  { statuses: [408, 425], is: 'try-later' },
  { statuses: [429], says: isAccountLimit, is: 'account-limit' },
  { statuses: [429], is: 'rate-limit' },
  { statuses: 'other 4xx', is: 'client-error' },
  { statuses: 'any 5xx', is: 'server-error' },
];

const covers = (statuses: AnswerRow['statuses'], status: number): boolean => {
  if (statuses === 'other 4xx') return status >= 400 && status <= 499;
  if (statuses === 'any 5xx') return status >= 500 && status <= 599;
  return statuses.includes(status);
};

const classOfAnswer = (answer: ErrorAnswer): FailureClass =>
  answerRows.find((row) => covers(row.statuses, answer.status) && (row.says?.(answer) ?? true))?.is ?? 'no-api-answer';

/** The class of an outcome: pure matching, no consequence yet. */
export const failureClassOf = (outcome: Outcome): FailureClass => {
  switch (outcome.kind) {
    case 'complete':
      return 'success';
    case 'refused':
      return classOfAnswer(outcome.refusal);
    case 'disguised':
      return classOfAnswer({ status: outcome.error.status, error: outcome.error, header: outcome.header });
    case 'malformed':
      return 'no-api-answer';
    case 'timed-out':
      return outcome.committed ? 'timed-out-late' : 'timed-out';
    case 'broken':
      return outcome.committed ? 'broken-late' : 'broken';
    case 'unreachable':
    case 'stale':
    case 'hung-up':
    case 'client-left':
    case 'cut-off':
      return outcome.kind;
  }
};
