/** `string`, `integer`, …, `a|b` for either; `labels` for any names with texts; a list by its element; an object by its fields. */
export type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };

const metadata: Shape = { name: 'string', labels: 'labels', annotations: 'labels' };
const matchLabels: Shape = { matchLabels: 'labels' };
const probe: Shape = { httpGet: { path: 'string', port: 'string' }, periodSeconds: 'integer', timeoutSeconds: 'integer', failureThreshold: 'integer' };
const keyOfSecret: Shape = { name: 'string', key: 'string' };
const networkPorts: Shape = [{ port: 'string|integer', protocol: 'string' }];

const container: Shape = {
  name: 'string',
  image: 'string',
  imagePullPolicy: 'string',
  envFrom: [{ secretRef: { name: 'string' } }],
  env: [{ name: 'string', value: 'string', valueFrom: { secretKeyRef: keyOfSecret } }],
  ports: [{ name: 'string', containerPort: 'integer' }],
  startupProbe: probe,
  livenessProbe: probe,
  readinessProbe: probe,
  lifecycle: { preStop: { exec: { command: ['string'] } } },
  resources: { requests: 'labels', limits: 'labels' },
  securityContext: { allowPrivilegeEscalation: 'boolean', readOnlyRootFilesystem: 'boolean', capabilities: { drop: ['string'] } },
  volumeMounts: [{ name: 'string', mountPath: 'string' }],
};

const pod: Shape = {
  serviceAccountName: 'string',
  automountServiceAccountToken: 'boolean',
  enableServiceLinks: 'boolean',
  terminationGracePeriodSeconds: 'integer',
  imagePullSecrets: [{ name: 'string' }],
  securityContext: {
    runAsNonRoot: 'boolean',
    runAsUser: 'integer',
    runAsGroup: 'integer',
    fsGroup: 'integer',
    fsGroupChangePolicy: 'string',
    seccompProfile: { type: 'string' },
  },
  topologySpreadConstraints: [{ maxSkew: 'integer', topologyKey: 'string', whenUnsatisfiable: 'string', labelSelector: matchLabels }],
  containers: [container],
  volumes: [{ name: 'string', emptyDir: { sizeLimit: 'string' }, persistentVolumeClaim: { claimName: 'string' } }],
};

const metric: Shape = {
  type: 'string',
  resource: { name: 'string', target: { type: 'string', averageUtilization: 'integer' } },
  pods: { metric: { name: 'string' }, target: { type: 'string', averageValue: 'string' } },
};

const kinds: Readonly<Record<string, Shape>> = {
  'apps/v1 Deployment': {
    spec: {
      replicas: 'integer',
      selector: matchLabels,
      strategy: { type: 'string', rollingUpdate: { maxUnavailable: 'integer', maxSurge: 'integer' } },
      template: { metadata, spec: pod },
    },
  },
  'v1 Service': { spec: { type: 'string', selector: 'labels', ports: [{ name: 'string', port: 'integer', targetPort: 'string' }] } },
  'v1 ServiceAccount': { automountServiceAccountToken: 'boolean' },
  'v1 Secret': { type: 'string', stringData: 'labels' },
  'v1 PersistentVolumeClaim': { spec: { accessModes: ['string'], storageClassName: 'string', resources: { requests: 'labels' } } },
  'policy/v1 PodDisruptionBudget': { spec: { maxUnavailable: 'integer', selector: matchLabels, unhealthyPodEvictionPolicy: 'string' } },
  'autoscaling/v2 HorizontalPodAutoscaler': {
    spec: {
      scaleTargetRef: { apiVersion: 'string', kind: 'string', name: 'string' },
      minReplicas: 'integer',
      maxReplicas: 'integer',
      metrics: [metric],
      behavior: { scaleDown: { stabilizationWindowSeconds: 'integer', policies: [{ type: 'string', value: 'integer', periodSeconds: 'integer' }] } },
    },
  },
  'networking.k8s.io/v1 NetworkPolicy': {
    spec: {
      podSelector: matchLabels,
      policyTypes: ['string'],
      ingress: [{ ports: networkPorts, from: [{ namespaceSelector: matchLabels, podSelector: matchLabels }] }],
      egress: [{ ports: networkPorts, to: [{ ipBlock: { cidr: 'string', except: ['string'] } }] }],
    },
  },
  'networking.k8s.io/v1 Ingress': {
    spec: {
      ingressClassName: 'string',
      tls: [{ hosts: ['string'], secretName: 'string' }],
      rules: [{ host: 'string', http: { paths: [{ path: 'string', pathType: 'string', backend: { service: { name: 'string', port: { name: 'string' } } } }] } }],
    },
  },
  'monitoring.coreos.com/v1 ServiceMonitor': {
    spec: {
      selector: matchLabels,
      endpoints: [{ port: 'string', path: 'string', interval: 'string', authorization: { credentials: keyOfSecret }, relabelings: [{ targetLabel: 'string', replacement: 'string' }] }],
    },
  },
};

/** The fields that our manifests use, of the kinds that they use, with Kubernetes' own names and types. */
export const manifestShapes: Readonly<Record<string, Shape>> = Object.fromEntries(
  Object.entries(kinds).map(([kind, shape]) => [kind, { apiVersion: 'string', kind: 'string', metadata, ...Object(shape) }]),
);
