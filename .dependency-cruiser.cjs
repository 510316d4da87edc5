// Which way imports may point (docs/ARCHITECTURE.md draws the same arrows). Type-only imports count: a type is a promise too.
// test/architecture.spec.ts feeds every rule here code that it must refuse; a rule without such a sample fails that test.

const spec = '\\.spec\\.ts$';
const feature = '^src/(channels|cooldown|round-robin|logs|stats|auth|audit|health|metrics|events|telemetry|replicas)/';
const anyFeature = feature.replace('(', '(?:');
/** What assembles the program: the only files that may know every part. */
const wiring = ['^src/main\\.ts$', '^src/gateway\\.ts$', '^src/relaying(-in-workers)?\\.ts$', '^src/shutdown\\.ts$', '^src/cli/main\\.ts$', '^src/admin-app\\.ts$', '^src/app\\.module\\.ts$'];
/** What runs while a client waits for its answer. */
const requestPath = ['^src/proxy/', '^src/front-door\\.ts$'];
/** Where Node starts: the program, the command line, the thread that the database is opened in, and the single file. */
const programs = '^src/(main|cli/main|database/database-thread|single-file/launch)\\.ts$';
/** The wiring of a relaying worker. */
const worker = '^src/workers/relay-worker\\.ts$';
const proxyModule = '^src/proxy/proxy\\.module\\.ts$';
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const arrows = [
  {
    name: 'domain-imports-only-domain',
    comment: 'Policy is pure: it knows no clock, no socket, no framework, not even node:*.',
    severity: 'error',
    from: { path: '^src/domain/', pathNot: spec },
    to: { pathNot: '^src/domain/' },
  },
  {
    name: 'request-path-is-plain',
    comment: 'What runs while a client waits is made of node:*, undici, fzstd and policy.',
    severity: 'error',
    from: { path: requestPath, pathNot: [spec, proxyModule] },
    to: { pathNot: ['^src/(proxy|domain)/', npm('undici', 'fzstd')], dependencyTypesNot: ['core'] },
  },
  {
    name: 'request-path-leaves-proxy-module-alone',
    comment: 'proxy.module belongs to the control plane; importing it would drag Nest onto the request path.',
    severity: 'error',
    from: { path: requestPath, pathNot: [spec, proxyModule] },
    to: { path: proxyModule },
  },
  {
    name: 'request-path-touches-no-disk',
    comment: 'The request path touches memory and sockets: no file, no child process, no thread, no database.',
    severity: 'error',
    from: { path: requestPath, pathNot: [spec, proxyModule] },
    to: { path: '^(node:)?(fs|fs/promises|child_process|worker_threads|cluster|sqlite)$', dependencyTypes: ['core'] },
  },
  {
    name: 'request-path-reaches-no-framework',
    comment: 'Not even by way of a file in between.',
    severity: 'error',
    from: { path: requestPath, pathNot: [spec, proxyModule] },
    to: {
      path: [
        npm('@nestjs', 'typeorm', 'better-sqlite3', 'express', 'express-session', 'rxjs'),
        anyFeature,
        '^src/(database|http|dashboard)/',
      ],
      reachable: true,
    },
  },
  {
    name: 'proxy-module-meets-memory-only',
    comment: 'Where the planes meet, the features hand over their modules and in-memory classes; tables and forms stay behind.',
    severity: 'error',
    from: { path: proxyModule },
    to: {
      path: ['^src/database/', '\\.(entity|repository|controller|dto|view)\\.ts$', npm('typeorm', 'better-sqlite3', 'express')],
    },
  },
  {
    name: 'feature-stays-in-its-folder',
    comment: 'A feature sees policy, config, database, http and itself; of other features the module or the service; and how to connect to allowed addresses only.',
    severity: 'error',
    from: { path: feature, pathNot: spec },
    to: {
      path: '^src/',
      pathNot: ['^src/(domain|config|database|http)/', '^src/proxy/guarded-connect\\.ts$', '^src/$1/', `${anyFeature}[^/]+\\.(module|service)\\.ts$`],
    },
  },
  {
    name: 'workers-stay-light',
    comment: 'A worker holds the data plane and the memory it works with: no framework, no database, not even by way of a file in between.',
    severity: 'error',
    from: { path: '^src/workers/worker-main\\.ts$' },
    to: {
      path: [npm('@nestjs', 'typeorm', 'better-sqlite3', 'express', 'express-session', 'rxjs'), '^src/(database|dashboard|cli)/', '\\.(service|module|controller)\\.ts$'],
      reachable: true,
    },
  },
  {
    name: 'workers-meet-memory-only',
    comment: 'What the processes share are the in-memory classes of the features; tables, services and forms stay with one of them.',
    severity: 'error',
    from: { path: '^src/workers/', pathNot: spec },
    to: { path: ['^src/(database|dashboard|cli)/', '\\.(entity|repository|controller|service|module|dto|view)\\.ts$', npm('@nestjs', 'typeorm', 'express')] },
  },
  {
    name: 'dashboard-reads-services',
    comment: 'A page is made from what services return; it never reaches into tables or in-memory classes.',
    severity: 'error',
    from: { path: '^src/dashboard/', pathNot: spec },
    to: { path: '^src/', pathNot: ['^src/(dashboard|domain|config|http)/', `${anyFeature}[^/]+\\.(module|service)\\.ts$`] },
  },
  {
    name: 'nobody-imports-the-dashboard',
    comment: 'The dashboard can be deleted without anybody noticing, except app.module.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/dashboard/', '^src/app\\.module\\.ts$', spec] },
    to: { path: '^src/dashboard/' },
  },
  {
    name: 'command-line-asks-the-administration',
    comment: 'A command does what the REST API can do, by way of it, and so keeps its rules; it may look at the file, never write to it.',
    severity: 'error',
    from: { path: '^src/cli/', pathNot: [spec, '^src/cli/main\\.ts$'] },
    to: { path: '^src/', pathNot: ['^src/(cli|config|domain)/', '^src/database/(inspect-database|inspect-file|place|error-message)\\.ts$', '^src/http-server\\.ts$'] },
  },
  {
    name: 'configuration-knows-nobody',
    comment: 'The environment is parsed into values; who uses them is not its business.',
    severity: 'error',
    from: { path: '^src/config/', pathNot: spec },
    to: { path: '^src/', pathNot: '^src/(config|domain)/' },
  },
  {
    name: 'http-knows-no-feature',
    comment: 'What all administration routes share (envelope, validation, headers) knows none of them.',
    severity: 'error',
    from: { path: '^src/http/', pathNot: spec },
    to: { path: '^src/', pathNot: '^src/(http|config|domain)/' },
  },
  {
    name: 'database-knows-tables-only',
    comment: 'The database opens, migrates and runs; of the features it knows entities and repositories.',
    severity: 'error',
    from: { path: '^src/database/', pathNot: spec },
    to: { path: '^src/', pathNot: ['^src/(database|domain|config)/', `${anyFeature}[^/]+\\.(entity|repository)\\.ts$`] },
  },
  {
    name: 'typeorm-stays-with-the-tables',
    comment: 'Entities, repositories and src/database speak SQL; everyone else speaks domain values.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/database/', '\\.(entity|repository)\\.ts$', spec] },
    to: { path: npm('typeorm', '@nestjs/typeorm', 'better-sqlite3') },
  },
  {
    name: 'nobody-imports-the-wiring',
    comment: 'main, gateway, relaying, admin-app and app.module assemble the parts; a part that knows the whole cannot be tested alone.',
    severity: 'error',
    from: { path: '^src/', pathNot: [...wiring, spec] },
    to: { path: wiring },
  },
  {
    name: 'only-the-wiring-opens-the-front-door',
    comment: 'Features and the data plane must work behind any listener.',
    severity: 'error',
    from: { path: '^src/', pathNot: [...wiring, '^src/front-door\\.ts$', worker, spec] },
    to: { path: '^src/front-door\\.ts$' },
  },
  {
    name: 'nobody-imports-a-spec',
    comment: 'A spec shares nothing; what two of them need lives in test/support.',
    severity: 'error',
    from: {},
    to: { path: spec },
  },
  {
    name: 'source-does-not-import-tests',
    comment: 'What ships does not depend on what only checks it.',
    severity: 'error',
    from: { path: '^src/', pathNot: spec },
    to: { path: '^(test|scripts)/' },
  },
];

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const hygiene = [
  {
    name: 'no-circle',
    comment: 'Files that need each other are one file, or the thing between them has no name yet.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphan',
    comment: 'A file that imports nothing and that nobody imports is forgotten work.',
    severity: 'error',
    from: { orphan: true, pathNot: [spec, '\\.d\\.ts$'] },
    to: {},
  },
  {
    name: 'no-dead-file',
    comment: 'Neither the program nor its database thread can reach it: only its own spec keeps it alive.',
    severity: 'error',
    from: { path: programs },
    to: { path: '^src/', pathNot: [programs, spec, '\\.d\\.ts$'], reachable: false },
  },
  {
    name: 'no-dev-dependency-in-source',
    comment: 'It is missing after an install without development dependencies. Types are gone by then.',
    severity: 'error',
    from: { path: '^src/', pathNot: spec },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: npm('@types') },
  },
  {
    name: 'no-undeclared-package',
    comment: 'A package that only another package asked for can vanish with the next install.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolvable-import',
    comment: 'A misspelt path, or a package that package.json does not name.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...arrows, ...hygiene],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    doNotFollow: { path: ['node_modules'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
