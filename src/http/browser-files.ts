import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Files of packages that browsers load and we serve as they are: package, then path in it. */
export const browserFiles = [
  'swagger-ui-dist/swagger-ui-bundle.js',
  'swagger-ui-dist/swagger-ui.css',
  'uplot/dist/uPlot.esm.js',
  'uplot/dist/uPlot.min.css',
] as const;

export type BrowserFile = (typeof browserFiles)[number];

/**
 * Where such a file lies: in `vendor` where the program was bundled and has no packages, else in its package. Throws when it
 * is in neither.
 */
export const pathOfBrowserFile = (file: BrowserFile): string => {
  const vendored = fileURLToPath(new URL(`../vendor/${file}`, import.meta.url));
  return existsSync(vendored) ? vendored : createRequire(import.meta.url).resolve(file);
};
