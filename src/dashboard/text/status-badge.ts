import type { BadgeView } from '../shell/badge-view.js';
import type { Language, Spoken } from './language.js';
import { statusesEn, type StatusTexts } from './statuses.en.js';
import { statusesZh } from './statuses.zh.js';

export const statusTexts: Spoken<StatusTexts> = { en: statusesEn, zh: statusesZh };

/** Success is 2xx; a client that left is nobody's failure; 4xx is a refusal; everything else has failed. */
export const statusTone = (status: number): BadgeView['tone'] => {
  if (status >= 200 && status < 300) return 'good';
  if (status === 499) return 'quiet';
  return status >= 400 && status < 500 ? 'warn' : 'bad';
};

/** "429 Rate limit"; a code without words of its own has those of its class. */
export const statusLabel = (status: number, language: Language): string => {
  const { words, others } = statusTexts[language];
  const tone = statusTone(status);
  return `${status} ${new Map(Object.entries(words)).get(String(status)) ?? others[tone === 'quiet' ? 'warn' : tone]}`;
};

export const statusBadge = (status: number, language: Language): BadgeView => ({ tone: statusTone(status), label: statusLabel(status, language) });
