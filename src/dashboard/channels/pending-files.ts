import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { minuteMs } from '../../domain/time.js';
import type { ReportFacts } from './channel-import.view.js';

/** How long a file waits for its confirmation. */
export const pendingMsMax = 10 * minuteMs;
/** Files that wait at a time, each at most as large as an upload may be; a further one takes the place of the oldest. */
export const pendingFilesMax = 4;

export interface PreviewedFile {
  readonly bytes: Uint8Array;
  /** What it would do. */
  readonly report: ReportFacts;
  /** Whose it is. */
  readonly session: string | undefined;
}

interface PendingFile extends PreviewedFile {
  readonly timer: NodeJS.Timeout;
}

/**
 * Files between their preview and their confirmation. They hold keys, so they stay in memory and never become part of a
 * page; only the session that brought a file can confirm it, once.
 */
@Injectable()
export class PendingFiles implements OnApplicationShutdown {
  private readonly files = new Map<string, PendingFile>();

  /** Returns the name under which `take` finds the file. */
  keep(file: PreviewedFile, waitMs: number = pendingMsMax): string {
    const [oldest] = this.files.keys();
    if (oldest !== undefined && this.files.size >= pendingFilesMax) this.forget(oldest);
    const name = randomUUID();
    const timer = setTimeout(() => this.forget(name), waitMs);
    timer.unref();
    this.files.set(name, { ...file, timer });
    return name;
  }

  /** What the file would do; `undefined` when it is not there (any more) or somebody else's. */
  report(name: string, session: string | undefined): ReportFacts | undefined {
    const file = this.files.get(name);
    return file?.session === session ? file?.report : undefined;
  }

  /** The file, which is forgotten with this; `undefined` when it is not there (any more) or somebody else's. */
  take(name: string, session: string | undefined): Uint8Array | undefined {
    const file = this.files.get(name);
    if (file === undefined || file.session !== session) return undefined;
    this.forget(name);
    return file.bytes;
  }

  onApplicationShutdown(): void {
    for (const name of this.files.keys()) this.forget(name);
  }

  private forget(name: string): void {
    clearTimeout(this.files.get(name)?.timer);
    this.files.delete(name);
  }
}
