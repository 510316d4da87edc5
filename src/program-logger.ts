import { isatty } from 'node:tty';
import { ConsoleLogger, type LogLevel as NestLogLevel } from '@nestjs/common';
import type { LogLevel } from './config/config.js';

const nestLogLevels: Readonly<Record<LogLevel, NestLogLevel[]>> = {
  error: ['fatal', 'error'],
  warn: ['fatal', 'error', 'warn'],
  info: ['fatal', 'error', 'warn', 'log'],
  debug: ['fatal', 'error', 'warn', 'log', 'debug'],
};

const standardOutput = 1;

/** Nest tells of every module and route as it starts; that is no change of state an operator could act on. */
const chattyContexts: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** The log of everything outside the request path: standard output, coloured only on a terminal. */
export class ProgramLogger extends ConsoleLogger {
  constructor(level: LogLevel) {
    super({ prefix: 'ccLoad', logLevels: nestLogLevels[level], colors: isatty(standardOutput) });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!chattyContexts.has(rest.at(-1))) super.log(message, ...rest);
  }
}
