import { describe, expect, it } from '@jest/globals';
import { minuteMs } from '../domain/time.js';
import { LoginAttempts, loginAddressesMax, loginFailuresOfAllMax, loginWindowMs } from './login-attempts.js';

const start = 1_000_000;

const afterFailures = (count: number, address = '10.0.0.1'): LoginAttempts => {
  const attempts = new LoginAttempts();
  for (let index = 0; index < count; index += 1) attempts.fail(address, start + index * minuteMs);
  return attempts;
};

describe('failed logins', () => {
  it('close the door for the rest of the window after the fifth', () => {
    expect(afterFailures(5).waitMs('10.0.0.1', start + 4 * minuteMs)).toBe(11 * minuteMs);
  });

  it('leave the door open until then', () => {
    expect(afterFailures(4).waitMs('10.0.0.1', start + 4 * minuteMs)).toBeUndefined();
  });

  it('are forgiven one by one as they grow old', () => {
    expect(afterFailures(5).waitMs('10.0.0.1', start + loginWindowMs)).toBeUndefined();
  });

  it('are forgotten after a success', () => {
    const attempts = afterFailures(4);
    attempts.succeed('10.0.0.1');
    attempts.fail('10.0.0.1', start + 5 * minuteMs);
    expect(attempts.waitMs('10.0.0.1', start + 5 * minuteMs)).toBeUndefined();
  });

  it.each([
    ['10.0.0.1', '10.0.0.2', false],
    ['10.0.0.1', '::ffff:10.0.0.1', true],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
    ['2001:db8:1:2::1', '2001:DB8:0001:2::', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['2001:db8::1', '2001:db8:0:0:5::', true],
    ['::1', '::2', true],
    ['fe80::1%eth0', 'fe80::2', true],
  ])('of %s and of %s count together: %s', (one, other, together) => {
    expect(afterFailures(5, one).waitMs(other, start + 4 * minuteMs) !== undefined).toBe(together);
  });

  it('of the address that failed longest ago make room for a new one', () => {
    const attempts = afterFailures(5, '10.0.0.1');
    for (let index = 0; index < loginAddressesMax; index += 1) attempts.fail(`host-${index}`, start + 5 * minuteMs);
    // Its own failures would let it in after 10 minutes; what is left is the bound over all addresses.
    expect(attempts.waitMs('10.0.0.1', start + 5 * minuteMs)).toBe(loginWindowMs);
  });
});

describe('failed logins from many addresses', () => {
  const stormed = (): LoginAttempts => {
    const attempts = new LoginAttempts();
    attempts.succeed('10.0.0.1');
    for (let index = 0; index < loginFailuresOfAllMax; index += 1) attempts.fail(`203.0.${index >> 8}.${index & 255}`, start + index);
    return attempts;
  };

  it('close the door to strangers until the first of them is old', () => {
    expect(stormed().waitMs('198.51.100.1', start + minuteMs)).toBe(loginWindowMs - minuteMs);
    expect(stormed().waitMs('198.51.100.1', start + loginWindowMs)).toBeUndefined();
  });

  it('leave it open for an address that has logged in before', () => {
    expect(stormed().waitMs('10.0.0.1', start + minuteMs)).toBeUndefined();
  });

  it('do not free a known address from its own bound', () => {
    const attempts = stormed();
    for (let index = 0; index < 5; index += 1) attempts.fail('10.0.0.1', start + index);
    expect(attempts.waitMs('10.0.0.1', start + minuteMs)).toBe(loginWindowMs - minuteMs);
  });

  it('leave it open one failure earlier', () => {
    const attempts = new LoginAttempts();
    for (let index = 1; index < loginFailuresOfAllMax; index += 1) attempts.fail(`203.0.${index >> 8}.${index & 255}`, start);
    expect(attempts.waitMs('198.51.100.1', start)).toBeUndefined();
  });
});
