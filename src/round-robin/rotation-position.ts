/** Where the next request of (model, priority) starts in its tier. */
export interface RotationPosition {
  readonly model: string;
  readonly priority: number;
  /** 0 or more. */
  readonly position: number;
}

/** Pairs of model and priority that are remembered; more than any catalog has, so that a fault cannot fill the memory. */
export const rotationsMax = 10_000;
