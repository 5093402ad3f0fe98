// Checks values against GitHub's schemas, each compiled when it is first asked for.
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';

import type { JsonObject } from './json-object.ts';
import { closed, jsonSchema, schemaLibrary, schemasId } from './json-schema.ts';

/** What is wrong, one line each; empty where all is well. */
type Complaints = readonly string[];

export interface SchemaCheck {
  /** Each property must be named by the schema. */
  closed(schema: JsonObject, value: unknown): Complaints;
  /** Properties that the schema does not name may be there: GitHub adds to its answers at any time. */
  open(schema: JsonObject, value: unknown): Complaints;
  component(name: string, value: unknown): Complaints;
}

const mostComplaints = 8;

export function createSchemaCheck(schemas: JsonObject): SchemaCheck {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  ajvFormats.default(ajv);
  // Seconds since 1970, as in `GET /rate_limit`: the type says all there is to check.
  ajv.addFormat('timestamp', true);
  ajv.addSchema(schemaLibrary(schemas));

  const compiledClosed = new Map<JsonObject, ValidateFunction>();
  const compiledOpen = new Map<JsonObject, ValidateFunction>();
  const component = (name: string): JsonObject => ({ $ref: `${schemasId}#/$defs/${name}` });
  const components = new Map<string, JsonObject>();

  return {
    closed: (schema, value) => {
      return complaints(
        remembered(compiledClosed, schema, () => compiled(jsonSchema(closed(schema, schemas)))),
        value,
      );
    },
    open: (schema, value) =>
      complaints(
        remembered(compiledOpen, schema, () => compiled(jsonSchema(schema))),
        value,
      ),
    component: (name, value) => {
      const schema = remembered(components, name, () => component(name));
      return complaints(
        remembered(compiledOpen, schema, () => compiled(schema)),
        value,
      );
    },
  };

  function compiled(schema: unknown): ValidateFunction {
    if (typeof schema !== 'object' || schema === null) throw new Error('A schema of GitHub is no object');
    return ajv.compile(schema);
  }
}

function remembered<Key, Value>(values: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = values.get(key) ?? make();
  values.set(key, value);
  return value;
}

function complaints(validate: ValidateFunction, value: unknown): Complaints {
  if (validate(value)) return [];
  const all = [...new Set((validate.errors ?? []).map(complaint))];
  const left = all.length - mostComplaints;
  return left > 0 ? [...all.slice(0, mostComplaints), `and ${left} more`] : all;
}

function complaint({ instancePath, message = 'is wrong', params }: ErrorObject): string {
  const facts = [params['additionalProperty'], params['unevaluatedProperty'], params['allowedValues']]
    .filter((fact) => fact !== undefined)
    .map((fact) => `: ${Array.isArray(fact) ? fact.join(', ') : fact}`);
  return `${instancePath === '' ? 'it' : instancePath} ${message}${facts.join('')}`;
}
