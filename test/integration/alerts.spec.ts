import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CallFanout } from '../../src/logs/call-fanout.js';
import { startAdmin } from '../support/admin-app.js';
import { attemptRecord } from '../support/attempt-record.js';

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

/** Names of series, without their labels. */
let series: ReadonlySet<string>;
/** Pairs of label and value, as they stand in the text: `outcome="success"`. */
let labels: ReadonlySet<string>;
/** Metrics of ours, without those that every Node program has. */
let ours: readonly string[];
beforeAll(async () => {
  const admin = await startAdmin();
  admin.app.get(CallFanout).record([attemptRecord({ isStreaming: true }), attemptRecord({ isStreaming: false })]);
  const { text } = await admin.anonymous.get('/metrics').expect(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  series = new Set(lines.map((line) => line.replace(/[{ ].*/, '')));
  labels = new Set(lines.flatMap((line) => line.match(/\w+="[^"]*"/g) ?? []));
  const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name);
  ours = families.filter((name) => !/^ccload_(process|nodejs)_/.test(name));
});

describe('the suggested alerts', () => {
  it.each(rules)('$alert asks for series that are there', ({ expr }) => {
    const asked = expr.match(/\bccload_\w+/g) ?? [];
    // On Linux only.
    expect(asked.filter((name) => !series.has(name) && !/_(open|max)_fds$/.test(name))).toEqual([]);
    expect(asked.length + (expr.match(/\bup\b/g) ?? []).length).toBeGreaterThan(0);
  });

  it.each(rules)('$alert asks for labels with values that are there', ({ expr }) => {
    const asked = [...expr.matchAll(/(\w+)(?:=~|!=|=)"([^"]*)"/g)].flatMap(([, name = '', values = '']) => values.split('|').map((value) => `${name}="${value}"`));
    expect(asked.filter((label) => label !== 'job="ccload"' && !labels.has(label))).toEqual([]);
  });

  it.each(rules)('$alert says how urgent it is and what it saw, and has its own words in the operations page', ({ alert, labels: { severity }, annotations }) => {
    expect(['page', 'ticket']).toContain(severity);
    expect(annotations.summary.length).toBeGreaterThan(20);
    expect(operations).toMatch(new RegExp(`^\\| \`${alert}\``, 'm'));
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
    expect(named.filter((name) => !series.has(name) && !ours.includes(name))).toEqual([]);
  });

  it('tells of no alert that is not there', () => {
    const told = [...operations.matchAll(/^\| `(Ccload\w+)`/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });
});
