// Cuts GitHub's 13 MB OpenAPI description down to the operations that we call. Run by hand, seldom:
//
//   npm pack @octokit/openapi                      (in a temporary folder: 385 MB unpacked, so never a dependency)
//   tar xzf octokit-openapi-*.tgz package/LICENSE package/package.json package/generated/api.github.com.json
//   node --import tsx test/contracts/github/extract.ts TEMPORARY_FOLDER/package
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { calledOperations } from './called-operations.ts';
import { isJsonObject, mapValues, objectAt, textAt } from './json-object.ts';
import type { JsonObject } from './json-object.ts';

/** What says nothing about the shape of a request or an answer. */
const noise = new Set([
  'summary',
  'description',
  'tags',
  'title',
  'example',
  'examples',
  'externalDocs',
  'headers',
  'default',
  'deprecated',
  'readOnly',
]);
/** Below these, keys are names that somebody chose: a property called `title` is no noise. */
const named = new Set(['properties', 'responses', 'content', 'schemas', 'parameters']);

/** Where the description contradicts what GitHub sends. Each is looked for, so that one GitHub has mended is noticed. */
const corrections = [
  {
    operation: 'GET /app/installations',
    wrong: '"account":{"nullable":true,"allOf":',
    right: '"account":{"nullable":true,"anyOf":',
    reason:
      'An account is a user or an enterprise, as in the `installation` of the other operations; nothing is both.',
  },
];

function extract(packageFolder: string, targetFolder: string): void {
  const whole: unknown = JSON.parse(
    readFileSync(join(packageFolder, 'generated/api.github.com.json'), 'utf8'),
  );
  const paths = calledPaths(whole);
  const extracted = {
    openapi: textAt(whole, 'openapi'),
    info: {
      title: textAt(objectAt(whole, 'info'), 'title'),
      version: textAt(objectAt(whole, 'info'), 'version'),
      license: objectAt(objectAt(whole, 'info'), 'license'),
    },
    paths,
    components: reachedComponents(whole, paths),
    otherOperations: operationNames(whole).filter((name) => !calledOperations.includes(name)),
  };
  writeFileSync(join(targetFolder, 'api.github.com.json'), `${JSON.stringify(extracted, null, 1)}\n`);
  writeFileSync(join(targetFolder, 'LICENSE.md'), licence(packageFolder, extracted.info.version));
  process.stdout.write(
    `${calledOperations.length} operations of @octokit/openapi ${extracted.info.version}\n`,
  );
}

function calledPaths(whole: unknown): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const name of calledOperations) {
    const [method = '', path = ''] = name.split(' ');
    const operation = objectAt(objectAt(whole, 'paths'), path)[method.toLowerCase()];
    if (operation === undefined)
      throw new Error(`GitHub does not describe ${name}: correct called-operations.ts`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: corrected(name, pruned(operation)) };
  }
  return paths;
}

function corrected(name: string, operation: unknown): unknown {
  const wanted = corrections.filter((it) => it.operation === name);
  const text = wanted.reduce((before, { wrong, right }) => {
    if (!before.includes(wrong)) throw new Error(`GitHub mended ${name}: take it from the corrections`);
    return before.replaceAll(wrong, right);
  }, JSON.stringify(operation));
  return JSON.parse(text);
}

function pruned(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(pruned);
  if (!isJsonObject(node)) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !noise.has(key) && (!key.startsWith('x-') || key === 'x-multi-segment'))
      .map(([key, value]) => [
        key,
        named.has(key) && isJsonObject(value) ? mapValues(value, pruned) : pruned(value),
      ]),
  );
}

function reachedComponents(whole: unknown, from: unknown): JsonObject {
  const reached = new Map<string, unknown>();
  const waiting = references(from);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (reached.has(name)) continue;
    const [, , kind = '', key = ''] = name.split('/');
    const component = pruned(objectAt(objectAt(whole, 'components'), kind)[key]);
    reached.set(name, component);
    waiting.push(...references(component));
  }
  return grouped(reached);
}

function references(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(references);
  if (!isJsonObject(node)) return [];
  const own = typeof node['$ref'] === 'string' ? [node['$ref']] : [];
  return [...own, ...Object.values(node).flatMap(references)];
}

function grouped(components: ReadonlyMap<string, unknown>): JsonObject {
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [name, component] of [...components].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [, , kind = '', key = ''] = name.split('/');
    groups[kind] = { ...groups[kind], [key]: component };
  }
  return groups;
}

function operationNames(whole: unknown): readonly string[] {
  return Object.entries(objectAt(whole, 'paths')).flatMap(([path, operations]) =>
    Object.keys(isJsonObject(operations) ? operations : {}).map(
      (method) => `${method.toUpperCase()} ${path}`,
    ),
  );
}

function licence(packageFolder: string, version: string): string {
  const text = readFileSync(join(packageFolder, 'LICENSE'), 'utf8').trim();
  return [
    `\`api.github.com.json\` is an extract of GitHub's OpenAPI description as shipped in \`@octokit/openapi\` ${version}`,
    '(<https://github.com/octokit/openapi>, from <https://github.com/github/rest-api-description>), under this licence.',
    'The few corrections to it are listed in `extract.ts`.',
    '',
    text,
    '',
  ].join('\n');
}

const [packageFolder] = process.argv.slice(2);
if (packageFolder === undefined) throw new Error('Usage: extract.ts PATH_TO_UNPACKED_OCTOKIT_OPENAPI');
extract(packageFolder, import.meta.dirname);
