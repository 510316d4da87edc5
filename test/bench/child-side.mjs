// What the benchmark's own processes have in common: they say where they listen, and end when the benchmark does.

/** Tells the benchmark the port. Without one (started by hand) it is printed. */
export const reportPort = (port) => {
  if (process.send === undefined) console.log(`listening on http://127.0.0.1:${port}`);
  else process.send({ kind: 'listening', port });
};

process.on('disconnect', () => process.exit(0));
