// What the schemas of a desk's files share: names, durations, groups, texts.

/** Words that the schemas use beside those of JSON Schema; `validator.ts` teaches them to Ajv. */
export const ownKeywords = {
  /** The language knows the word, this version cannot do it yet: refused with a sentence, never ignored. */
  notBuilt: 'notBuilt',
  /** Says in a sentence what `pattern` wants. */
  wants: 'wants',
} as const;

export const namePattern = '^[A-Za-z][A-Za-z0-9_-]{0,62}$';
const fieldNamePattern = '^[A-Za-z][A-Za-z0-9_]{0,62}$';
export const personPattern = '^[A-Za-z][A-Za-z0-9._-]{0,62}$';
const durationPattern = '^[1-9][0-9]{0,5}[smhd]$';

export const durationSchema = {
  type: 'string',
  pattern: durationPattern,
  wants: 'duration',
  examples: ['30m', '4h', '7d'],
} as const;

export const grantedForSchema = {
  type: 'string',
  pattern: '^([1-9][0-9]{0,5}[smhd]|until-revoked)$',
  wants: 'duration',
  examples: ['30m', '4h', 'until-revoked'],
} as const;

export const nameSchema = {
  type: 'string',
  pattern: namePattern,
  wants: 'a letter, then letters, digits, - and _',
} as const;

export const fieldNameSchema = {
  type: 'string',
  pattern: fieldNamePattern,
  wants: 'a letter, then letters, digits and _',
} as const;

export const labelSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 80,
  pattern: '^\\S([^\\r\\n]*\\S)?$',
  wants: 'one line, without spaces around it',
} as const;
export const textSchema = { type: 'string', minLength: 1, maxLength: 1000 } as const;

export const emailSchema = {
  type: 'string',
  maxLength: 254,
  pattern: '^[^@\\s]{1,64}@[^@\\s]{1,189}$',
  wants: 'an e-mail address',
} as const;

/** One that mail is sent to: plain, so that no mail server reads more in it than one address. */
export const mailedAddressSchema = {
  type: 'string',
  maxLength: 254,
  pattern: "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\\.)+[A-Za-z]{2,63}$",
  wants: 'an e-mail address',
} as const;

export const domainsSchema = {
  type: 'array',
  uniqueItems: true,
  maxItems: 50,
  items: {
    type: 'string',
    maxLength: 253,
    pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$',
    wants: 'a domain in small letters, such as acme.com',
  },
} as const;

/** `kind:id`; which kinds there are is judged by `group-grammar.ts`, with better words than a pattern has. */
export const groupSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 200,
  examples: ['team:acme/data', 'person:bob', 'role:admin'],
} as const;

/** Bare CEL. */
export const conditionSchema = {
  type: 'string',
  minLength: 1,
  examples: ["fields.urgency == 'Emergency'", "request.duration > duration('1h')"],
} as const;

export const allowRevokeSchema = {
  type: 'array',
  uniqueItems: true,
  maxItems: 2,
  items: { type: 'string', enum: ['requester', 'approvers'] },
} as const;

/** By name; innermost wins: settings, environment, flow. */
export const varsSchema = {
  type: 'object',
  maxProperties: 100,
  propertyNames: fieldNameSchema,
  additionalProperties: {
    type: ['string', 'number', 'boolean', 'array'],
    maxLength: 1000,
    pattern: '^[^\\r\\n]*$',
    wants: 'one line',
    maxItems: 100,
    items: { type: 'string', maxLength: 1000, pattern: '^[^\\r\\n]*$', wants: 'one line' },
  },
} as const;

/** The keys may be left out one by one: what is missing is the default's. */
export const extendSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    max_total: {
      ...durationSchema,
      description:
        'How long access may last in all, counted from its beginning. At least the shortest duration of the flow, at most 30d.',
    },
    times: {
      type: 'integer',
      minimum: 0,
      maximum: 20,
      description: 'How often it may be extended. 0: never. Default: 1.',
    },
  },
} as const;

export const decisionMessageSchema = { type: 'string', enum: ['off', 'optional', 'required'] } as const;

/** A word of the language that is refused for now, with its meaning for the reader of the reference. */
export function notBuilt<const Text extends string>(
  description: Text,
): { readonly description: Text; readonly notBuilt: true } {
  return { description, notBuilt: true };
}
