import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdminClient, type ChannelRow, type LogRow } from './admin-client.js';
import { startTlsUpstream, startUpstream, type Answers, type FakeUpstream } from './fake-upstream.js';
import { until } from './until.js';

export const clientToken = 'test-client-token';
export const adminPassword = 'test-admin-password';

/** The PATH that child programs get, and nothing else of the environment. */
export const inheritedPath = process.env['PATH'] ?? '';

/** The built program, for Node to run. */
export const entryFile = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const startMsMax = 30_000;
const stopMsMax = 10_000;

/** The built program as a process of its own; whether it listens or gives up is for the test to see. */
export class GatewayProcess {
  private text = '';
  private exit: { readonly code: number | undefined } | undefined;

  constructor(
    private readonly child: ChildProcess,
    readonly folder: string,
  ) {
    child.stdout?.on('data', (bytes: Buffer) => (this.text += bytes.toString()));
    child.stderr?.on('data', (bytes: Buffer) => (this.text += bytes.toString()));
    child.once('exit', (code) => (this.exit = { code: code ?? undefined }));
  }

  /** Everything written to stdout and stderr so far. */
  get output(): string {
    return this.text;
  }

  /** From now on nobody reads what it writes: its next line meets a broken pipe. */
  stopReading(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  get hasExited(): boolean {
    return this.exit !== undefined;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the gateway could not be spawned');
    return this.child.pid;
  }

  /** The port, once the gateway says that it listens; fails with its output when it exits instead. */
  async port(): Promise<number> {
    const listening = until(
      'the gateway to listen',
      () => {
        const port = /listening on http:\/\/[^\s"]*:(\d+)/.exec(this.text)?.[1];
        if (port !== undefined) return Number(port);
        if (this.exit !== undefined) throw new Error(`the gateway exited with ${this.exit.code}:\n${this.text}`);
        return undefined;
      },
      startMsMax,
    );
    return listening.catch((error: unknown) => {
      throw new Error(`${String(error)}; it said:\n${this.text}`, { cause: error });
    });
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** The exit code; `undefined` when a signal ended it. Fails after `waitMs`. */
  async exitCode(waitMs: number = stopMsMax): Promise<number | undefined> {
    return (await until('the gateway to exit', () => this.exit, waitMs)).code;
  }

  /** Resident memory; Linux only, where it is a line of a file. */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }
}

export interface StartOptions {
  /** Over the defaults: two secrets, 127.0.0.1, a free port, a database in `folder`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory; a new temporary one by default. */
  readonly folder?: string;
  /** The file that Node starts with, when it is not the gateway's own. */
  readonly entry?: string;
  /** A module that Node loads before it: for a test that needs a bug. */
  readonly preload?: URL;
  /** What to run instead of Node with an entry: a program, and its arguments. */
  readonly command?: readonly [program: string, ...args: readonly string[]];
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'ccload-test-'));

/** Starts the built program and returns at once. */
export const spawnGateway = ({ env = {}, folder = newFolder(), entry = entryFile, preload, command }: StartOptions = {}): GatewayProcess => {
  const defaults = { CCLOAD_PASS: adminPassword, CCLOAD_AUTH: clientToken, HOST: '127.0.0.1', PORT: '0' };
  const database = 'DATABASE_URL' in env ? {} : { SQLITE_PATH: join(folder, 'ccload.db') };
  const paths = { PATH: inheritedPath, ...database };
  const node = [process.execPath, '--enable-source-maps', ...(preload === undefined ? [] : ['--import', preload.href]), entry] as const;
  const [program, ...args] = command ?? node;
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...paths, ...defaults, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return new GatewayProcess(child, folder);
};

/** What `serve` made: a model that only these channels know, and the channels, best first. */
export interface Serving {
  readonly model: string;
  readonly ids: readonly number[];
}

/** A running gateway with an admin's session. `end` in `afterAll` ends it and every upstream it was given. */
export class Gateway {
  private readonly upstreams: FakeUpstream[] = [];
  private models = 0;

  constructor(
    readonly process: GatewayProcess,
    readonly port: number,
    readonly admin: AdminClient,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async upstream(...answers: Extract<Answers, readonly unknown[]>): Promise<FakeUpstream> {
    return this.adopt(await startUpstream(answers));
  }

  async upstreamThat(answer: Exclude<Answers, readonly unknown[]>): Promise<FakeUpstream> {
    return this.adopt(await startUpstream(answer));
  }

  async tlsUpstream(...answers: Extract<Answers, readonly unknown[]>): Promise<FakeUpstream> {
    return this.adopt(await startTlsUpstream(answers));
  }

  private adopt(upstream: FakeUpstream): FakeUpstream {
    this.upstreams.push(upstream);
    return upstream;
  }

  /** A model of its own for one test, so that tests of a file share a gateway and nothing else. */
  newModel(): string {
    this.models += 1;
    return `model-${this.models}`;
  }

  /** One channel per URL, each with a lower priority than the one before. */
  async serve(...urls: readonly string[]): Promise<Serving> {
    const model = this.newModel();
    const ids: number[] = [];
    for (const [index, url] of urls.entries()) ids.push(await this.admin.addChannel({ url, models: [model], priority: 100 - index }));
    return { model, ids };
  }

  /** The rows of a request, attempt by attempt, once the final one is there. */
  async logRows(requestId: string | undefined): Promise<readonly LogRow[]> {
    if (requestId === undefined) throw new Error('expected a request id: was x-ccload-request-id missing?');
    return until(`the final log row of ${requestId}`, async () => {
      const rows = await this.admin.logRows(`request_id=${requestId}`);
      return rows.some((row) => row.final) ? [...rows].sort((a, b) => a.attempt - b.attempt) : undefined;
    });
  }

  /** The newest rows of a model, once the final one is there: for clients that left before they saw a request id. */
  async logRowsOf(model: string): Promise<readonly LogRow[]> {
    return until(`the final log row of ${model}`, async () => {
      const rows = await this.admin.logRows(`model=${encodeURIComponent(model)}`);
      return rows.some((row) => row.final) ? [...rows].sort((a, b) => a.id - b.id) : undefined;
    });
  }

  async channel(id: number | undefined): Promise<ChannelRow> {
    const found = (await this.admin.channels()).find((channel) => channel.id === id);
    if (found === undefined) throw new Error(`no channel ${id}`);
    return found;
  }

  /** Ends the gateway by SIGTERM, and the upstreams; fails unless the exit code is 0. */
  async end(): Promise<void> {
    await Promise.all(this.upstreams.map((upstream) => upstream.close()));
    if (!this.process.hasExited) {
      this.process.signal('SIGTERM');
      const code = await this.process.exitCode().finally(() => this.process.signal('SIGKILL'));
      if (code !== 0) throw new Error(`expected the gateway to exit with 0, got ${code}:\n${this.process.output}`);
    }
    rmSync(this.process.folder, { recursive: true, force: true });
  }
}

/** Starts the built gateway, waits until it listens and logs in. */
export const startGateway = async (options: StartOptions = {}): Promise<Gateway> => {
  const started = spawnGateway(options);
  try {
    const port = await started.port();
    const admin = await AdminClient.login(port, options.env?.['CCLOAD_PASS'] ?? adminPassword);
    return new Gateway(started, port, admin);
  } catch (error) {
    // Nobody else knows it, and a test runner waits for its children.
    started.signal('SIGKILL');
    throw error;
  }
};
