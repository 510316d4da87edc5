import { describe, expect, it } from '@jest/globals';
import { isConfigProblems, loadConfig, type Config } from './config.js';
import type { Environment } from './variable-reader.js';

const problemsOf = (env: Environment): readonly string[] => {
  const loaded = loadConfig(env);
  return isConfigProblems(loaded) ? loaded.problems : [];
};

const configOf = (env: Environment): Config => {
  const loaded = loadConfig(env);
  if (isConfigProblems(loaded)) throw new Error(loaded.problems.join('\n'));
  return loaded;
};

describe('without any variable', () => {
  it('has the documented defaults', () => {
    expect(configOf({})).toEqual({
      password: 'admin',
      isPasswordSet: false,
      tokens: [],
      host: '127.0.0.1',
      isLoopbackOnly: true,
      port: 8080,
      sqlitePath: 'data/ccload.db',
      databaseUrl: undefined,
      logRetentionDays: 7,
      bodyBytesMax: 67_108_864,
      bodiesBytesMax: 536_870_912,
      connectTimeoutMs: 10_000,
      firstEventTimeoutMs: 60_000,
      streamIdleTimeoutMs: 120_000,
      responseTimeoutMs: 600_000,
      trustedProxies: [],
      allowLinkLocal: false,
      metricsToken: undefined,
      telemetry: undefined,
      keySecrets: { current: undefined, previous: undefined },
      workers: 1,
      drainTimeoutMs: 600_000,
      logLevel: 'info',
    });
  });

  it('cannot be changed afterwards', () => {
    const config = configOf({ CCLOAD_AUTH: 'a', TRUST_PROXY: 'loopback' });
    expect([config, config.tokens, config.trustedProxies].every(Object.isFrozen)).toBe(true);
  });

  it('relays in as many workers as there are cores, within bounds, when told to', () => {
    const workersOn = (cores: number): unknown => loadConfig({ CCLOAD_WORKERS: 'auto' }, cores);
    expect(workersOn(8)).toMatchObject({ workers: 8 });
    expect(workersOn(256)).toMatchObject({ workers: 64 });
  });
});

describe('where it listens', () => {
  it.each([
    [{}, '127.0.0.1'],
    [{ CCLOAD_PASS: '' }, '127.0.0.1'],
    [{ CCLOAD_PASS: 's3cret' }, '0.0.0.0'],
    [{ CCLOAD_PASS: 's3cret', HOST: '' }, '0.0.0.0'],
    [{ CCLOAD_PASS: 's3cret', HOST: '127.0.0.1' }, '127.0.0.1'],
    [{ CCLOAD_PASS: 's3cret', HOST: '::' }, '::'],
    [{ CCLOAD_PASS: 's3cret', HOST: 'gateway.internal' }, 'gateway.internal'],
    [{ HOST: 'localhost' }, 'localhost'],
    [{ HOST: '::1' }, '::1'],
    [{ HOST: '127.8.9.10' }, '127.8.9.10'],
  ])('%j listens on %s', (env, host) => {
    expect(configOf(env).host).toBe(host);
  });

  it.each(['0.0.0.0', '::', '192.168.1.7', '8.8.8.8', 'gateway.internal', '127.example.com', '::ffff:10.0.0.1'])(
    'refuses HOST %s while no password is set',
    (host) => {
      expect(problemsOf({ HOST: host })).toEqual([
        `HOST must be a loopback address such as 127.0.0.1 while CCLOAD_PASS is not set, got "${host}"`,
      ]);
    },
  );

  it('refuses an empty password as if it were unset', () => {
    expect(problemsOf({ HOST: '0.0.0.0', CCLOAD_PASS: '' })).toHaveLength(1);
  });
});

describe('lists', () => {
  it.each([
    ['one', ['one']],
    [' one , two,,', ['one', 'two']],
    ['sk-a=b/c+d', ['sk-a=b/c+d']],
  ])('reads CCLOAD_AUTH %j', (text, tokens) => {
    expect(configOf({ CCLOAD_AUTH: text }).tokens).toEqual(tokens);
  });

  it.each([
    ['10.0.0.7', ['10.0.0.7']],
    ['loopback, 10.0.0.0/8 ,fd00::/8', ['127.0.0.0/8', '::1/128', '10.0.0.0/8', 'fd00::/8']],
  ])('reads TRUST_PROXY %j', (text, ranges) => {
    expect(configOf({ TRUST_PROXY: text }).trustedProxies).toEqual(ranges);
  });
});

