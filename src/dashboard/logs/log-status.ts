import type { BadgeView } from '../shell/badge-view.js';
import type { LogsTexts } from './logs.en.js';

export type StatusTexts = Pick<LogsTexts, 'statusWords' | 'statusOther'>;

/** Success is 2xx; a client that left is nobody's failure; 4xx is a refusal; everything else has failed. */
export const statusTone = (status: number): BadgeView['tone'] => {
  if (status >= 200 && status < 300) return 'good';
  if (status === 499) return 'quiet';
  return status >= 400 && status < 500 ? 'warn' : 'bad';
};

/** The status in words; a code without words of its own has those of its class. */
export const statusWord = (status: number, { statusWords, statusOther }: StatusTexts): string => {
  const own = new Map(Object.entries(statusWords)).get(String(status));
  const tone = statusTone(status);
  return own ?? statusOther[tone === 'quiet' ? 'warn' : tone];
};

export const statusBadge = (status: number, texts: StatusTexts): BadgeView => ({
  tone: statusTone(status),
  label: `${status} ${statusWord(status, texts)}`,
});
