// What somebody's own function may answer, whoever called it: texts for the ledger, or a no in one sentence. Anything else is not believed.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FromSchema } from 'json-schema-to-ts';
import { Failure } from '../../engine/ports/failure.ts';

const text = { type: 'string', maxLength: 4096 } as const;

export const texts = {
  type: 'object',
  maxProperties: 20,
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' },
  additionalProperties: text,
} as const;

export const lambdaError = {
  type: 'object',
  additionalProperties: false,
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      additionalProperties: false,
      required: ['message', 'transient'],
      properties: {
        message: {
          type: 'string',
          minLength: 1,
          maxLength: 300,
          description: 'One sentence for people; it is shown, and kept for ever. No secret.',
        },
        transient: { type: 'boolean', description: 'Whether trying again may help.' },
      },
    },
  },
} as const;

type Schema = { readonly [keyword: string]: unknown };

/**
 * Gives what was said where it is as the schema wants it. Throws `Failure`: with the function's own sentence where it says
 * no, and in our words where it says what it may not; `page` is where people read what it may.
 */
export function createAnswerReader(page: string): <T>(schema: Schema, said: unknown) => T {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
  const validators = new Map<Schema, ValidateFunction<unknown>>();

  /** Made when it is first needed: most never do. */
  function validatorOf<T>(schema: Schema): (value: unknown) => value is T {
    const known = validators.get(schema) ?? ajv.compile(schema);
    validators.set(schema, known);
    return (value): value is T => known(value) === true;
  }

  return <T>(schema: Schema, said: unknown): T => {
    if (validatorOf<T>(schema)(said)) return said;
    if (!validatorOf<FromSchema<typeof lambdaError>>(lambdaError)(said))
      throw new Failure(`The function answered what it may not: ${page} says what it may.`, {
        transient: false,
      });
    const { message, transient } = said.error;
    throw new Failure(`The function says: ${plain(message)}`, { transient });
  };
}

/** Words and their punctuation, on one line: it is shown in many places, and forms none of them. */
function plain(message: string): string {
  return message
    .replace(/[^\p{L}\p{N} .,:;()'’“”!?%+=/-]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
