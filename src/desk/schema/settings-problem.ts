// Holds the settings of a target, of an action or of a source of options, once filled in, and of an integration, against the schema of whoever uses them.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from './validator.ts';

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  allErrors: true,
  allowUnionTypes: true,
  verbose: true,
  // What a pattern wants, in words.
  keywords: ['wants'],
});
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** A sentence that names what is wrong and never its value; undefined where all is well. */
export function settingsProblem(schema: JsonSchema, settings: unknown): string | undefined {
  const validate = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, validate);
  if (validate(settings)) return undefined;
  const [first] = [...(validate.errors ?? [])].sort((a, b) => depth(b) - depth(a));
  return first ? sentence(first) : 'The settings are not valid.';
}

function depth({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}

function sentence({ instancePath, keyword, params, message, parentSchema }: ErrorObject): string {
  const at = instancePath.split('/').slice(1).join('.');
  const inside = at === '' ? '' : ` in \`${at}\``;
  const name: unknown = params['missingProperty'] ?? params['additionalProperty'];
  if (keyword === 'required') return `The setting \`${String(name)}\` is missing${inside}.`;
  if (keyword === 'additionalProperties') return `There is no setting \`${String(name)}\`${inside}.`;
  const wish: unknown = params['allowedValues'];
  if (Array.isArray(wish)) return `The setting \`${at}\` must be one of ${wish.join(', ')}.`;
  const wants: unknown = keyword === 'pattern' ? parentSchema?.['wants'] : undefined;
  if (typeof wants === 'string') return `The setting \`${at}\` must be ${wants}.`;
  return `The setting \`${at}\` ${message ?? 'is not valid'}.`;
}
