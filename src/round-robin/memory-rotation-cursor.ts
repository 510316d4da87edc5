import type { RotationCursor } from '../domain/ports.js';
import { rotationsMax, type RotationPosition } from './rotation-position.js';

interface Pointer {
  readonly model: string;
  readonly priority: number;
  position: number;
  isDirty: boolean;
}

/**
 * Round-robin pointers in memory. Maps in maps and pointers that change in place: moving one on the request path makes
 * no garbage.
 */
export class MemoryRotationCursor implements RotationCursor {
  private readonly pointers = new Map<string, Map<number, Pointer>>();
  private dirty: Pointer[] = [];
  private count = 0;
  private refusedCount = 0;

  constructor(private readonly pointersMax: number = rotationsMax) {}

  /** Pointers remembered. */
  get size(): number {
    return this.count;
  }

  /** Moves that were not remembered because there were `pointersMax` pointers already. */
  get refused(): number {
    return this.refusedCount;
  }

  position(model: string, priority: number): number {
    return this.pointers.get(model)?.get(priority)?.position ?? 0;
  }

  moveTo(model: string, priority: number, position: number): void {
    const pointer = this.pointers.get(model)?.get(priority);
    if (pointer === undefined) this.add(model, priority, position, true);
    else if (pointer.position !== position) {
      pointer.position = position;
      this.markDirty(pointer);
    }
  }

  /** Takes over where another process has moved to. It is not for this process to store it, nor to pass it on. */
  adopt({ model, priority, position }: RotationPosition): void {
    const pointer = this.pointers.get(model)?.get(priority);
    if (pointer === undefined) this.add(model, priority, position, false);
    else pointer.position = position;
  }

  /** Every pointer, for a process that begins to share them. */
  all(): readonly RotationPosition[] {
    return [...this.pointers.values()].flatMap((ofModel) =>
      [...ofModel.values()].map(({ model, priority, position }) => ({ model, priority, position })),
    );
  }

  /** Takes over what was stored. Nothing of it needs to be written again. */
  restore(stored: readonly RotationPosition[]): void {
    for (const { model, priority, position } of stored) this.add(model, priority, position, false);
  }

  /** The pointers that moved since the last call, as they are now. */
  takeChanges(): readonly RotationPosition[] {
    const taken = this.dirty;
    this.dirty = [];
    return taken.map((pointer) => {
      pointer.isDirty = false;
      return { model: pointer.model, priority: pointer.priority, position: pointer.position };
    });
  }

  /** These could not be stored: they are taken again with the next changes, with whatever position they have by then. */
  putBack(changes: readonly RotationPosition[]): void {
    for (const { model, priority } of changes) {
      const pointer = this.pointers.get(model)?.get(priority);
      if (pointer !== undefined) this.markDirty(pointer);
    }
  }

  private add(model: string, priority: number, position: number, isDirty: boolean): void {
    const ofModel = this.pointers.get(model) ?? new Map<number, Pointer>();
    if (ofModel.has(priority)) return;
    if (this.count >= this.pointersMax) {
      this.refusedCount += 1;
      return;
    }
    const pointer: Pointer = { model, priority, position, isDirty: false };
    this.pointers.set(model, ofModel.set(priority, pointer));
    this.count += 1;
    if (isDirty) this.markDirty(pointer);
  }

  private markDirty(pointer: Pointer): void {
    if (pointer.isDirty) return;
    pointer.isDirty = true;
    this.dirty.push(pointer);
  }
}
