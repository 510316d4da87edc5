import { hourMs, minuteMs, secondMs } from '../domain/time.js';
import {
  filePath,
  isLoopback,
  listenAddress,
  oneOf,
  password,
  postgresUrl,
  secretKey,
  token,
  tokens,
  trueOrFalse,
  trustedProxies,
  wholeNumber,
  workerCount,
} from './variable.js';
import { telemetryConfig, type TelemetryConfig } from './telemetry-config.js';
import { VariableReader, type Environment } from './variable-reader.js';

/** Everything the environment decides, read once and frozen. */
export interface Config {
  /** Never logged. `admin` while `CCLOAD_PASS` is unset, and then the server is reachable from this machine only. */
  readonly password: string;
  readonly isPasswordSet: boolean;
  /** API tokens for `/v1/*`, never logged; empty means that everybody may call. */
  readonly tokens: readonly string[];
  /** An IP address or a host name. */
  readonly host: string;
  readonly isLoopbackOnly: boolean;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly sqlitePath: string;
  /** A PostgreSQL server, used instead of the file. Holds a password; never logged. */
  readonly databaseUrl: string | undefined;
  readonly logRetentionDays: number;
  readonly bodyBytesMax: number;
  /** Of all request bodies under way together; at least `bodyBytesMax`. */
  readonly bodiesBytesMax: number;
  readonly connectTimeoutMs: number;
  readonly firstEventTimeoutMs: number;
  readonly streamIdleTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** Addresses and CIDR ranges whose `X-Forwarded-*` headers are believed; empty means none. */
  readonly trustedProxies: readonly string[];
  /** Channels may lead to link-local and cloud metadata addresses. */
  readonly allowLinkLocal: boolean;
  /** Never logged. */
  readonly metricsToken: string | undefined;
  /** Where traces and metrics are sent; `undefined`: nowhere. */
  readonly telemetry: TelemetryConfig | undefined;
  /** What channel keys are sealed with in the database, and the secret before while they are sealed anew. Never logged. */
  readonly keySecrets: { readonly current: string | undefined; readonly previous: string | undefined };
  /** Processes that relay behind the one port; with 1 the program does it itself. */
  readonly workers: number;
  /** How long running streams may go on after SIGTERM. */
  readonly drainTimeoutMs: number;
  readonly logLevel: LogLevel;
}

export type LogLevel = (typeof logLevels)[number];

/** Every variable that cannot be used, one sentence each: what was expected and, unless it is secret, what came. */
export interface ConfigProblems {
  readonly problems: readonly string[];
}

const logLevels = ['error', 'warn', 'info', 'debug'] as const;
const mebibyte = 1024 * 1024;

/** The range of every number, so that a typo cannot make a limit meaningless. */
export const configBounds = {
  port: { min: 0, max: 65_535 },
  logRetentionDays: { min: 1, max: 3_650 },
  bodyBytes: { min: 1, max: 1024 * mebibyte },
  bodiesBytes: { min: 1, max: 1024 * 1024 * mebibyte },
  connectTimeoutMs: { min: 1, max: 5 * minuteMs },
  /** The same range for every wait on an upstream that has accepted the request. */
  upstreamTimeoutMs: { min: 1, max: 24 * hourMs },
  drainTimeoutMs: { min: 0, max: 24 * hourMs },
  workers: { min: 1, max: 64 },
} as const;

const exposureProblem = (reader: VariableReader, host: string): readonly string[] =>
  reader.isSet('CCLOAD_PASS') || isLoopback(host)
    ? []
    : [`HOST must be a loopback address such as 127.0.0.1 while CCLOAD_PASS is not set, got ${JSON.stringify(host)}`];

/** Without a new secret there is nothing to seal anew with, and the keys would silently lie open. */
const rotationProblem = (reader: VariableReader): readonly string[] =>
  reader.isSet('CCLOAD_SECRET_KEY_OLD') && !reader.isSet('CCLOAD_SECRET_KEY')
    ? ['CCLOAD_SECRET_KEY_OLD must come with CCLOAD_SECRET_KEY, the secret that replaces it']
    : [];

/** One of them would silently be another database than the operator thinks. */
const twoDatabasesProblem = (reader: VariableReader): readonly string[] =>
  reader.isSet('DATABASE_URL') && reader.isSet('SQLITE_PATH')
    ? ['DATABASE_URL and SQLITE_PATH must not both be set: the one names a PostgreSQL server, the other a file of SQLite']
    : [];

