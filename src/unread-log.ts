/**
 * The program's log goes to standard output, and whoever reads that may leave (EPIPE) or have a full disk (ENOSPC). Node
 * raises the failure of a line as an error that nobody caught; telling of it would fail in the same way, without end.
 * Relaying does not depend on being heard: such lines are lost, and later ones are tried again.
 */
export const goOnUnheard = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
};
