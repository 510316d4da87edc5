import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Carries a request's peer from the worker that it came to: the one thing about it that a second hop would lose. */
export const peerHeader = 'x-ccload-peer';

/** A place to listen at that only this user's processes can reach: a socket in a directory of its own, or a named pipe. */
export const newControlPath = (): string =>
  process.platform === 'win32'
    ? `\\\\.\\pipe\\ccload-${process.pid}-${Math.random().toString(36).slice(2)}`
    : join(mkdtempSync(join(tmpdir(), 'ccload-')), 'control');

export const removeControlPath = (path: string): void => {
  if (process.platform !== 'win32') rmSync(dirname(path), { recursive: true, force: true });
};
