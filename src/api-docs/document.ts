import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { programVersion } from '../config/program-version.js';
import type { Schema } from '../http/api-schema.js';
import { proxyPaths } from './proxy-paths.js';

const description = `One address and one token in front of several API accounts.

The administration answers in one envelope, \`{ "success", "data", "error", "count" }\`, and wants the session cookie that
\`POST /login\` sets. Model calls under \`/v1\` want a token, \`Authorization: Bearer …\` or \`x-api-key: …\`, and answer in
the shape of their dialect.`;

const frame = new DocumentBuilder()
  .setTitle('ccLoad')
  .setDescription(description)
  .setVersion(programVersion())
  .setOpenAPIVersion('3.1.0')
  .addCookieAuth('ccload_session')
  .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'One of `CCLOAD_AUTH`' }, 'bearer')
  .addApiKey({ type: 'apiKey', in: 'header', name: 'x-api-key', description: 'One of `CCLOAD_AUTH`' }, 'apiKey')
  .build();

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isNamed = (value: object): value is Schema & { readonly title: string } =>
  'title' in value && typeof value.title === 'string' && 'type' in value;

/** A copy in which every schema with a title stands once, in `named`, and is referred to from where it stood. */
const naming = (value: unknown, named: Map<string, unknown>): unknown => {
  if (Array.isArray(value)) return value.map((item) => naming(item, named));
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, naming(part, named)]));
  if (!isNamed(value)) return copy;
  named.set(value.title, copy);
  return { $ref: `#/components/schemas/${value.title}` };
};

/** The same paths; only what `naming` replaced looks different. */
const namedPaths = (paths: OpenAPIObject['paths'], named: Map<string, unknown>): OpenAPIObject['paths'] =>
  Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, Object.assign({}, item, naming(item, named))]));

/** The OpenAPI description of every route: the control plane's as Nest knows them, and the model calls. */
export const describeApi = (app: INestApplication): OpenAPIObject => {
  const document = SwaggerModule.createDocument(app, frame, { autoTagControllers: false, operationIdFactory: (controller, method) => `${controller}_${method}` });
  const named = new Map<string, unknown>();
  const paths = namedPaths({ ...proxyPaths, ...document.paths }, named);
  const schemas = Object.assign({ ...document.components?.schemas }, Object.fromEntries(named));
  return { ...document, paths, components: { ...document.components, schemas } };
};
