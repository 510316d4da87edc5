// Results as text.

const mebibyte = 1024 * 1024;
/** A load side busier than this may have been what set the pace. */
const otherBusyMax = 0.95;

const fixed = (digits) => (value) => (value === undefined ? '' : value.toFixed(digits));
const whole = fixed(0);
const percent = (share) => `${(share * 100).toFixed(0)} %`;
const milliseconds = (us) => `${(us / 1_000).toFixed(2)} ms`;
const mebibytes = (bytes) => `${(bytes / mebibyte).toFixed(1)} MiB`;

/** The first column is left-aligned, the others right. */
const table = (heads, rows) => {
  const lines = [heads, ...rows].map((line) => line.map(String));
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const text = lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  '),
  );
  return [text[0], widths.map((width) => '-'.repeat(width)).join('  '), ...text.slice(1)].join('\n');
};

const verdict = ({ ratio, ratioMax }) => {
  if (ratio === undefined || ratioMax === undefined) return '';
  return `${ratio <= ratioMax ? 'reached' : 'MISSED'} (≤ ${ratioMax})`;
};

const comparisonRow = (row) => [
  row.label,
  `${row.cpuUs.toFixed(1)} µs`,
  `${row.cpuUsMin.toFixed(1)}–${row.cpuUsMax.toFixed(1)}`,
  row.ratio === undefined ? '' : `${row.ratio.toFixed(2)} × ${row.against}`,
  verdict(row),
  whole(row.answersPerSecond),
  milliseconds(row.p50Us),
  milliseconds(row.p99Us),
  fixed(1)(row.readsPerAnswer),
  percent(row.targetBusy),
  percent(row.otherBusy),
  row.failures,
];

const comparisonHeads = ['', 'CPU/request', 'min–max', 'ratio', 'target', 'requests/s', 'p50', 'p99', 'reads/answer', 'its core', 'load core', 'failures'];

const limitNote = (rows) =>
  rows.some(({ otherBusy }) => otherBusy > otherBusyMax)
    ? ['The core of upstream and load was full in some runs: requests/s and latencies show its limit, not only the target\'s.']
    : [];

/** Events that arrive together are relayed together, at the price of one: whoever lags behind looks cheap. */
const lagMax = 0.9;

const lagNote = (rows) => {
  const reads = rows.map(({ readsPerAnswer }) => readsPerAnswer);
  return Math.min(...reads) < lagMax * Math.max(...reads)
    ? ['Answers came in fewer reads through some targets: they lagged and relayed events together, which flatters their CPU/request.']
    : [];
};

export const comparisonText = ({ workload, title, also, rows, log }) =>
  [
    `${workload}: ${title}`,
    ...(also === undefined ? [] : [`"model last" is ${also}.`]),
    table(comparisonHeads, rows.map(comparisonRow)),
    ...limitNote(rows),
    ...lagNote(rows),
    ...(log === undefined ? [] : [`The gateway's log has ${log.rows ?? 'an unknown number of'} rows after ${log.requests} answers.`]),
  ].join('\n');

export const latencyText = ({ rate, pacedBy, rows }) =>
  [
    `Added latency: W1 requests at random moments, ${whole(rate)}/s, half of what the ${pacedBy} can do`,
    table(
      ['', 'p50', 'p99', 'added p50', 'added p99', 'requests/s', 'its core', 'failures'],
      rows.map((row) => [
        row.label,
        milliseconds(row.p50Us),
        milliseconds(row.p99Us),
        milliseconds(row.addedP50Us),
        milliseconds(row.addedP99Us),
        whole(row.answersPerSecond),
        percent(row.targetBusy),
        row.failures,
      ]),
    ),
    'Targets for the gateway: added p50 ≤ 0.3 ms, added p99 ≤ 3 ms.',
  ].join('\n');

export const streamsText = ({ streams, settleSeconds, rows }) =>
  [
    `Memory: ${streams} slow streams, resident size of the process`,
    table(
      ['', 'idle', 'open', 'open, above idle', 'most', `${settleSeconds} s after`, 'after / idle', 'flowing', 'failures'],
      rows.map((row) => [
        row.label,
        mebibytes(row.idle),
        mebibytes(row.open),
        mebibytes(row.open - row.idle),
        mebibytes(row.most),
        mebibytes(row.after),
        percent(row.after / row.idle),
        row.flowing,
        row.failures,
      ]),
    ),
    'Targets for the gateway, with 1 000 streams: open ≤ 40 MB above idle; a minute after ≤ 120 % of idle.',
  ].join('\n');

