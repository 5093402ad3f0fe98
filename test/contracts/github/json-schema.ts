// Turns the schemas of OpenAPI 3.0, a dialect of its own, into JSON Schema that Ajv understands.
import { isJsonObject, mapValues, objectAt, textAt } from './json-object.ts';
import type { JsonObject } from './json-object.ts';

export const schemasId = 'https://api.github.com/schemas';

/** All of GitHub's schemas as one document, to which each converted `$ref` refers. */
export function schemaLibrary(schemas: JsonObject): JsonObject {
  return { $id: schemasId, $defs: mapValues(schemas, jsonSchema) };
}

export function jsonSchema(schema: unknown): unknown {
  if (!isJsonObject(schema)) return schema;
  const { nullable, ...rest } = schema;
  const entries = Object.entries(rest).flatMap(([keyword, value]) => convertedKeyword(keyword, value));
  const converted: JsonObject = Object.fromEntries(entries);
  return nullable === true ? orNull(converted) : converted;
}

function convertedKeyword(keyword: string, value: unknown): [string, unknown][] {
  switch (keyword) {
    case '$ref':
      return [['$ref', String(value).replace('#/components/schemas/', `${schemasId}#/$defs/`)]];
    case 'properties':
      return [[keyword, mapValues(isJsonObject(value) ? value : {}, jsonSchema)]];
    // GitHub's alternatives overlap, and its own examples fit several: `oneOf` would refuse what GitHub sends.
    case 'oneOf':
    case 'anyOf':
      return [['anyOf', Array.isArray(value) ? value.map(jsonSchema) : value]];
    case 'allOf':
      return [[keyword, Array.isArray(value) ? value.map(jsonSchema) : value]];
    case 'items':
    case 'additionalProperties':
      return [[keyword, jsonSchema(value)]];
    // Only names the property by which to choose.
    case 'discriminator':
      return [];
    default:
      return [[keyword, value]];
  }
}

function orNull(schema: JsonObject): JsonObject {
  if (typeof schema['type'] !== 'string') return { anyOf: [{ type: 'null' }, schema] };
  const values = schema['enum'];
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}),
  };
}

/**
 * The schema of a request, in which each object admits only the properties that GitHub names: GitHub ignores others in
 * silence, so that a typo in a property would go unseen. Takes and gives a schema of OpenAPI.
 */
export function closed(schema: unknown, schemas: JsonObject): JsonObject {
  const open = closedBelow(schema, schemas);
  return namesProperties(open) ? { ...open, unevaluatedProperties: false } : open;
}

/** One of several schemas for the same object: what is in it is closed, the object itself is closed by its outermost. */
function closedBelow(schema: unknown, schemas: JsonObject): JsonObject {
  const reference = textAt(schema, '$ref');
  if (reference !== '')
    return closedBelow(objectAt(schemas, reference.replace('#/components/schemas/', '')), schemas);
  const node = isJsonObject(schema) ? schema : {};
  const entries = Object.entries(node).flatMap(([keyword, value]): [string, unknown][] => {
    if (keyword === 'properties')
      return [[keyword, mapValues(objectAt(node, keyword), (it) => closed(it, schemas))]];
    if (keyword === 'items') return [[keyword, closed(value, schemas)]];
    if (Array.isArray(value) && /^(allOf|anyOf|oneOf)$/.test(keyword)) {
      return [[keyword, value.map((it) => closedBelow(it, schemas))]];
    }
    return keyword === 'additionalProperties' && value === true && 'properties' in node
      ? []
      : [[keyword, value]];
  });
  return Object.fromEntries(entries);
}

function namesProperties(schema: JsonObject): boolean {
  if ('additionalProperties' in schema) return false;
  return ['allOf', 'anyOf', 'oneOf'].reduce((named, keyword) => {
    const alternatives = schema[keyword];
    return named || (Array.isArray(alternatives) && alternatives.some(namesProperties));
  }, 'properties' in schema);
}
