import { plural } from '../text/plural.js';

export const channelImportEn = {
  title: 'Import channels',
  intro: 'A CSV file with the columns name, api_key, url and models; priority and enabled may be there too. A channel whose name exists is updated, all others are added. Nothing is stored before you have seen what would happen.',
  file: 'CSV file',
  fileHint: (max: string) => `At most ${max} MiB, in UTF-8, UTF-16 or GBK, with commas, semicolons or tabs.`,
  preview: 'Preview',
  back: 'All channels',
  summary: 'What would happen',
  created: 'Created',
  updated: 'Updated',
  skipped: 'Skipped',
  rows: (count: number, shown: string) => `${shown} ${plural(count, 'row', 'rows')} read`,
  errors: 'Rows that are skipped',
  line: 'Line',
  problem: 'What is wrong',
  confirm: (count: number, shown: string) => `Import ${shown} ${plural(count, 'row', 'rows')}`,
  nothing: 'No row of this file can be imported.',
  kept: (minutes: string) => `The file is kept in memory for ${minutes} minutes and forgotten then.`,
  another: 'Choose another file',
  expired: 'The preview is no longer there: it was imported, or was kept for its few minutes. Choose the file again.',
  busy: 'Too many changes are waiting already. Nothing was imported; choose the file again in a second.',
  missing: 'Choose a file first.',
  empty: 'The file is empty.',
  tooLarge: (max: string) => `The file is larger than ${max} MiB. Split it and import the parts one after the other.`,
  /** Sentences of the server about a file or a row, in this language. */
  say: (sentence: string) => sentence,
};

export type ChannelImportTexts = typeof channelImportEn;
