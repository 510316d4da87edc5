import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newControlPath, removeControlPath } from './control-path.js';

describe('where workers reach the control plane', () => {
  it('is a folder that nobody else can enter, another one each time, and gone afterwards', () => {
    const paths = [newControlPath(), newControlPath()];
    for (const path of paths) writeFileSync(path, '');
    expect(paths.map((path) => statSync(dirname(path)).mode & 0o777)).toEqual([0o700, 0o700]);
    expect(new Set(paths.map(dirname)).size).toBe(2);
    for (const path of paths) removeControlPath(path);
    expect(paths.map((path) => existsSync(dirname(path)))).toEqual([false, false]);
  });

  it('may be removed twice', () => {
    const path = newControlPath();
    removeControlPath(path);
    expect(() => removeControlPath(path)).not.toThrow();
  });
});
