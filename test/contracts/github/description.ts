// GitHub's description as checked in here, read once a process into operations that can be looked up.
import { readFileSync } from 'node:fs';

import { isJsonObject, listAt, objectAt, textAt } from './json-object.ts';
import type { JsonObject } from './json-object.ts';

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  /** In the path: may contain slashes, as a Git reference does. */
  readonly multiSegment: boolean;
  readonly schema: JsonObject;
}

/** Schemas by media type: none where there is no body. */
export type Content = ReadonlyMap<string, JsonObject>;

export interface Operation {
  /** `GET /repos/{owner}/{repo}` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody: { readonly required: boolean; readonly content: Content } | undefined;
  readonly responses: ReadonlyMap<string, Content>;
}

export interface Description {
  readonly version: string;
  readonly operations: readonly Operation[];
  /** Operations that GitHub describes and we do not call, by name. */
  readonly otherOperations: readonly string[];
  readonly schemas: JsonObject;
}

let read: Description | undefined;

export function gitHubDescription(): Description {
  read ??= readDescription();
  return read;
}

function readDescription(): Description {
  const document: unknown = JSON.parse(
    readFileSync(new URL('./api.github.com.json', import.meta.url), 'utf8'),
  );
  const components = objectAt(document, 'components');
  return {
    version: textAt(objectAt(document, 'info'), 'version'),
    operations: Object.entries(objectAt(document, 'paths')).flatMap(([path, methods]) =>
      Object.entries(isJsonObject(methods) ? methods : {}).map(([method, operation]) =>
        readOperation(method.toUpperCase(), path, operation, components),
      ),
    ),
    otherOperations: listAt(document, 'otherOperations').filter((name) => typeof name === 'string'),
    schemas: objectAt(components, 'schemas'),
  };
}

function readOperation(method: string, path: string, operation: unknown, components: JsonObject): Operation {
  const body = objectAt(operation, 'requestBody');
  return {
    name: `${method} ${path}`,
    method,
    path,
    parameters: listAt(operation, 'parameters').map((node) => readParameter(resolved(node, components))),
    requestBody:
      'content' in body ? { required: body['required'] === true, content: readContent(body) } : undefined,
    responses: new Map(
      Object.entries(objectAt(operation, 'responses')).map(([status, node]) => [
        status,
        readContent(resolved(node, components)),
      ]),
    ),
  };
}

function readParameter(node: unknown): Parameter {
  return {
    name: textAt(node, 'name'),
    in: textAt(node, 'in'),
    required: isJsonObject(node) && node['required'] === true,
    multiSegment: isJsonObject(node) && node['x-multi-segment'] === true,
    schema: objectAt(node, 'schema'),
  };
}

function readContent(node: unknown): Content {
  const content = Object.entries(objectAt(node, 'content'));
  return new Map(content.map(([mediaType, media]) => [mediaType, objectAt(media, 'schema')]));
}

/** `#/components/parameters/owner` and the like, which never refer further. */
function resolved(node: unknown, components: JsonObject): unknown {
  const [, , kind, key] = textAt(node, '$ref').split('/');
  return kind === undefined || key === undefined ? node : objectAt(components, kind)[key];
}
