import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of the packages that files belong to, without doublets: `node_modules/a/node_modules/@b/c`. */
export const packagesIn = (files) => {
  const folders = files.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
};

/** Licence and notice, as their authors wrote them. */
const isLegal = (name) => /^(licen[cs]e|copying|notice)(\.|-|$)/i.test(name);

/** Old packages have a list. */
const licenceIn = ({ license, licenses = [] }) => license ?? licenses.map(({ type }) => type).join(' OR ');

/** One text with the licence of each package: what they all ask of a copy. Throws for one that names no licence. */
export const licencesOf = (root, packages) =>
  packages
    .map((folder) => {
      const { name, version, author, ...terms } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      const license = licenceIn(terms);
      if (license === '') throw new Error(`${folder} names no licence`);
      const texts = readdirSync(join(root, folder)).filter(isLegal).map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
      const by = typeof author === 'string' ? author : author?.name;
      const credit = texts.length > 0 ? texts : [`Its package holds no text of the licence.${by === undefined ? '' : ` Author: ${by}`}`];
      return `${'='.repeat(80)}\n${name} ${version} · ${license}\n${'='.repeat(80)}\n\n${credit.join('\n\n')}\n`;
    })
    .join('\n');