describe('numbers', () => {
  it.each([
    ['PORT', '0', 'port', 0],
    ['PORT', '65535', 'port', 65_535],
    ['MAX_BODY_BYTES', '1024', 'bodyBytesMax', 1024],
    ['MAX_BODIES_BYTES', '67108864', 'bodiesBytesMax', 67_108_864],
    ['DRAIN_TIMEOUT_MS', '0', 'drainTimeoutMs', 0],
    ['CCLOAD_WORKERS', '4', 'workers', 4],
    ['CCLOAD_WORKERS', 'auto', 'workers', 1],
    ['STREAM_IDLE_TIMEOUT_MS', '1', 'streamIdleTimeoutMs', 1],
  ] as const)('%s=%s is taken', (name, text, field, expected) => {
    expect(configOf({ [name]: text })[field]).toBe(expected);
  });
});

describe('the memory for bodies', () => {
  it('is at least what one body may take', () => {
    expect(configOf({ MAX_BODY_BYTES: String(2 ** 30) }).bodiesBytesMax).toBe(2 ** 30);
    expect(problemsOf({ MAX_BODIES_BYTES: '1000' })).toEqual(['MAX_BODIES_BYTES must be at least MAX_BODY_BYTES (67108864), got 1000']);
  });
});

describe('a switch', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['', false],
  ])('CCLOAD_ALLOW_LINK_LOCAL=%s is %s', (text, expected) => {
    expect(configOf({ CCLOAD_ALLOW_LINK_LOCAL: text }).allowLinkLocal).toBe(expected);
  });
});

