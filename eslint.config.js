// What a reviewer should not have to say twice. docs/STYLE.md tells why; test/architecture.spec.ts proves that the purity
// and data-plane rules below still refuse what they must refuse.
import tseslint from 'typescript-eslint';

const specs = ['src/**/*.spec.ts', 'test/**/*.ts'];
/** Where text from outside becomes a typed value: the only files that may assert a type. */
const parsers = ['src/**/parse-*.ts'];
/** The only readers of the environment. Programs that start the gateway as a child hand theirs down. */
const environmentReaders = ['src/config/**', 'scripts/**', 'test/support/**', 'test/bench/**', 'test/soak/**'];
/** Programs whose standard output is their interface, or that run before there is a logger. */
const consoleUsers = ['src/main.ts', 'scripts/**', 'test/bench/**', 'test/soak/**'];

const forbid = (selector, message) => ({ selector, message });

const shapes = [
  forbid('ExportDefaultDeclaration', 'Named exports only: a name that is chosen once can be searched for.'),
  forbid('ExportSpecifier[exported.name="default"]', 'Named exports only: a name that is chosen once can be searched for.'),
  forbid('ExportAllDeclaration', 'No barrels: import from the file that defines the thing.'),
  forbid('TSEnumDeclaration', 'Use a union of literals; the switch over it is checked for completeness.'),
  forbid('TSModuleDeclaration[kind="namespace"]', 'A file is the namespace.'),
  forbid(':matches(MethodDefinition, PropertyDefinition)[decorators.length>3]', 'At most three decorators on a member.'),
  forbid(
    'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    'At most five dependencies: split the class.',
  ),
];

// Constructors and factories are called by Nest, which hands over one thing per parameter.
const parameterLimit = (max) => {
  const message = `At most ${max} parameters: pass one named object.`;
  return [
    forbid(`FunctionDeclaration[params.length>${max}]`, message),
    forbid(`:not(Property[key.name="useFactory"]) > ArrowFunctionExpression[params.length>${max}]`, message),
    forbid(`:not(MethodDefinition[kind="constructor"]) > FunctionExpression[params.length>${max}]`, message),
  ];
};

const purity = [
  forbid(':function[async=true]', 'Policy is synchronous: it decides from values it was given.'),
  forbid('AwaitExpression', 'Policy is synchronous: it decides from values it was given.'),
  forbid('ForOfStatement[await=true]', 'Policy is synchronous: it decides from values it was given.'),
  forbid('TSTypeReference > Identifier[name=/^Promise(Like)?$/]', 'A promise in policy is the database knocking.'),
  forbid('ImportExpression', 'Policy is synchronous and imports only itself.'),
  forbid('Decorator', 'Policy knows no framework.'),
  forbid('MemberExpression[object.name="Date"][property.name="now"]', 'Policy has no clock: take `now` as an argument.'),
  forbid('NewExpression[callee.name="Date"][arguments.length=0]', 'Policy has no clock: take `now` as an argument.'),
  forbid('CallExpression[callee.name="Date"]', 'Policy has no clock: take `now` as an argument.'),
  forbid('MemberExpression[object.name="Math"][property.name="random"]', 'Policy has no dice: take the number as an argument.'),
  forbid(
    ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind!="const"]',
    'Policy keeps nothing between calls: module state makes the second answer differ from the first.',
  ),
];

const impureGlobals = [
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask'],
  ...['performance', 'process', 'fetch', 'crypto', 'Promise', 'console', 'globalThis', 'global', 'require', 'Worker'],
].map((name) => ({ name, message: 'domain/ is values in, value out: pass what it needs as an argument.' }));

const relaying = [
  forbid('ForOfStatement[await=true]', 'An await per chunk: relay it in the data callback and let write() set the pace.'),
  forbid(
    ':matches(CallExpression[callee.property.name=/^pipe(line|To|Through)?$/], CallExpression[callee.name=/^pipe(line)?$/])',
    'pipe() swallows the truth about how a stream ended: relay chunk by chunk and look at every ending.',
  ),
  forbid(
    'NewExpression[callee.name=/^(Transform|PassThrough|TransformStream)$/]',
    'A stream between two sockets copies and delays; tap the chunk after relaying it.',
  ),
];

const size = {
  complexity: ['error', 15],
  'max-depth': ['error', 4],
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
};

const names = [
  {
    selector: 'typeLike',
    format: ['PascalCase'],
    custom: { regex: '^I[A-Z]|(Util|Utils|Helper|Helpers|Manager|Impl|Info)$', match: false },
  },
  { selector: 'variable', modifiers: ['global', 'exported'], format: ['camelCase', 'PascalCase'] },
];

