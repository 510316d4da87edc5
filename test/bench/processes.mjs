// Starts the processes of a benchmark, pins them to cores, reads what they used, and ends them: these and no others.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const startMs = 20_000;
const stopMs = 15_000;
/** Beyond the time that what was asked for takes. */
export const answerMs = 60_000;
/** What is kept of a process's output, to say why it ended. */
const outputCharsMax = 8_192;
/** `USER_HZ`: the unit of the times in /proc/<pid>/stat on every Linux that Node runs on. */
const ticksPerSecond = 100;

const isLinux = process.platform === 'linux';
const canRun = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Two cores and `taskset` are needed to keep what is measured apart from what measures. */
export const canPin = isLinux && availableParallelism() >= 2 && canRun('taskset', ['-c', '0', 'true']);
/** The core of the process under test. */
export const measuredCore = 0;
/** The core of the upstream and the load. */
export const otherCore = 1;

const pinned = (core, command, args) => (canPin ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]);

const procText = (pid, file) => readFileSync(`/proc/${pid}/${file}`, 'utf8');

/** User and system time of all threads in seconds; the command name, in parentheses, may itself contain spaces. */
const procCpuSeconds = (pid) => {
  const fields = procText(pid, 'stat').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

/** A process and those that it has started, and they (CONFIG_PROC_CHILDREN). */
const family = (pid) => [pid, ...procText(pid, `task/${pid}/children`).split(' ').filter(Boolean).flatMap(family)];

const sumOf = (numbers) => numbers.reduce((sum, each) => sum + each, 0);

const procResidentBytes = (pid) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(procText(pid, 'status'))?.[1] ?? 0) * 1_024;

/** A process that the benchmark started. */
export class Started {
  name;
  port = 0;
  /** What it has answered under load, so that its log can be compared. */
  answersInAll = 0;
  #child;
  #output = '';
  #ending = false;

  constructor(name, child) {
    this.name = name;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.#output = (this.#output + text).slice(-outputCharsMax);
      });
    }
    child.on('error', (error) => {
      this.#output += error.message;
    });
  }

  get output() {
    return this.#output;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Resolves when `look` finds something; rejects when the process ends first or `ms` are over. */
  async until(look, ms = startMs) {
    const deadline = performance.now() + ms;
    for (;;) {
      const found = look(this);
      if (found !== undefined) return found;
      this.#mustRun();
      if (performance.now() > deadline) throw new Error(`${this.name} was not ready within ${ms} ms. Its output:\n${this.#output}`);
      await wait(10);
    }
  }

  tell(message) {
    this.#child.send(message);
  }

  /** The next message of this kind. Rejects when the process has ended, or ends first, or `ms` are over. */
  told(kind, ms = answerMs) {
    return new Promise((resolve, reject) => {
      this.#mustRun();
      const finish = (settle, value) => {
        clearTimeout(timer);
        this.#child.off('message', onMessage).off('exit', onExit);
        settle(value);
      };
      const onMessage = (message) => {
        if (message.kind === kind) finish(resolve, message);
      };
      const onExit = () => finish(reject, new Error(`${this.name} ended by itself. Its output:\n${this.#output}`));
      const timer = setTimeout(() => finish(reject, new Error(`${this.name} did not say "${kind}" within ${ms} ms`)), ms);
      this.#child.on('message', onMessage).on('exit', onExit);
    });
  }

  /** What the process and its workers used so far: CPU seconds (user and system), resident bytes. */
  async usage() {
    this.#mustRun();
    if (isLinux) {
      const pids = family(this.pid);
      return { cpuSeconds: sumOf(pids.map(procCpuSeconds)), residentBytes: sumOf(pids.map(procResidentBytes)) };
    }
    const answer = this.told('usage');
    this.tell({ kind: 'usage' });
    const { cpuSeconds, residentBytes } = await answer;
    return { cpuSeconds, residentBytes };
  }

  /** Ends the process: politely, so that it can write its profile, then by force. */
  async stop() {
    this.#ending = true;
    if (this.#hasEnded) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), stopMs);
    await exit;
    clearTimeout(timer);
  }

  /** At once; for the moment when the benchmark itself has to go. */
  kill() {
    if (!this.#hasEnded) this.#child.kill('SIGKILL');
  }

  get #hasEnded() {
    return this.#child.pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #mustRun() {
    if (this.#hasEnded && !this.#ending) throw new Error(`${this.name} ended by itself. Its output:\n${this.#output}`);
  }
}

const started = new Set();

/** Ends everything that is still running. */
export const killAll = () => {
  for (const each of started) each.kill();
};

/** `options` are `{ name, core, command, args, cwd, env, ipc }`. */
export const start = ({ name, core, command, args, cwd, env = {}, ipc = false }) => {
  const [file, fileArgs] = pinned(core, command, args);
  const child = spawn(file, fileArgs, {
    cwd,
    // Nothing of the caller's environment reaches a process under test: its defaults are what is measured.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? ['ipc'] : [])],
  });
  const each = new Started(name, child);
  started.add(each);
  child.on('exit', () => started.delete(each));
  return each;
};

const usageReporter = new URL('./usage-reporter.mjs', import.meta.url).href;

/** Arguments for a Node process that cannot be read through /proc: it reports its usage itself. */
export const nodeUsageArgs = isLinux ? [] : ['--import', usageReporter];
/** Whether such a process needs a channel to report through. */
export const nodeUsageIpc = !isLinux;

/** Starts one of the benchmark's own scripts and waits for its port. */
export const startScript = async ({ name, core, script, args = [] }) => {
  const path = fileURLToPath(new URL(`./${script}`, import.meta.url));
  const each = start({ name, core, command: process.execPath, args: [...nodeUsageArgs, path, ...args], ipc: true });
  each.port = (await each.told('listening')).port;
  return each;
};
