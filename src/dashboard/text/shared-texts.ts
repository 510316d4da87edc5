import type { Spoken } from './language.js';
import { sharedEn, type SharedTexts } from './shared.en.js';
import { sharedZh } from './shared.zh.js';

export const sharedTexts: Spoken<SharedTexts> = { en: sharedEn, zh: sharedZh };
