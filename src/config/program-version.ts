import { existsSync, readFileSync } from 'node:fs';

/** The nearest package.json above this file: the sources and the built program lie at different depths. */
const packageFile = (folder: URL): URL => {
  const file = new URL('package.json', folder);
  if (existsSync(file)) return file;
  const above = new URL('..', folder);
  if (above.href === folder.href) throw new Error('ccLoad lies below no package.json');
  return packageFile(above);
};

/** The version of this program, as package.json has it. */
export const programVersion = (): string => {
  const description: unknown = JSON.parse(readFileSync(packageFile(new URL('.', import.meta.url)), 'utf8'));
  return typeof description === 'object' && description !== null && 'version' in description ? String(description.version) : 'unknown';
};
