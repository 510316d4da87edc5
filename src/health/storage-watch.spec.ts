import { describe, expect, it } from '@jest/globals';
import { StorageWatch } from './storage-watch.js';

const watched = () => {
  const said: string[] = [];
  const watch = new StorageWatch({ error: (sentence) => said.push(sentence), log: (sentence) => said.push(sentence) });
  return { watch, said };
};

describe('the watch over the storage', () => {
  it('says nothing while all goes well', () => {
    const { watch, said } = watched();
    watch.see(undefined, 1_000);
    expect([watch.current, said]).toEqual([undefined, []]);
  });

  it('tells once that nothing can be stored, and once that it can again', () => {
    const { watch, said } = watched();
    for (const now of [1_000, 2_000, 3_000]) watch.see('disk-full', now);
    expect(watch.current).toEqual({ problem: 'disk-full', since: 1_000 });
    for (const now of [31_000, 32_000]) watch.see(undefined, now);
    expect(watch.current).toBeUndefined();
    expect(said).toEqual([
      'Nothing can be stored: the disk of the database is full. Model calls go on; log rows wait in memory.',
      'The database takes changes again, after 30 s.',
    ]);
  });

  it('keeps the beginning when one problem turns into another', () => {
    const { watch, said } = watched();
    watch.see('disk-full', 1_000);
    watch.see('read-only', 2_000);
    expect(watch.current).toEqual({ problem: 'read-only', since: 1_000 });
    expect(said).toHaveLength(2);
  });
});
