import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { deploymentOf, manifestProblems, variableOf } from '../support/manifest-rules.js';
import { manifestsIn, type Manifest } from '../support/manifests.js';
import { repositoryFolder } from '../support/shipped.js';

/* The chart as text and, where Helm is installed, as what Helm makes of it. */

const folder = join(repositoryFolder, 'deploy/helm/ccload');
const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8');
const templates = readdirSync(join(folder, 'templates')).map((file) => [file, textOf(`templates/${file}`)] as const);
const values: unknown = parse(textOf('values.yaml'));

const actionsIn = (template: string): readonly string[] => [...template.matchAll(/\{\{-?\s*([^]*?)\s*-?\}\}/g)].map(([, action = '']) => action).filter((action) => !action.startsWith('/*'));

describe('the chart', () => {
  it('has the version of the program', () => {
    const { version }: { readonly version: string } = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'));
    expect(parse(textOf('Chart.yaml'))).toMatchObject({ apiVersion: 'v2', name: 'ccload', version, appVersion: version });
  });

  it.each(templates)('%s closes what it opens', (_file, template) => {
    const words = actionsIn(template).map((action) => action.split(/\s/)[0]);
    const opened = words.filter((word) => ['if', 'range', 'with', 'define'].includes(word ?? '')).length;
    expect(words.filter((word) => word === 'end')).toHaveLength(opened);
    expect(template.split('{{').length).toBe(template.split('}}').length);
  });

  it.each(templates)('%s uses only values that values.yaml has, and names that are defined', (_file, template) => {
    const used = [...template.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, path = '']) => path.slice(1).split('.'));
    const missing = used.filter((path) => path.reduce<unknown>((at, key) => Object(at)[key] as unknown, values) === undefined);
    const defined = templates.flatMap(([, text]) => [...text.matchAll(/define "([^"]+)"/g)].map(([, name]) => name));
    const included = [...template.matchAll(/include "([^"]+)"/g)].map(([, name]) => name);
    expect([missing, included.filter((name) => !defined.includes(name))]).toEqual([[], []]);
  });

  const validate = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(textOf('values.schema.json')));

  it('describes its values, each of them and no other', () => {
    const { properties }: { readonly properties: object } = JSON.parse(textOf('values.schema.json'));
    expect(validate(values)).toBe(true);
    expect(Object.keys(properties).filter((key) => key !== 'global').sort()).toEqual(Object.keys(Object(values)).sort());
  });

  it.each([
    [{ replcas: 2 }],
    [{ replicas: -1 }],
    [{ replicas: '3' }],
    [{ database: 'mysql' }],
    [{ drainSeconds: 1e9 }],
    [{ config: { 'log-level': 'warn' } }],
    [{ secret: { databaseUrl: 'mysql://x' } }],
    [{ image: { repository: 'ghcr.io/OWNER/ccload' } }],
    [{ image: { repository: 'a', digest: 'sha256:short' } }],
  ])('refuses %j', (changes) => {
    expect(validate({ ...Object(values), ...changes })).toBe(false);
  });
});

const hasHelm = spawnSync('helm', ['version']).status === 0;
const withHelm = hasHelm ? describe : describe.skip;

interface Rendered {
  readonly manifests: readonly Manifest[];
  readonly error: string;
}
/** Helm built from its sources takes itself for an old cluster. */
const rendered = (file: string, ...settings: readonly string[]): Rendered => {
  const set = settings.flatMap((setting) => ['--set', setting]);
  const args = ['template', 'gw', folder, '--kube-version', '1.31.0', '--values', join(folder, 'ci', file), ...set];
  const { stdout, stderr } = spawnSync('helm', args, { encoding: 'utf8' });
  return { manifests: manifestsIn(stdout), error: stderr };
};

withHelm(`the chart, rendered${hasHelm ? '' : ' (NOT RUN: there is no helm)'}`, () => {
  const settings: readonly (readonly [file: string, ...settings: readonly string[]])[] = [
    ['sqlite.yaml'],
    ['sqlite.yaml', 'replicas=0', 'persistence.existingClaim=mine', 'secret.existing=mine', 'networkPolicy.enabled=false'],
    ['sqlite.yaml', 'drainSeconds=60', 'preStopSeconds=5', 'ingress.enabled=true', 'ingress.host=a.example', 'serviceMonitor.enabled=true'],
    ['postgres.yaml'],
    ['postgres.yaml', 'autoscaling.enabled=false', 'replicas=5', 'drainSeconds=3600'],
    ['postgres.yaml', 'secret.existing=mine', 'secret.databaseUrl=', 'autoscaling.streamsPerPod=0', 'image.digest=sha256:' + 'a'.repeat(64)],
  ];

  it.each(settings)('breaks no rule with %s %s %s %s %s', (file, ...changes) => {
    const { manifests, error } = rendered(file, ...changes);
    expect([error, manifests.length > 0 ? manifestProblems(manifests) : ['nothing']]).toEqual(['', []]);
  });

  it('makes every object that it has a template for', () => {
    const kinds = new Set([...rendered('sqlite.yaml').manifests, ...rendered('postgres.yaml').manifests].map(({ kind }) => kind));
    expect(kinds.size).toBe(templates.filter(([file]) => !['_names.tpl', 'NOTES.txt'].includes(file)).length);
  });

  it('hands on settings as they were written, large numbers included', () => {
    const deployment = deploymentOf(rendered('postgres.yaml').manifests);
    expect(['MAX_BODY_BYTES', 'LOG_LEVEL', 'DRAIN_TIMEOUT_MS'].map((name) => variableOf(deployment, name))).toEqual(['67108864', 'warn', '600000']);
  });

  it.each([
    ['sqlite.yaml', 'replicas=2', 'replicas must be 0 or 1 while database is sqlite'],
    ['sqlite.yaml', 'autoscaling.enabled=true', 'autoscaling needs database: postgres'],
    ['sqlite.yaml', 'secret.databaseUrl=postgres://a/b', 'secret.databaseUrl needs database: postgres'],
    ['sqlite.yaml', 'secret.password=', 'secret.password must be set'],
    ['sqlite.yaml', 'secret.tokens=', 'secret.tokens must be set'],
    ['sqlite.yaml', 'image.repository=', 'image.repository must be set'],
    ['sqlite.yaml', 'config.CCLOAD_PASS=x', 'config.CCLOAD_PASS is secret'],
    ['sqlite.yaml', 'config.PORT=80', 'config.PORT is set by the chart'],
    ['postgres.yaml', 'secret.databaseUrl=', 'database: postgres needs secret.databaseUrl'],
    ['postgres.yaml', 'autoscaling.max=1', 'autoscaling.min must not be more'],
    ['postgres.yaml', 'ingress.host=', 'ingress.host must be set'],
    ['postgres.yaml', 'replcas=3', 'replcas'],
  ])('is refused with %s and %s: %s', (file, setting, sentence) => {
    const { manifests, error } = rendered(file, setting);
    expect([manifests, error]).toEqual([[], expect.stringContaining(sentence)]);
  });
});
