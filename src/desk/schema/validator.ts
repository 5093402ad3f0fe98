// Holds a file against its schema; what passes has its type, what does not is told where it stands.
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Report } from '../diagnostic.ts';
import { approvalAnswerSchema, flowSchema, type ApprovalAnswerFile, type FlowFile } from './flow-schema.ts';
import { peopleSchema, type PeopleFile } from './people-schema.ts';
import { ownKeywords } from './pieces.ts';
import { reportProblems, type Validated } from './schema-problems.ts';
import { scenariosSchema, type ScenariosFile } from './scenarios-schema.ts';
import { settingsSchema, type SettingsFile } from './settings-schema.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** Undefined where the value does not pass: the report then says why. */
export type Check<T> = (value: unknown, report: Report) => T | undefined;

const ajv = new Ajv2020({
  allErrors: true, // input is at most 256 KB, and every list and map in the schemas has a limit
  discriminator: true,
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  verbose: true,
});
ajv.addKeyword({ keyword: ownKeywords.notBuilt, schemaType: 'boolean', validate: () => false });
ajv.addKeyword({ keyword: ownKeywords.wants, schemaType: 'string' });

export const checkFlowFile: Check<FlowFile> = checker<FlowFile>(flowSchema);
export const checkApprovalAnswer: Check<ApprovalAnswerFile> =
  checker<ApprovalAnswerFile>(approvalAnswerSchema);
export const checkSettingsFile: Check<SettingsFile> = checker<SettingsFile>(settingsSchema);
export const checkPeopleFile: Check<PeopleFile> = checker<PeopleFile>(peopleSchema);
export const checkScenariosFile: Check<ScenariosFile> = checker<ScenariosFile>(scenariosSchema);

function checker<T>(schema: JsonSchema): Check<T> {
  let validate: ReturnType<typeof ajv.compile> | undefined;
  return (value, report) => {
    validate ??= ajv.compile(schema); // not before it is needed: the app itself reads no scenarios
    if (validate(value)) return value as T;
    reportProblems(validate.errors ?? [], { base: '', report, discreet: false });
    return undefined;
  };
}

const strangers = new Ajv2020({
  allErrors: true,
  strict: false,
  validateFormats: false,
  verbose: true,
});
const compiled = new WeakMap<JsonSchema, ReturnType<typeof strangers.compile>>();

/** Settings against the schema of a plug-in. Errors at texts for which `isOpen` holds are left for later. */
export function checkSettings(
  schema: JsonSchema,
  value: unknown,
  place: Validated & { isOpen(text: string): boolean },
): void {
  const validate = compiled.get(schema) ?? strangers.compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) return;
  const settled = (validate.errors ?? []).filter(
    ({ data }) => !(typeof data === 'string' && place.isOpen(data)),
  );
  reportProblems(withoutEchoes(settled), place);
}

/** `oneOf`, `if` and the like repeat in one vague error what the others say exactly. */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const exact = errors.filter(({ keyword }) => !['oneOf', 'anyOf', 'allOf', 'if', 'not'].includes(keyword));
  return exact.length > 0 ? exact : errors;
}

/** The one value that a schema allows for a property; undefined where it allows others. */
export function constOf(schema: JsonSchema, property: string): unknown {
  const properties = schema['properties'];
  if (!isMap(properties)) return undefined;
  const inner = properties[property];
  return isMap(inner) ? inner['const'] : undefined;
}

function isMap(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
