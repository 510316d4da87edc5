import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { shownMetrics, unknownLabels, unknownSeries, type ShownMetrics } from '../support/shown-metrics.js';

/* The alerts and the page about them name what `/metrics` really shows: an alert on a name that is not there never fires. */

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

const { groups }: { readonly groups: readonly { readonly rules: readonly Rule[] }[] } = parse(textOf('deploy/prometheus/alerts.yml'));
const rules = groups.flatMap((group) => group.rules);
const operations = textOf('docs/OPERATIONS.md');

let shown: ShownMetrics;
/** Metrics of ours, without those that every Node program has. */
let ours: readonly string[];
beforeAll(async () => {
  shown = await shownMetrics();
  ours = shown.families.filter((name) => !/^ccload_(process|nodejs)_/.test(name));
});

describe('the suggested alerts', () => {
  it.each(rules)('$alert asks for series that are there', ({ expr }) => {
    expect(unknownSeries(expr, shown)).toEqual([]);
    expect(expr).toMatch(/\b(ccload_\w+|up)\b/);
  });

  it.each(rules)('$alert asks for labels with values that are there', ({ expr }) => {
    expect(unknownLabels(expr, shown)).toEqual([]);
  });

  it.each(rules)('$alert says how urgent it is and what it saw, and has its own words in the operations page', ({ alert, labels: { severity }, annotations }) => {
    expect(['page', 'ticket']).toContain(severity);
    expect(annotations.summary.length).toBeGreaterThan(20);
    expect(operations).toMatch(new RegExp(`^\\| \`${alert}\``, 'm'));
  });

  it('are the same for the Prometheus operator', () => {
    const { kind, spec }: { readonly kind: string; readonly spec: { readonly groups: unknown } } = parse(textOf('deploy/prometheus/prometheus-rule.yml'));
    expect([kind, spec.groups]).toEqual(['PrometheusRule', groups]);
  });

  it('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(rules.length).toBeGreaterThan(5);
  });
});

describe('the operations page', () => {
  it('says what each metric of ours means, and of none that is not there', () => {
    expect(ours.filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
    const named = [...operations.matchAll(/`(ccload_[a-z_0-9]+)`/g)].map(([, name = '']) => name).filter((name) => name !== 'ccload_session');
    expect(named.filter((name) => !shown.series.has(name) && !ours.includes(name))).toEqual([]);
  });

  it('tells of no alert that is not there', () => {
    const told = [...operations.matchAll(/^\| `(Ccload\w+)`/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });
});
