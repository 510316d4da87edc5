import { describe, expect, it } from '@jest/globals';
import { bugLinesOf, problemsOf } from './verdict.mjs';

const held = {
  heapUsed: 40_000_000,
  threadHeaps: { 1: 20_000_000 },
  rss: 150_000_000,
  files: 30,
  sockets: 4,
  resources: { Timeout: 8, TCPServerWrap: 1 },
  listeners: { warning: 1 },
};

describe('the verdict of the soak', () => {
  it('is silent when everything came back, or there is less', () => {
    expect(problemsOf(held, { ...held, heapUsed: 39_000_000, resources: { TCPServerWrap: 1 } })).toEqual([]);
  });

  it.each([
    ['heap', { heapUsed: 60_000_000 }],
    ['heap of thread 1', { threadHeaps: { 1: 40_000_000 } }],
    ['resident memory', { rss: 260_000_000 }],
    ['open files', { files: 34 }],
    ['sockets', { sockets: 5 }],
    ['handles of kind TCPSocketWrap', { resources: { ...held.resources, TCPSocketWrap: 1 } }],
    ['handles of kind Timeout', { resources: { ...held.resources, Timeout: 11 } }],
    ['listeners to drain', { listeners: { warning: 1, drain: 1 } }],
  ])('names %s that did not', (what, leaked) => {
    expect(problemsOf(held, { ...held, ...leaked })).toEqual([expect.stringContaining(what)]);
  });

  it.each(['ERROR [Gateway] uncaught', 'request 0199 failed inside the gateway', 'MaxListenersExceededWarning: Possible leak'])(
    'takes "%s" in the log for a bug',
    (line) => {
      expect(bugLinesOf(`listening\n${line}\n`)).toEqual([line]);
    },
  );
});
