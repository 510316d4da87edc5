const megabyte = 1024 * 1024;

/** What may be more at the end than at the start line. Heap is counted after a garbage collection. */
export const tolerances = {
  heapBytes: 16 * megabyte,
  /** Node and SQLite keep pages that they have once touched. */
  rssShare: 0.35,
  rssBytes: 48 * megabyte,
  /** SQLite opens its write-ahead log when it is first written. */
  files: 3,
  timers: 2,
};

const more = (what, before, after, allowed) => (after > before + allowed ? [`${what}: ${before} at the start line, ${after} at the end, at most ${allowed} more allowed`] : []);

/** Sentences about what did not return to the start line; empty when everything did. */
export const problemsOf = (before, after) => [
  ...more('heap (bytes)', before.heapUsed, after.heapUsed, tolerances.heapBytes),
  ...Object.keys(after.threadHeaps).flatMap((thread) => more(`heap of thread ${thread} (bytes)`, before.threadHeaps[thread] ?? 0, after.threadHeaps[thread], tolerances.heapBytes)),
  ...more('resident memory (bytes)', before.rss, after.rss, tolerances.rssBytes + before.rss * tolerances.rssShare),
  ...more('open files', before.files, after.files, tolerances.files),
  ...more('sockets', before.sockets, after.sockets, 0),
  ...Object.keys({ ...before.resources, ...after.resources }).flatMap((kind) =>
    more(`handles of kind ${kind}`, before.resources[kind] ?? 0, after.resources[kind] ?? 0, kind === 'Timeout' || kind === 'Immediate' ? tolerances.timers : 0),
  ),
  ...Object.keys({ ...before.listeners, ...after.listeners }).flatMap((name) =>
    more(`listeners to ${name}`, before.listeners[name] ?? 0, after.listeners[name] ?? 0, 0),
  ),
];

/** Lines of the program's log that must never be written. */
export const bugLinesOf = (output) => output.split('\n').filter((line) => /uncaught|failed inside the gateway|MaxListenersExceeded/.test(line));
