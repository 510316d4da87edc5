import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** As much of an OpenAPI description as its checks read. */
export interface Description {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: object }[];
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

interface DescribedAnswer {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** Every operation by its name, e.g. `GET /admin/logs`. */
export const operationsOf = ({ paths }: Description): ReadonlyMap<string, Operation> =>
  new Map(
    Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => methods.includes(method))
        .map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );

/** Judges answers by the schemas of a description. */
export class AnswerCheck {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly operations: ReadonlyMap<string, Operation>;

  constructor(private readonly description: Description) {
    addFormats.default(this.ajv);
    this.operations = operationsOf(description);
  }

  /** What about an answer is not as described, `undefined` when all of it is. `body` is parsed when it is JSON. */
  problem(name: string, status: number, mediaType: string | undefined, body: unknown): string | undefined {
    const described = this.operations.get(name)?.responses[String(status)];
    if (described === undefined) return `${name} does not describe ${status}`;
    if (described.content === undefined) return mediaType === undefined ? undefined : `${name} ${status} describes no body, got ${mediaType}`;
    const media = described.content[mediaType ?? ''];
    if (media?.schema === undefined) return `${name} ${status} does not describe ${mediaType ?? 'an answer without a body'}`;
    const validate = this.compiled(media.schema);
    return validate(body) ? undefined : `${name} ${status}: ${this.ajv.errorsText(validate.errors)}`;
  }

  private compiled(schema: object): ValidateFunction {
    return this.ajv.compile({ ...schema, components: this.description.components });
  }
}