describe('bad values', () => {
  it.each([
    ['PORT', '80a'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', '1e3'],
    ['PORT', '0x50'],
    ['PORT', ' '],
    ['PORT', '８０８０'],
    ['PORT', '99999999999999999999'],
    ['LOG_RETENTION_DAYS', '0'],
    ['LOG_RETENTION_DAYS', '3651'],
    ['LOG_RETENTION_DAYS', 'forever'],
    ['MAX_BODY_BYTES', '0'],
    ['MAX_BODY_BYTES', '64MiB'],
    ['MAX_BODY_BYTES', '1073741825'],
    ['UPSTREAM_CONNECT_TIMEOUT_MS', '0'],
    ['UPSTREAM_CONNECT_TIMEOUT_MS', '300001'],
    ['FIRST_EVENT_TIMEOUT_MS', '60s'],
    ['STREAM_IDLE_TIMEOUT_MS', 'NaN'],
    ['RESPONSE_TIMEOUT_MS', '86400001'],
    ['DRAIN_TIMEOUT_MS', 'Infinity'],
    ['CCLOAD_WORKERS', '0'],
    ['CCLOAD_WORKERS', '65'],
    ['CCLOAD_WORKERS', 'all'],
    ['CCLOAD_WORKERS', '2.5'],
    ['LOG_LEVEL', 'verbose'],
    ['LOG_LEVEL', 'INFO'],
    ['HOST', '[::1]'],
    ['HOST', '256.1.1.1'],
    ['HOST', '127.1'],
    ['HOST', '0'],
    ['HOST', 'http://localhost'],
    ['HOST', 'two words'],
    ['HOST', '-leading.example'],
    ['SQLITE_PATH', 'data/'],
    ['SQLITE_PATH', 'a\0b'],
    ['CCLOAD_ALLOW_LINK_LOCAL', '1'],
    ['CCLOAD_ALLOW_LINK_LOCAL', 'TRUE'],
    ['CCLOAD_ALLOW_LINK_LOCAL', 'yes'],
    ['TRUST_PROXY', 'everyone'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '::/129'],
    ['TRUST_PROXY', '10.0.0.0/8/8'],
    ['TRUST_PROXY', '10.0.0.0/'],
    ['TRUST_PROXY', 'fe80::1%eth0'],
    ['TRUST_PROXY', 'loopback,proxy.example'],
    ['TRUST_PROXY', ','],
    ['TRUST_PROXY', '1'],
    ['TRUST_PROXY', 'true'],
  ])('%s=%j is refused with what was expected and what came', (name, text) => {
    const problems = problemsOf({ CCLOAD_PASS: 'x', [name]: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must .+, got "`));
    expect(problems[0]).toContain(JSON.stringify(text).slice(0, 80));
  });

  it.each([
    ['CCLOAD_PASS', '   '],
    ['CCLOAD_PASS', 'hunter2'.repeat(200)],
    ['CCLOAD_AUTH', ',,'],
    ['CCLOAD_AUTH', ' '],
    ['CCLOAD_AUTH', 'tok-good,tok-spoilt half'],
    ['CCLOAD_AUTH', 'schlüssel'],
    ['CCLOAD_AUTH', 'line\nbreak'],
    ['CCLOAD_AUTH', 'x'.repeat(4097)],
    ['CCLOAD_METRICS_TOKEN', 'tok-spoilt half'],
    ['CCLOAD_METRICS_TOKEN', ' '],
  ])('%s=%j is refused without showing it', (name, text) => {
    const problems = problemsOf({ [name]: text });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must .+; its value is not shown$`));
    for (const word of text.split(/[\s,]+/).filter((part) => part.length > 3)) expect(problems[0]).not.toContain(word);
  });

  it('are all listed at once', () => {
    const problems = problemsOf({ PORT: '80a', LOG_LEVEL: 'loud', CCLOAD_AUTH: ',', HOST: '0.0.0.0', MAX_BODY_BYTES: '-5' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'CCLOAD_AUTH',
      'PORT',
      'MAX_BODY_BYTES',
      'LOG_LEVEL',
      'HOST',
    ]);
  });

  it('are cut short when they are long', () => {
    expect(problemsOf({ PORT: '9'.repeat(5000) })[0]?.length).toBeLessThan(200);
  });
});

describe('the secret for channel keys', () => {
  const sentence = 'CCLOAD_SECRET_KEY must be 32 bytes as hex or base64, or a passphrase of 16 to 1024 characters; its value is not shown';

  it.each(['a passphrase of many words', 'f'.repeat(64), `${'A'.repeat(43)}=`, '密'.repeat(16)])('may be %j', (secret) => {
    expect(configOf({ CCLOAD_SECRET_KEY: secret }).keySecrets).toEqual({ current: secret, previous: undefined });
  });

  it.each(['short', 'fifteen letters', '                    ', 'x'.repeat(1025)])('must not be %j', (secret) => {
    expect(problemsOf({ CCLOAD_SECRET_KEY: secret })).toEqual([sentence]);
  });

  it('may have replaced another', () => {
    const env = { CCLOAD_SECRET_KEY: 'the new passphrase', CCLOAD_SECRET_KEY_OLD: 'the old passphrase' };
    expect(configOf(env).keySecrets).toEqual({ current: 'the new passphrase', previous: 'the old passphrase' });
  });

  it('cannot be replaced by nothing', () => {
    expect(problemsOf({ CCLOAD_SECRET_KEY_OLD: 'the old passphrase' })).toEqual([
      'CCLOAD_SECRET_KEY_OLD must come with CCLOAD_SECRET_KEY, the secret that replaces it',
    ]);
  });
});

describe('DATABASE_URL', () => {
  it.each([
    'postgres://ccload:p%40ss@db.example.com:5432/ccload?sslmode=verify-full',
    'postgresql://db/ccload',
    'postgres://ccload@/ccload?host=/var/run/postgresql',
    'postgres://ccload:x@[::1]:5432/ccload?options=-c%20search_path%3Dccload',
  ])('%s names a server', (url) => {
    expect(loadConfig({ DATABASE_URL: url })).toMatchObject({ databaseUrl: url });
  });

  it.each([
    'mysql://u:secret-part@h/d',
    'postgres://',
    'postgres://u:secret-part@h',
    'postgres://u:secret-part@h/',
    'postgres://u:secret-part@h:port/d',
    'postgres://u:secret-part@h/d?sslmode=on',
    'postgres://u:secret#part@h/d',
    'postgres://u:secret part@h/d',
    'host=h password=secret-part',
  ])('cannot be %s, and the sentence repeats no secret', (url) => {
    const problems = problemsOf({ DATABASE_URL: url });
    expect(problems).toEqual([expect.stringMatching(/^DATABASE_URL must be a URL such as postgres:\/\/.*; its value is not shown$/)]);
    expect(problems[0]).not.toContain('part');
  });

  it('and SQLITE_PATH exclude each other', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://db/ccload', SQLITE_PATH: 'data/ccload.db' })).toEqual([
      'DATABASE_URL and SQLITE_PATH must not both be set: the one names a PostgreSQL server, the other a file of SQLite',
    ]);
  });
});
