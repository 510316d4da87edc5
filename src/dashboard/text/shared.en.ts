import { storageSentences, type StorageProblem } from '../../domain/storage-problem.js';
import { plural } from './plural.js';

/** What every page may say. A function where something is filled in. */
export const sharedEn = {
  product: 'ccLoad',
  skipToContent: 'Skip to content',
  navigation: 'Pages',
  pages: { overview: 'Overview', channels: 'Channels', logs: 'Logs', stats: 'Stats', trend: 'Trend', connect: 'Connect' },
  settings: 'Settings',
  language: 'Language',
  languageNames: { en: 'English', zh: '中文' },
  theme: 'Theme',
  themeNames: { system: 'System', light: 'Light', dark: 'Dark' },
  logOut: 'Log out',
  cancel: 'Cancel',
  close: 'Close',
  dismiss: 'Dismiss',
  showAsTable: 'Show as table',
  chartHint: 'Drag to zoom, double-click or Esc to reset · keys ← → + −',
  resetZoom: 'Reset zoom',
  lastHours: (hours: number) => `${hours} ${plural(hours, 'hour', 'hours')}`,
  lastDays: (days: number) => `${days} ${plural(days, 'day', 'days')}`,
  span: 'Time span',
  previousPage: 'Previous',
  nextPage: 'Next',
  connectionLost: 'Connection lost, reconnecting…',
  sessionEnded: 'Your session has ended, so this page is no longer up to date.',
  logInAgain: 'Log in again',
  notices: {
    defaultPassword: 'CCLOAD_PASS is not set: the password is “admin”, and only this machine can reach ccLoad.',
    openProxy: 'CCLOAD_AUTH is not set: anyone who can reach this address can use your channels.',
    storage: (problem: StorageProblem) => `Nothing can be stored: ${storageSentences[problem]}. Requests are served on; log rows wait in memory and changes are refused.`,
  },
  flash: {
    saved: () => 'Saved.',
    loggedOut: () => 'You are logged out.',
    sessionHadEnded: () => 'Your session had ended, so nothing was changed. Log in and send it again.',
    channelAdded: (name: string) => `Channel ${name} was added.`,
    channelCopied: (name: string) => `${name} was made, disabled for now. Change what is different and enable it.`,
    channelEnabled: (name: string) => `${name} takes requests.`,
    channelDisabled: (name: string) => `${name} takes no more requests.`,
    channelsImported: (counts: string) => {
      const [created = '0', updated = '0', skipped = '0'] = counts.split(',');
      return `Imported: ${created} created, ${updated} updated, ${skipped} skipped.`;
    },
    channelSaved: (name: string) => `Channel ${name} was saved.`,
    channelDeleted: (name: string) => `Channel ${name} was deleted.`,
    channelGone: () => 'The channel was deleted.',
    cooldownCleared: (name: string) => `${name} serves again.`,
  },
  problem: {
    title: 'That did not work',
    notFoundTitle: 'There is no such page',
    notFound: 'The address may be mistyped, or what it showed was deleted.',
    inside: 'Something went wrong inside ccLoad; its log says what.',
    storage: (problem: StorageProblem) => `The database cannot do this now: ${storageSentences[problem]}.`,
    home: 'Go to the overview',
    reference: 'The server said',
    retryAfter: (seconds: number) => `Try again in ${seconds} ${plural(seconds, 'second', 'seconds')}.`,
  },
};

export type SharedTexts = typeof sharedEn;
