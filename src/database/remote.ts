/** The asynchronous methods of `T`: what another thread can call. Arguments and results cross as structured clones. */
export type Remote<T> = {
  readonly [M in keyof T as T[M] extends (...args: never[]) => Promise<unknown> ? M : never]: T[M];
};
