import type { SharedTexts } from '../text/shared.en.js';

export type PageName = keyof SharedTexts['pages'];

export interface NavigationEntry {
  readonly name: PageName;
  readonly path: string;
}

/** The pages there are, in the order of the menu. A page is entered here by the change that brings its controller. */
export const navigation: readonly NavigationEntry[] = [
  { name: 'overview', path: '/web/' },
  { name: 'channels', path: '/web/channels' },
  { name: 'logs', path: '/web/logs' },
  { name: 'stats', path: '/web/stats' },
  { name: 'trend', path: '/web/trend' },
  { name: 'connect', path: '/web/connect' },
];

/** Where the page is; `undefined` while there is none. */
export const pagePath = (page: PageName): string | undefined => navigation.find(({ name }) => name === page)?.path;

/** Both addresses of a page: `/web/logs` and, as the first ccLoad had them, `/web/logs.html`. */
export const pageRoutes = (name: string): string[] => [name, `${name}.html`];
