import { describe, expect, it } from '@jest/globals';
import { rankFor } from './rendezvous.js';

const homeOf = (session: string, channels: readonly number[]): number => {
  const rank = rankFor({ session, model: 'm' });
  return [...channels].sort((a, b) => rank(b) - rank(a))[0] ?? 0;
};

/** As Claude Code names its sessions: most of the text is the same. */
const sessions = Array.from({ length: 10_000 }, (_, index) => `user_0123456789abcdef_session_${String(index).padStart(8, '0')}`);

describe('the home of a session', () => {
  it('is the same for everybody who asks', () => {
    expect(sessions.slice(0, 100).map((session) => homeOf(session, [1, 2, 3]))).toEqual(sessions.slice(0, 100).map((session) => homeOf(session, [3, 1, 2])));
  });

  it('is any of the channels equally often', () => {
    for (const channels of [[1, 2], [1, 2, 3, 4, 5], [7, 1_000_000]]) {
      const counts = channels.map((id) => sessions.filter((session) => homeOf(session, channels) === id).length);
      const fair = sessions.length / channels.length;
      for (const count of counts) expect(Math.abs(count - fair) / fair).toBeLessThan(0.08);
    }
  });

  it('moves only when its channel goes, and then anywhere', () => {
    const before = sessions.map((session) => homeOf(session, [1, 2, 3, 4]));
    const after = sessions.map((session) => homeOf(session, [1, 3, 4]));
    expect(sessions.filter((_, at) => before[at] !== 2 && before[at] !== after[at])).toEqual([]);
    const moved = [1, 3, 4].map((id) => after.filter((home, at) => before[at] === 2 && home === id).length);
    for (const count of moved) expect(count).toBeGreaterThan(sessions.length / 4 / 3 / 1.2);
  });

  it('is another one for another model', () => {
    const differing = sessions.filter((session) => {
      const [a, b] = ['m', 'n'].map((model) => [1, 2].sort((x, y) => rankFor({ session, model })(y) - rankFor({ session, model })(x))[0]);
      return a !== b;
    });
    expect(differing.length / sessions.length).toBeCloseTo(0.5, 1);
  });
});
