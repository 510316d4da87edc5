// Prints the tags of the image of a release, on one line: `image-tags.mjs v0.2.0` → v0.2.0 v0.2 v0 latest. A version before a
// release (v0.3.0-rc.1) gets its own tag only. Fails when the tag is not the version of package.json.
import { readFileSync } from 'node:fs';

const [tag = ''] = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [, major, minor, before] = /^v(\d+)\.(\d+)\.\d+(-[0-9A-Za-z.-]+)?$/.exec(tag) ?? [];

if (major === undefined || tag !== `v${version}`) {
  console.error(`the tag must be v${version}, which package.json says, got ${JSON.stringify(tag)}`);
  process.exitCode = 1;
} else {
  console.log(before === undefined ? `${tag} v${major}.${minor} v${major} latest` : tag);
}
