import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const stepsMax = 6;

/** Sources lie two folders below the project and the build three, so the folder is looked for upwards. Throws without it. */
const folderAbove = (name: string): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let step = 0; step < stepsMax; step += 1) {
    if (existsSync(join(folder, name, 'layouts'))) return join(folder, name);
    folder = dirname(folder);
  }
  throw new Error(`the folder "${name}" must lie beside package.json, and was not found above ${folder}`);
};

export const viewsFolder = folderAbove('views');
