import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What packages load only if somebody has installed it, and we have not: it must not stop the build. */
export const absentOnPurpose = /^(@nestjs\/(microservices|websockets)(\/|$)|@fastify\/static$|pg-native$)/;

/** Leaves to Node what is not there: a package that asks for it is prepared for its absence. */
export const optionalPackages = {
  name: 'optional-packages',
  setup(bundler) {
    bundler.onResolve({ filter: absentOnPurpose }, ({ path }) => ({ path, external: true }));
  },
};

/**
 * class-validator brings a register of the world's telephone numbers for one decorator, which nothing here uses; it would be
 * read and held all the same, 3 MB of it. Whoever begins to use it is told at the start.
 */
export const noPhoneBook = {
  name: 'no-phone-book',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]class-validator[\\/].*[\\/]IsPhoneNumber\.js$/ }, () => ({
      contents: `const absent = () => { throw new Error('IsPhoneNumber is left out of the bundle: see scripts/bundler-plugins.mjs'); };
exports.IS_PHONE_NUMBER = 'isPhoneNumber'; exports.isPhoneNumber = absent; exports.IsPhoneNumber = absent;`,
      loader: 'js',
    }));
  },
};

const loadsByName = 'return require(name);';

/**
 * TypeORM asks for its driver by a name that it computes, which no bundler follows. Those of ours that can be bundled are
 * named here, so that they are in the bundle and found.
 */
export const databaseDrivers = (dependencies) => ({
  name: 'database-drivers',
  setup(bundler) {
    const cases = ['pg'].filter((name) => name in dependencies).map((name) => `if (name === '${name}') return require('${name}');`);
    bundler.onLoad({ filter: /[\\/]typeorm[\\/]platform[\\/]PlatformTools\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes(loadsByName)) throw new Error('TypeORM loads its drivers in another way than databaseDrivers expects');
      return { contents: text.replace(loadsByName, () => `${cases.join(' ')} ${loadsByName}`), loader: 'js' };
    });
  },
});

const isCommonJs = (file) => {
  if (!/\.c?js$/.test(file)) return false;
  if (file.endsWith('.cjs')) return true;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    try {
      const { name, type } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      // Some packages have nameless descriptions in subfolders, to set the type.
      if (name !== undefined || type !== undefined) return type !== 'module';
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
    if (folder === dirname(folder)) return true;
  }
};

const resolved = Symbol('resolved by this plugin');
const inWrapper = 'common-js-by-name';

/**
 * `await import('a-common-js-package')` has the package's exports by name in Node, and only `default` in the bundle. What is
 * imported late gets a module in front that names them, as Node finds them.
 */
export const lateCommonJs = {
  name: 'late-common-js',
  setup(bundler) {
    // Relative, because the bundle's comments name it: they say nothing of the machine that made it.
    const root = bundler.initialOptions.absWorkingDir;
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === resolved) return undefined;
      const found = await bundler.resolve(path, { kind, importer, resolveDir, pluginData: resolved });
      if (found.external || found.errors.length > 0 || !isCommonJs(found.path)) return found;
      return { path: relative(root, found.path), namespace: inWrapper };
    });
    bundler.onLoad({ filter: /./, namespace: inWrapper }, async ({ path: name }) => {
      const path = join(root, name);
      const names = Object.keys(await import(pathToFileURL(path).href)).filter((it) => /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(it) && it !== 'default');
      const named = names.map((it) => `const its_${it} = all.${it}; export { its_${it} as ${it} };`);
      return { contents: `const all = require(${JSON.stringify(path)});\nexport default all;\n${named.join('\n')}\n`, resolveDir: dirname(path), loader: 'js' };
    });
  },
};
