import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { shownMetrics, unknownLabels, unknownSeries, type ShownMetrics } from '../support/shown-metrics.js';

/* The dashboard asks for what `/metrics` really shows: a panel on a name that is not there stays empty for ever. */

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

interface Variable {
  readonly name: string;
  readonly definition?: string;
}

const dashboard: { readonly panels: readonly Panel[]; readonly templating: { readonly list: readonly Variable[] } } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../deploy/grafana/ccload.json', import.meta.url)), 'utf8'),
);
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

let shown: ShownMetrics;
beforeAll(async () => {
  shown = await shownMetrics();
});

describe('the dashboard', () => {
  it.each(queries)('$title: $expr asks for series and labels that are there', ({ expr }) => {
    expect([...unknownSeries(expr, shown), ...unknownLabels(expr, shown)]).toEqual([]);
    expect(expr).toMatch(/\bccload_/);
  });

  it('would notice a name or a value that is not there', () => {
    expect(unknownSeries('rate(ccload_request_total[5m])', shown)).toEqual(['ccload_request_total']);
    expect(unknownLabels('ccload_requests_total{outcome!~"success|failed"}', shown)).toEqual(['outcome="failed"']);
  });

  it.each(panels)('$title says what it shows, and takes the data source and the instances that were chosen', ({ description = '', datasource, targets = [] }) => {
    expect(description.length).toBeGreaterThan(10);
    expect(datasource?.uid).toBe('${datasource}');
    expect(targets.length).toBeGreaterThan(0);
    const selectors = targets.flatMap(({ expr }) => expr.match(/\bccload_\w+(\{[^}]*\})?/g) ?? []);
    expect(selectors.filter((selector) => !selector.includes('{instance=~"$instance"'))).toEqual([]);
  });

  it('shows every metric of ours', () => {
    const text = queries.map(({ expr }) => expr).join(' ');
    const ours = shown.families.filter((name) => !/^ccload_(process|nodejs)_/.test(name) && name !== 'ccload_spans_sent_total');
    expect(ours.filter((name) => !text.includes(name))).toEqual([]);
    expect(ours.length).toBeGreaterThan(15);
  });

  it('uses the variables that it has, and no others', () => {
    const used = new Set([...JSON.stringify(dashboard).matchAll(/\$\{?([a-z_]+)\}?/g)].map(([, name]) => name));
    expect([...used].sort()).toEqual(['__all', '__rate_interval', ...dashboard.templating.list.map(({ name }) => name)].sort());
    expect(dashboard.templating.list.flatMap(({ definition = '' }) => unknownSeries(definition, shown))).toEqual([]);
  });

  it('gives every panel a number and a place of its own', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => Array.from({ length: w * h }, (_, at) => `${x + (at % w)}/${y + Math.floor(at / w)}`));
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
  });
});
