import { describe, expect, it } from '@jest/globals';
import { chromiumOf, fateOf } from './browser.js';

describe('tests that need a browser', () => {
  it.each([
    ['/usr/bin/chromium', true, 'run'],
    ['/usr/bin/chromium', false, 'run'],
    [undefined, false, 'skip'],
    [undefined, true, 'fail'],
  ] as const)('with the Chromium %p (CI: %p) are to %s', (executable, isCi, fate) => expect(fateOf(executable, isCi)).toBe(fate));
});

describe('the Chromium', () => {
  it('is the first at the usual places', () => {
    expect(chromiumOf(undefined, (path) => path === '/usr/bin/google-chrome').executable).toBe('/usr/bin/google-chrome');
  });

  it('is the named one, and no other when that is not there', () => {
    expect(chromiumOf('/opt/chromium', () => true).executable).toBe('/opt/chromium');
    expect(chromiumOf('/opt/chromium', (path) => path !== '/opt/chromium')).toEqual({
      executable: undefined,
      missing: 'no Chromium was found: install Debian\'s "chromium", or name one in CCLOAD_CHROMIUM (looked at /opt/chromium)',
    });
  });

  it('is missed with a sentence that names every place that was looked at', () => {
    const { executable, missing } = chromiumOf(undefined, () => false);
    expect(executable).toBeUndefined();
    expect(missing).toContain('/usr/bin/chromium, /usr/bin/chromium-browser');
  });
});
