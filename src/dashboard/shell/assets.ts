import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { pathOfBrowserFile, type BrowserFile } from '../../http/browser-files.js';

const typeOf: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export type Coding = 'br' | 'gzip' | 'identity';

/** A file as it is sent: compressed once, when the program starts. */
export interface Asset {
  readonly type: string;
  readonly bodies: Readonly<Record<Coding, Buffer>>;
}

const assetOf = (name: string, body: Buffer): Asset => {
  const type = typeOf[extname(name)];
  if (type === undefined) throw new Error(`views/assets may hold ${Object.keys(typeOf).join(', ')} files, got ${name}`);
  const br = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return { type, bodies: { br, gzip: gzipSync(body), identity: body } };
};

/** Files of packages that pages load, by the name they are served under. */
const packageFiles: Readonly<Record<string, BrowserFile>> = {
  'vendor/uplot.js': 'uplot/dist/uPlot.esm.js',
  'vendor/uplot.css': 'uplot/dist/uPlot.min.css',
};

const ownFiles = (folder: string): readonly (readonly [name: string, body: Buffer])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(folder.length + 1).split(sep).join('/'), readFileSync(path)] as const);

/**
 * What pages load, in memory. One digest over all files stands in the address of each, so browsers may keep them for ever
 * and modules find each other by relative paths. Throws at boot for a missing file or an unknown kind.
 */
export class Assets {
  readonly digest: string;
  private readonly files: ReadonlyMap<string, Asset>;

  constructor(folder: string) {
    const vendored = Object.entries(packageFiles).map(([name, file]) => [name, readFileSync(pathOfBrowserFile(file))] as const);
    const bodies = [...ownFiles(folder), ...vendored].sort(([one], [other]) => (one < other ? -1 : 1));
    const hash = createHash('sha256');
    for (const [name, body] of bodies) hash.update(`${name}\0${body.length}\0`).update(body);
    this.digest = hash.digest('hex').slice(0, 12);
    this.files = new Map(bodies.map(([name, body]) => [name, assetOf(name, body)] as const));
  }

  /** Where pages find the files: `${root}/css/main.css`. */
  get root(): string {
    return `/web/assets/${this.digest}`;
  }

  find(name: string): Asset | undefined {
    return this.files.get(name);
  }
}
