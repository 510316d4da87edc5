// Loaded into Node processes on systems without /proc: answers with what the process used.
process.on('message', ({ kind }) => {
  if (kind !== 'usage') return;
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  process.send({ kind: 'usage', cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, residentBytes: process.memoryUsage.rss() });
});
process.channel?.unref();
