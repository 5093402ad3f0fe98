// What is said to a function that gives access, and what it answers: version 1, as docs/strategies/aws-lambda.contract.json has it.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FromSchema } from 'json-schema-to-ts';
import { Failure } from '../../engine/ports.ts';
import type { JsonSchema } from '../strategy.ts';

const text = { type: 'string', maxLength: 4096 } as const;

const texts = {
  type: 'object',
  maxProperties: 20,
  propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' },
  additionalProperties: text,
} as const;

const payload = {
  type: 'object',
  description: 'The `payload` of the target, as it stands in the flow.',
} as const;

const common = {
  version: { const: 1 },
  desk: { type: 'string', description: 'Which desk asks: `github:` and the number of its repository.' },
  account: { type: 'string', description: 'Whom it is for, as the setting `account` says.' },
  payload,
} as const;

const changing = {
  request: { type: 'string', description: 'The id of the request in Countersign.' },
  idempotencyKey: { type: 'string', description: 'The same for each try of the same thing.' },
} as const;

const read = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'operation', 'desk', 'account', 'payload'],
  properties: { ...common, operation: { const: 'read' } },
} as const;

const grant = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'operation', 'desk', 'account', 'payload', 'request', 'idempotencyKey'],
  properties: { ...common, ...changing, operation: { const: 'grant' } },
} as const;

const revoke = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'operation', 'desk', 'account', 'payload', 'request', 'idempotencyKey'],
  properties: {
    ...common,
    ...changing,
    operation: { const: 'revoke' },
    sealed: { ...texts, description: 'What the grant answered as `sealed`.' },
  },
} as const;

const error = {
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

const holds = {
  type: 'object',
  additionalProperties: false,
  required: ['holds'],
  properties: { holds: { type: 'boolean', description: 'Whether the account has the access.' } },
} as const;

const granted = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    recorded: { ...texts, description: 'For the ledger, which people read.' },
    sealed: { ...texts, description: 'Needed to take it back: it is encrypted, and sent with `revoke`.' },
    handed_over: {
      ...texts,
      description:
        'For the requester alone, such as a password: shown to them once, and kept nowhere. Where the target says `hands_over`, the grant is asked for once more when they want to see it.',
    },
  },
} as const;

const revoked = { type: ['object', 'null'], additionalProperties: false, properties: {} } as const;

/** The whole of it, as it is published. */
export const lambdaContract = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What Countersign says to a function that gives access, and what it answers: version 1',
  $defs: {
    request: { oneOf: [read, grant, revoke] },
    answerToRead: { anyOf: [holds, error] },
    answerToGrant: { anyOf: [granted, error] },
    answerToRevoke: { anyOf: [revoked, error] },
  },
} as const;

/** Payloads are objects of settings like any other. */
type Options = { deserialize: [{ pattern: typeof payload; output: object }] };
export type LambdaRequest =
  FromSchema<typeof read, Options> | FromSchema<typeof grant, Options> | FromSchema<typeof revoke, Options>;
export type Granted = NonNullable<FromSchema<typeof granted>>;

/** Each throws `Failure`: with the function's own sentence where it says no, and in our words where it says what it may not. */
export const answers = {
  read: (said: unknown): boolean => look<FromSchema<typeof holds>>(holds, said).holds,
  grant: (said: unknown): Granted => look<FromSchema<typeof granted>>(granted, said) ?? {},
  revoke(said: unknown): void {
    look<FromSchema<typeof revoked>>(revoked, said);
  },
} as const;

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
const validators = new Map<JsonSchema, ValidateFunction<unknown>>();

/** Made when it is first needed: most never do. */
function validatorOf<T>(schema: JsonSchema): (value: unknown) => value is T {
  const known = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, known);
  return (value): value is T => known(value) === true;
}

function look<T>(schema: JsonSchema, said: unknown): T {
  if (validatorOf<T>(schema)(said)) return said;
  if (!validatorOf<FromSchema<typeof error>>(error)(said))
    throw new Failure(
      'The function answered what it may not: docs/strategies/aws-lambda.md says what it may.',
      {
        transient: false,
      },
    );
  const { message, transient } = said.error;
  throw new Failure(`The function says: ${plain(message)}`, { transient });
}

/** Words and their punctuation, on one line: it is shown in many places, and forms none of them. */
function plain(message: string): string {
  return message
    .replace(/[^\p{L}\p{N} .,:;()'’“”!?%+=/-]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
