import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { send } from '../support/client.js';
import { startGateway, type Gateway } from '../support/gateway.js';
import { deploymentOf, manifestProblems } from '../support/manifest-rules.js';
import { manifestsIn, merged, shapeProblems, type Manifest } from '../support/manifests.js';
import { repositoryFolder } from '../support/shipped.js';

const folder = join(repositoryFolder, 'deploy/kubernetes');
const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8');

interface Kustomization {
  readonly resources: readonly string[];
  readonly patches?: readonly { readonly path: string }[];
  readonly images?: readonly { readonly name: string; readonly newName: string; readonly newTag: string }[];
}
const kustomization = (path: string): Kustomization => parse(textOf(`${path}/kustomization.yaml`)) as Kustomization;
const resourcesOf = (path: string): readonly Manifest[] => kustomization(path).resources.filter((name) => name.endsWith('.yaml')).flatMap((name) => manifestsIn(textOf(`${path}/${name}`)));

/** An overlay as kustomize puts it together, as far as we use it. */
const installation = (overlay: string): readonly Manifest[] => {
  const path = `overlays/${overlay}`;
  const patches = (kustomization(path).patches ?? []).flatMap((patch) => manifestsIn(textOf(`${path}/${patch.path}`)));
  const patchFor = (manifest: Manifest): Manifest | undefined => patches.find(({ kind, metadata }) => kind === manifest.kind && metadata.name === manifest.metadata.name);
  const base = resourcesOf('base').map((manifest) => merged(manifest, patchFor(manifest) ?? {}) as Manifest);
  return [...base, ...resourcesOf(path)];
};

const overlays = ['sqlite', 'postgres'] as const;
const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
const byName = ({ kind, metadata }: Manifest): string => `${kind} ${metadata.name}`;

describe.each(overlays)('the overlay %s', (overlay) => {
  it('breaks no rule', () => {
    expect(manifestProblems(installation(overlay))).toEqual([]);
  });

  it('asks for an image of this version', () => {
    const { version }: { readonly version: string } = JSON.parse(readFileSync(join(repositoryFolder, 'package.json'), 'utf8'));
    expect(kustomization(`overlays/${overlay}`).images).toEqual([{ name: 'ccload', newName: 'ghcr.io/OWNER/ccload', newTag: `v${version}` }]);
  });

  (hasKubectl ? it : it.skip)(`is put together by kustomize as it is here${hasKubectl ? '' : ' (NOT RUN: there is no kubectl)'}`, () => {
    const { stdout, stderr } = spawnSync('kubectl', ['kustomize', join(folder, 'overlays', overlay)], { encoding: 'utf8' });
    const rendered = manifestsIn(stdout === '' ? `kubectl: ${JSON.stringify(stderr)}` : stdout);
    expect(manifestProblems(rendered)).toEqual([]);
    expect(rendered.map(byName).sort()).toEqual(installation(overlay).map(byName).sort());
    // Of the Deployment kustomize changes the image and adds labels.
    const pod = deploymentOf(installation(overlay)).template.spec;
    const image = expect.stringMatching(/^ghcr\.io\/OWNER\/ccload:v/);
    expect(deploymentOf(rendered).template.spec).toEqual({ ...pod, containers: [{ ...pod.containers[0], image }] });
  });
});

describe('the manifests', () => {
  it('lay nothing into a file that is secret, and without the secret no pod starts', () => {
    const example = manifestsIn(textOf('secret.example.yaml'))[0];
    expect(shapeProblems(example ?? installation('sqlite')[0] ?? { apiVersion: '', kind: '', metadata: { name: '' } })).toEqual([]);
    expect(Object.values(Object(example).stringData)).toEqual(['', '', '', '']);
    expect(deploymentOf(installation('sqlite')).template.spec.containers[0].envFrom).toEqual([{ secretRef: { name: 'ccload' } }]);
  });

  it('let several gateways start only with a database that all of them share', () => {
    expect(deploymentOf(installation('postgres')).template.spec.containers[0].env).toContainEqual({
      name: 'DATABASE_URL',
      valueFrom: { secretKeyRef: { name: 'ccload', key: 'DATABASE_URL' } },
    });
  });

  it.each(['ingress/ingress.yaml', 'prometheus-operator/service-monitor.yaml'])('have a component %s of the right shape', (path) => {
    expect(manifestsIn(textOf(`components/${path}`)).flatMap(shapeProblems)).toEqual([]);
  });

  it('tell the ingress to hold nothing back, to wait longer than we do, and to send nothing twice', () => {
    const { annotations }: { readonly annotations: Readonly<Record<string, string>> } = Object(manifestsIn(textOf('components/ingress/ingress.yaml'))[0]).metadata;
    const value = (name: string): string | undefined => annotations[`nginx.ingress.kubernetes.io/${name}`];
    expect([value('proxy-buffering'), value('proxy-request-buffering'), value('proxy-next-upstream'), value('proxy-body-size')]).toEqual(['off', 'off', 'off', '64m']);
    expect(Number(value('proxy-read-timeout'))).toBeGreaterThan(600);
  });
});

describe('the probes', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.end());

  it('ask for what a gateway answers', async () => {
    const { startupProbe, livenessProbe, readinessProbe } = deploymentOf(installation('sqlite')).template.spec.containers[0];
    const paths = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet.path);
    const answers = await Promise.all([...paths, '/metrics'].map((path) => send(gateway.port, { method: 'GET', path })));
    expect(paths).toEqual(['/health', '/health', '/ready']);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

describe('the rules for manifests', () => {
  const broken: readonly (readonly [what: string, patch: object])[] = [
    ['is killed', { spec: { template: { spec: { terminationGracePeriodSeconds: 60 } } } }],
    ['may run as root', { spec: { template: { spec: { securityContext: { runAsNonRoot: null } } } } }],
    ['no seccomp profile', { spec: { template: { spec: { securityContext: { seccompProfile: null } } } } }],
    ['more rights', { spec: { template: { spec: { containers: [{ name: 'ccload', securityContext: { capabilities: { drop: [] } } }] } } } }],
    ['PORT is not', { spec: { template: { spec: { containers: [{ name: 'ccload', env: [{ name: 'PORT', value: '80' }] }] } } } }],
    ['no port is named web', { spec: { template: { spec: { containers: [{ name: 'ccload', readinessProbe: { httpGet: { port: 'web' } } }] } } } }],
    ['two gateways', { spec: { replicas: 2 } }],
    ['two gateways', { spec: { strategy: { type: 'RollingUpdate' } } }],
    ['selects other pods', { spec: { template: { metadata: { labels: { 'app.kubernetes.io/name': 'other' } } } } }],
    ['readinesProbe', { spec: { template: { spec: { containers: [{ name: 'ccload', readinesProbe: {} }] } } } }],
    ['must be integer', { spec: { replicas: '1' } }],
  ];

  it.each(broken)('refuse a Deployment that would show %j', (what, patch) => {
    const changed = installation('sqlite').map((manifest) => (manifest.kind === 'Deployment' ? (merged(manifest, patch) as Manifest) : manifest));
    expect(manifestProblems(changed).join('\n')).toContain(what);
  });

  it('refuse a policy for all pods of the namespace', () => {
    const changed = installation('sqlite').map((manifest) => (manifest.kind === 'NetworkPolicy' ? (merged(manifest, { spec: { podSelector: { matchLabels: null } } }) as Manifest) : manifest));
    expect(manifestProblems(changed)).toEqual(['NetworkPolicy selects other pods than ours']);
  });
});
