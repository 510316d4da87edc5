import { isDeepStrictEqual } from 'node:util';
import { shapeProblems, type Labels, type Manifest } from './manifests.js';

/* What must hold between the objects of one installation. Each rule says what is wrong, or nothing. */

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom: readonly { readonly secretRef: { readonly name: string } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly securityContext: unknown;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly securityContext: { readonly runAsNonRoot?: boolean; readonly runAsUser?: number; readonly seccompProfile?: { readonly type: string } };
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly persistentVolumeClaim?: { readonly claimName: string } }[];
}
export interface DeploymentSpec {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Labels };
  readonly strategy: { readonly type: string; readonly rollingUpdate?: { readonly maxUnavailable: number; readonly maxSurge: number } };
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: Pod };
}

/** Longest that the database may take to close after the last stream (thread-caller.ts). */
const closingSeconds = 15;

export const deploymentOf = (manifests: readonly Manifest[]): DeploymentSpec => {
  const found = manifests.find(({ kind }) => kind === 'Deployment')?.spec;
  if (found === undefined) throw new Error('there is no Deployment');
  return found as unknown as DeploymentSpec;
};

export const variableOf = ({ template }: DeploymentSpec, name: string): string | undefined => template.spec.containers[0].env.find((variable) => variable.name === name)?.value;

const covers = (labels: Labels, selector: unknown): boolean => {
  const wanted = Object.entries(Object(selector) as Labels);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
};

const selectorsMatch = (manifests: readonly Manifest[]): readonly string[] => {
  const { selector, template } = deploymentOf(manifests);
  const { labels } = template.metadata;
  const selectors = manifests.map(({ kind, spec = {} }) => {
    switch (kind) {
      case 'Service':
        return [kind, spec['selector']] as const;
      case 'PodDisruptionBudget':
        return [kind, Object(spec['selector']).matchLabels as unknown] as const;
      case 'NetworkPolicy':
        return [kind, Object(spec['podSelector']).matchLabels as unknown] as const;
      case 'Deployment':
        return [kind, selector.matchLabels] as const;
      default:
        return [kind, labels] as const;
    }
  });
  return selectors.filter(([, wanted]) => !covers(labels, wanted)).map(([kind]) => `${kind} selects other pods than ours`);
};

const restricted = (manifests: readonly Manifest[]): readonly string[] => {
  const { spec } = deploymentOf(manifests).template;
  const expected = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
  return [
    ...(spec.securityContext.runAsNonRoot === true && (spec.securityContext.runAsUser ?? 0) > 0 ? [] : ['the pod may run as root']),
    ...(spec.securityContext.seccompProfile?.type === 'RuntimeDefault' ? [] : ['the pod has no seccomp profile']),
    ...(isDeepStrictEqual(spec.containers[0].securityContext, expected) ? [] : ['the container has more rights than the restricted profile gives']),
    ...(spec.automountServiceAccountToken ? ['the pod gets a token for Kubernetes'] : []),
    ...(spec.enableServiceLinks ? ['service links add variables'] : []),
  ];
};

const drains = (manifests: readonly Manifest[]): readonly string[] => {
  const deployment = deploymentOf(manifests);
  const { terminationGracePeriodSeconds: grace, containers } = deployment.template.spec;
  const [program, seconds] = containers[0].lifecycle.preStop.exec.command;
  const drainMs = Number(variableOf(deployment, 'DRAIN_TIMEOUT_MS'));
  const needed = Number(seconds) + drainMs / 1_000 + closingSeconds;
  return program === 'sleep' && grace >= needed ? [] : [`the pod is killed after ${grace} s, but preStop, streams and the end may take ${needed} s`];
};

const portsAgree = (manifests: readonly Manifest[]): readonly string[] => {
  const deployment = deploymentOf(manifests);
  const [container] = deployment.template.spec.containers;
  const names = container.ports.map(({ name }) => name);
  const used = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(({ httpGet }) => httpGet.port);
  const targets = manifests.filter(({ kind }) => kind === 'Service').flatMap(({ spec }) => (spec?.['ports'] as readonly { targetPort: string }[]).map(({ targetPort }) => targetPort));
  const unknown = [...used, ...targets].filter((name) => !names.includes(name)).map((name) => `no port is named ${name}`);
  return variableOf(deployment, 'PORT') === String(container.ports[0]?.containerPort) ? unknown : [...unknown, 'PORT is not the port of the container'];
};

const volumesAgree = (manifests: readonly Manifest[]): readonly string[] => {
  const { replicas, strategy, template } = deploymentOf(manifests);
  const { containers, volumes } = template.spec;
  const mounted = containers[0].volumeMounts.map(({ name }) => name);
  const missing = mounted.filter((name) => !volumes.some((volume) => volume.name === name)).map((name) => `no volume is named ${name}`);
  const hasFile = volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined);
  if (hasFile) return strategy.type === 'Recreate' && (replicas ?? 2) <= 1 ? missing : [...missing, 'two gateways could open one file'];
  const cutsNothing = strategy.rollingUpdate?.maxUnavailable === 0 && strategy.rollingUpdate.maxSurge > 0;
  return cutsNothing ? missing : [...missing, 'an update takes a gateway away before another one is ready'];
};

/** What is wrong with the objects of one installation, a sentence each. */
export const manifestProblems = (manifests: readonly Manifest[]): readonly string[] => [
  ...manifests.flatMap(shapeProblems),
  ...[selectorsMatch, restricted, drains, portsAgree, volumesAgree].flatMap((rule) => rule(manifests)),
];
