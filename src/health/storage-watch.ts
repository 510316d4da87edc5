import { storageSentences, type StorageProblem } from '../domain/storage-problem.js';
import { secondMs, type EpochMs } from '../domain/time.js';

/** Since when nothing can be stored, and why. */
export interface StorageTrouble {
  readonly problem: StorageProblem;
  readonly since: EpochMs;
}

export interface StorageVoice {
  readonly error: (sentence: string) => void;
  readonly log: (sentence: string) => void;
}

/** Remembers whether the storage works, and tells the operator once when that changes. */
export class StorageWatch {
  private trouble: StorageTrouble | undefined;

  constructor(private readonly voice: StorageVoice) {}

  get current(): StorageTrouble | undefined {
    return this.trouble;
  }

  /** What the latest attempts to store something ran into; `undefined` when all went well. */
  see(problem: StorageProblem | undefined, now: EpochMs): void {
    const before = this.trouble;
    if (problem === before?.problem) return;
    this.trouble = problem === undefined ? undefined : { problem, since: before?.since ?? now };
    if (problem === undefined) this.voice.log(`The database takes changes again, after ${Math.round((now - (before?.since ?? now)) / secondMs)} s.`);
    else this.voice.error(`Nothing can be stored: ${storageSentences[problem]}. Model calls go on; log rows wait in memory.`);
  }
}