const readOnce = 'The environment is read once, in src/config: take the value you need.';

const environmentOnce = { object: 'process', property: 'env', message: readOnce };
/** In what ships; a spec may look at a stack. */
const noStacks = { property: 'stack', message: 'A stack begins with its message, which may quote a prompt or a key: use bugReport.' };

const ours = {
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'object-shorthand': 'error',
  'no-param-reassign': 'error',
  'no-console': 'error',
  'no-restricted-imports': ['error', { paths: ['process', 'node:process'].map((name) => ({ name, message: readOnce })) }],
  'no-restricted-properties': ['error', environmentOnce],
  'no-restricted-syntax': ['error', ...shapes, ...parameterLimit(4)],
};

const oursTyped = {
  '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
  '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
  // Leaves decorated classes alone: Nest needs their constructor's imports as values.
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: true }],
  '@typescript-eslint/explicit-module-boundary-types': 'error',
  '@typescript-eslint/naming-convention': ['error', ...names],
  // "return fail(…)" in a function that returns nothing is an early exit that reads well.
  '@typescript-eslint/no-confusing-void-expression': 'off',
  // A Nest module is a class without members; its decorator is its content.
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  '@typescript-eslint/no-import-type-side-effects': 'error',
  // Misjudges flags that a callback sets, and streams are made of callbacks.
  '@typescript-eslint/no-unnecessary-condition': 'off',
  '@typescript-eslint/prefer-readonly': 'error',
  // Asynchronous by contract: what throws must reject, also where nothing is awaited yet.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // A default would hide the case that somebody adds next year.
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { allowDefaultCaseForExhaustiveSwitch: false, considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: false },
  ],
};

const scriptGlobals = Object.fromEntries(
  [
    ...['Buffer', 'URL', 'clearTimeout', 'console', 'fetch', 'performance', 'process', 'setImmediate', 'setTimeout'],
    ...['module', 'require'],
  ].map((name) => [name, 'readonly']),
);

const browserGlobals = Object.fromEntries(
  [
    ...['AbortSignal', 'Node', 'history', 'getSelection', 'navigator', 'document', 'window', 'location', 'getComputedStyle', 'matchMedia', 'setInterval', 'clearInterval', 'CustomEvent', 'DOMParser'],
    ...['EventSource', 'FormData', 'HTMLDialogElement', 'ResizeObserver', 'URLSearchParams'],
  ].map((name) => [name, 'readonly']),
);

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'node_modules/', 'coverage/', 'bench-results/', 'data/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...ours, ...oursTyped },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.strict],
    languageOptions: { globals: scriptGlobals },
    rules: { ...ours, 'no-undef': 'error', 'no-restricted-syntax': ['error', ...parameterLimit(4)] },
  },

  // A catalogue is texts; what a function of it returns is plain from the text.
  { files: ['src/dashboard/**/*.en.ts'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  { files: ['views/assets/js/*.js'], languageOptions: { globals: browserGlobals } },

  { files: ['src/**/*.ts'], ignores: specs, rules: { ...size, 'no-restricted-properties': ['error', environmentOnce, noStacks] } },
  { files: ['src/http/bug-report.ts'], rules: { 'no-restricted-properties': ['error', environmentOnce] } },
  {
    files: ['src/domain/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-syntax': ['error', ...shapes, ...parameterLimit(3), ...purity],
      'no-restricted-globals': ['error', ...impureGlobals],
    },
  },
  {
    files: ['src/proxy/**/*.ts', 'src/front-door.ts'],
    ignores: specs,
    rules: { 'no-restricted-syntax': ['error', ...shapes, ...parameterLimit(4), ...relaying] },
  },

  { files: parsers, rules: { '@typescript-eslint/consistent-type-assertions': 'off' } },
  {
    // An insert takes plain rows where TypeORM says entities, and raw SQL answers in the type the database chose, whatever
    // the type argument promises: a repository converts and is right to.
    files: ['src/**/*.repository.ts'],
    rules: {
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  { files: environmentReaders, rules: { 'no-restricted-properties': 'off' } },
  { files: consoleUsers, rules: { 'no-console': 'off' } },
  // The TypeORM command line and the tools' own configuration files look for a default export.
  { files: ['ormconfig.ts'], rules: { 'no-restricted-syntax': ['error', ...parameterLimit(4)] } },
  {
    files: specs,
    rules: {
      // A row of a table of cases has as many columns as it needs.
      'no-restricted-syntax': ['error', ...shapes],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      // What a library answers in a test is looked at field by field; a wrong field fails the test, not the compiler.
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
