import type { ApiResponseSchemaHost } from '@nestjs/swagger';

/** A JSON Schema as OpenAPI 3.1 writes it. */
export type Schema = ApiResponseSchemaHost['schema'];

/** A field that may be missing. */
export interface Optional {
  readonly optional: Schema;
}

/** Every field of a type with its schema: one that is forgotten, invented or wrongly optional does not compile. */
export type Fields<T> = { readonly [F in keyof T]-?: undefined extends T[F] ? Optional : Schema };

const isOptional = (field: Schema | Optional): field is Optional => 'optional' in field;

/** Fields of which the compiler knows only that each is a schema, or one that may be missing. */
const entriesOf = (fields: object): readonly (readonly [string, Schema | Optional])[] => Object.entries(fields);

/** An object with exactly these fields. `title` is a type's name: the description lists it once and refers to it. */
export const objectSchema = <T>(title: string, fields: Fields<T>): Schema => {
  const entries = entriesOf(fields);
  return {
    title,
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, isOptional(field) ? field.optional : field])),
    required: entries.filter(([, field]) => !isOptional(field)).map(([name]) => name),
    additionalProperties: false,
  };
};

export const textSchema = (description: string): Schema => ({ type: 'string', description });
export const integerSchema = (description: string): Schema => ({ type: 'integer', description });
export const countSchema = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
export const numberSchema = (description: string): Schema => ({ type: 'number', description });
export const flagSchema = (description: string): Schema => ({ type: 'boolean', description });
export const listSchema = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description === undefined ? {} : { description }),
});
/** One of these words or numbers and nothing else. */
export const oneOfSchema = (values: readonly (string | number | boolean)[], description?: string): Schema => ({
  enum: [...values],
  ...(description === undefined ? {} : { description }),
});
export const mapSchema = (values: Schema, description: string): Schema => ({
  type: 'object',
  additionalProperties: values,
  description,
});

/** The field is always there, and `null` while its value is unknown. */
export const orNull = (schema: Schema): Schema =>
  typeof schema.type === 'string' ? { ...schema, type: [schema.type, 'null'] } : { oneOf: [schema, { type: 'null' }] };

export const optional = (schema: Schema): Optional => ({ optional: schema });

/** A moment in unix ms, UTC. */
export const momentSchema = (description: string): Schema => integerSchema(`${description}, in unix ms`);

const success = oneOfSchema([true]);

/** `{ success, data }`. */
export const envelopeOf = (data: Schema): Schema => ({
  type: 'object',
  properties: { success, data },
  required: ['success', 'data'],
  additionalProperties: false,
});

/** `{ success, data: [], count }`: one page of a longer list. */
export const pageOf = (items: Schema): Schema => ({
  type: 'object',
  properties: { success, data: listSchema(items), count: countSchema('How many there are in all') },
  required: ['success', 'data', 'count'],
  additionalProperties: false,
});

/** What every refusal of the administration looks like. */
export const problemSchema: Schema = {
  title: 'Problem',
  type: 'object',
  properties: { success: oneOfSchema([false]), data: { type: 'null' }, error: textSchema('A sentence for a person') },
  required: ['success', 'data', 'error'],
  additionalProperties: false,
};
