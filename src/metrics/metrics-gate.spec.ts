import { describe, expect, it } from '@jest/globals';
import { metricsGate } from './metrics-gate.js';

describe('the gate of the metrics', () => {
  it('is open while no token is configured', () => {
    expect(metricsGate(undefined)(undefined)).toBe(true);
  });

  it('opens for the token, whatever the case of the scheme', () => {
    expect(metricsGate('secret')('Bearer secret')).toBe(true);
    expect(metricsGate('secret')('bearer  secret ')).toBe(true);
  });

  it.each([undefined, '', 'secret', 'Bearer', 'Bearer ', 'Bearer secre', 'Bearer secrett', 'Bearer Secret', 'Basic secret', 'Bearer secret secret'])(
    'stays shut for %j',
    (authorization) => {
      expect(metricsGate('secret')(authorization)).toBe(false);
    },
  );
});
