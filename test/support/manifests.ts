import { Ajv } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { manifestShapes, type Shape } from './manifest-shapes.js';

/** A Kubernetes object as far as the checks look at it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels };
  readonly spec?: Readonly<Record<string, unknown>>;
}
export type Labels = Readonly<Record<string, string>>;

export const manifestsIn = (text: string): readonly Manifest[] =>
  parseAllDocuments(text)
    .map((document) => {
      if (document.errors.length > 0) throw new Error(document.errors.join('\n'));
      return document.toJS() as Manifest | null;
    })
    .filter((manifest) => manifest !== null);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON schema of a shape: an array stands for a list of its one element, an object for exactly its fields, none of them required. */
const schemaOf = (shape: Shape): object => {
  if (typeof shape === 'string') return shape === 'labels' ? { type: 'object', additionalProperties: { type: 'string' } } : { type: shape.split('|') };
  if (Array.isArray(shape)) return { type: 'array', items: schemaOf(shape[0] ?? 'string') };
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(Object.entries(shape).map(([name, part]) => [name, schemaOf(part)])) };
};

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const validators = new Map(Object.entries(manifestShapes).map(([kind, shape]) => [kind, ajv.compile(schemaOf(shape))]));

/** Fields that Kubernetes does not have, or of another type: a typo there is dropped in silence by some and refused by others. */
export const shapeProblems = (manifest: Manifest): readonly string[] => {
  const kind = `${manifest.apiVersion} ${manifest.kind}`;
  const validate = validators.get(kind);
  if (validate === undefined) return [`${kind} is not known here`];
  if (validate(manifest)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => `${kind}${instancePath} ${message} ${JSON.stringify(params)}`);
};

const isNamed = (value: unknown): value is Readonly<Record<string, unknown>> & { readonly name: string } => isObject(value) && typeof value['name'] === 'string';

const mergedLists = (base: readonly unknown[], patch: readonly unknown[]): readonly unknown[] => {
  if (patch.length === 0 || !patch.every(isNamed)) return patch;
  const names = new Set(patch.map(({ name }) => name));
  const counterpart = (name: string): unknown => base.find((item) => isNamed(item) && item.name === name);
  return [...patch.map((item) => merged(counterpart(item.name), item)), ...base.filter((item) => !isNamed(item) || !names.has(item.name))];
};

/** A strategic merge, as kustomize does it for what our overlays say: lists by name, null takes away. */
export const merged = (base: unknown, patch: unknown): unknown => {
  if (Array.isArray(base) && Array.isArray(patch)) return mergedLists(base, patch);
  if (!isObject(base) || !isObject(patch)) return patch;
  const kept = Object.entries(base).filter(([key]) => patch[key] !== null);
  const changed = Object.entries(patch).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed.map(([key, value]) => [key, merged(base[key], value)])) };
};