type BodyBounds = Pick<Config, 'bodyBytesMax' | 'bodiesBytesMax'>;

const bodyBounds = (reader: VariableReader): BodyBounds => {
  const bodyBytesMax = reader.read('MAX_BODY_BYTES', wholeNumber(configBounds.bodyBytes), 64 * mebibyte);
  const fallback = Math.max(512 * mebibyte, bodyBytesMax);
  return { bodyBytesMax, bodiesBytesMax: reader.read('MAX_BODIES_BYTES', wholeNumber(configBounds.bodiesBytes), fallback) };
};

/** A body that may be sent must also find room. */
const roomProblem = ({ bodyBytesMax, bodiesBytesMax }: BodyBounds): readonly string[] =>
  bodiesBytesMax < bodyBytesMax ? [`MAX_BODIES_BYTES must be at least MAX_BODY_BYTES (${bodyBytesMax}), got ${bodiesBytesMax}`] : [];

/**
 * The configuration of an environment, or all of its problems at once. Pure: the same variables give the same answer.
 * `cores`: what `CCLOAD_WORKERS=auto` stands for.
 */
export const loadConfig = (env: Environment, cores = 1): Config | ConfigProblems => {
  const reader = new VariableReader(env);
  const isPasswordSet = reader.isSet('CCLOAD_PASS');
  const host = reader.read('HOST', listenAddress, isPasswordSet ? '0.0.0.0' : '127.0.0.1');
  const upstreamTimeout = wholeNumber(configBounds.upstreamTimeoutMs);
  const config: Config = {
    password: reader.readSecret('CCLOAD_PASS', password, 'admin'),
    isPasswordSet,
    tokens: reader.readSecret('CCLOAD_AUTH', tokens, Object.freeze([])),
    host,
    isLoopbackOnly: isLoopback(host),
    port: reader.read('PORT', wholeNumber(configBounds.port), 8080),
    sqlitePath: reader.read('SQLITE_PATH', filePath, 'data/ccload.db'),
    databaseUrl: reader.readSecret('DATABASE_URL', postgresUrl, undefined),
    logRetentionDays: reader.read('LOG_RETENTION_DAYS', wholeNumber(configBounds.logRetentionDays), 7),
    ...bodyBounds(reader),
    connectTimeoutMs: reader.read('UPSTREAM_CONNECT_TIMEOUT_MS', wholeNumber(configBounds.connectTimeoutMs), 10 * secondMs),
    firstEventTimeoutMs: reader.read('FIRST_EVENT_TIMEOUT_MS', upstreamTimeout, 60 * secondMs),
    streamIdleTimeoutMs: reader.read('STREAM_IDLE_TIMEOUT_MS', upstreamTimeout, 120 * secondMs),
    responseTimeoutMs: reader.read('RESPONSE_TIMEOUT_MS', upstreamTimeout, 600 * secondMs),
    trustedProxies: reader.read('TRUST_PROXY', trustedProxies, Object.freeze([])),
    allowLinkLocal: reader.read('CCLOAD_ALLOW_LINK_LOCAL', trueOrFalse, false),
    metricsToken: reader.readSecret('CCLOAD_METRICS_TOKEN', token, undefined),
    telemetry: telemetryConfig(reader),
    keySecrets: Object.freeze({
      current: reader.readSecret('CCLOAD_SECRET_KEY', secretKey, undefined),
      previous: reader.readSecret('CCLOAD_SECRET_KEY_OLD', secretKey, undefined),
    }),
    workers: reader.read('CCLOAD_WORKERS', workerCount(configBounds.workers, cores), 1),
    drainTimeoutMs: reader.read('DRAIN_TIMEOUT_MS', wholeNumber(configBounds.drainTimeoutMs), 10 * minuteMs),
    logLevel: reader.read('LOG_LEVEL', oneOf(logLevels), 'info'),
  };
  const together = [exposureProblem(reader, host), rotationProblem(reader), twoDatabasesProblem(reader), roomProblem(config)];
  const problems = [...reader.problems, ...together.flat()];
  return problems.length === 0 ? Object.freeze(config) : { problems };
};

export const isConfigProblems = (loaded: Config | ConfigProblems): loaded is ConfigProblems => 'problems' in loaded;