export const startText = ({ rows, restSeconds, runs }) =>
  [
    `Start: ${runs} times each, on a database with one channel`,
    table(
      ['', 'first relayed answer', 'at most', ...restSeconds.map((seconds) => `resident ${seconds} s later`)],
      rows.map(({ label, answerMs, answerMsMax, residentBytes }) => [label, `${whole(answerMs)} ms`, `${whole(answerMsMax)} ms`, ...residentBytes.map(mebibytes)]),
    ),
    'Targets for the gateway as it ships: first answer ≤ 1 500 ms; at rest ≤ 130 MB.',
  ].join('\n');

export const stallsText = ({ rows, streams, direct, quiet, busy, asked, slowestMs, requests, failures, reasons, spells = [], file }) =>
  [
    `Delay of ${streams} streams' events, ${rows} rows in the log`,
    table(
      ['', 'p50', 'p99', 'largest', 'failures'],
      [
        ['from the upstream itself', direct],
        ['through the gateway', quiet],
        ['the same, database busy', busy],
      ].map(([label, row]) => [label, milliseconds(row.p50Us), milliseconds(row.p99Us), milliseconds(row.largestUs), row.failures]),
    ),
    `Meanwhile ${requests} requests were logged (${failures} failed${failures === 0 ? '' : `: ${JSON.stringify(reasons)}`}) and ${asked} heavy questions answered, the slowest in ${whole(slowestMs)} ms.`,
    `Largest delay added: ${milliseconds(busy.largestUs - direct.largestUs)} (target ≤ 20 ms).`,
    ...(spells.length === 0 ? [] : [`\nThe longest times in which the thread that relays never waited, being profiled (${file}):`]),
    ...spells.map(({ us, functions }) => [`\n${milliseconds(us)}, of which`, ...functions.map(({ name, us: part }) => `  ${milliseconds(part)}  ${name}`)].join('\n')),
  ].join('\n');

export const firstChunkText = ({ answers, rows }) =>
  [
    `Delay of the first chunk of ${answers} answers, one after the other, from the upstream's write to the client's read`,
    table(
      ['', 'p50', 'p99', 'largest'],
      rows.map(({ label, p50Us, p99Us, largestUs }) => [label, milliseconds(p50Us), milliseconds(p99Us), milliseconds(largestUs)]),
    ),
    'Target for the gateway: at most 1 ms.',
  ].join('\n');

export const dashboardText = ({ rows, rate, closed, open, p99Ratio, looks, slowestMs, heardBytes }) =>
  [
    `W1 requests at random moments, ${whole(rate)}/s, half of what the gateway can do, with ${rows} rows in the log`,
    table(
      ['', 'p50', 'p99', 'its core', 'failures'],
      [closed, open].map(({ label, p50Us, p99Us, targetBusy, failures }) => [label, milliseconds(p50Us), milliseconds(p99Us), percent(targetBusy), failures]),
    ),
    `p99 with the dashboard open is ${(p99Ratio * 100).toFixed(0)} % of that without (target ≤ 120 %). It looked ${looks} times, the slowest took ${whole(slowestMs)} ms, and heard ${mebibytes(heardBytes)} of news.`,
  ].join('\n');

export const slopeText = ({ minutes, bytesPerMinute, first, last, most, answers, streams, failures }) =>
  [
    `Memory over ${minutes} minutes of W1 and W3 together: ${answers} answers, ${streams} streams, ${failures} failures`,
    `slope after the first two minutes: ${(bytesPerMinute / mebibyte).toFixed(2)} MiB/min (target < 1); from ${mebibytes(first)} to ${mebibytes(last)}, at most ${mebibytes(most)}`,
  ].join('\n');

const shares = (entries) => table(['', 'self time', 'share'], entries.map(({ name, us, share }) => [name, `${whole(us / 1_000)} ms`, `${(share * 100).toFixed(1)} %`]));

export const profileText = ({ workload, title, cpuUs, threads }) =>
  [
    `${workload}: ${title}; ${cpuUs.toFixed(1)} µs of CPU per request while being profiled`,
    ...threads.flatMap(({ thread, file, totalUs, places, functions }) => [
      `\n${thread === 0 ? 'Main thread' : `Thread ${thread}`}, ${whole(totalUs / 1_000)} ms of work (${file})`,
      shares(places),
      '',
      shares(functions),
    ]),
  ].join('\n');
