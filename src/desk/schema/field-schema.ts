// JSON Schema of one field of a flow: what is asked, by type.
import { conditionSchema, labelSchema, notBuilt, textSchema } from './pieces.ts';

const shared = {
  label: {
    ...labelSchema,
    description: 'The question, as people read it. Default: the name, with spaces for `_`.',
  },
  description: { ...textSchema, description: 'A line of help below the question.' },
  required: {
    type: 'boolean',
    description: 'Whether an answer must be given where the field is asked. Default: true.',
  },
  if: {
    ...conditionSchema,
    description:
      'CEL. The field is asked only where this holds; it may read fields asked before, `request.target` and `request.duration`.',
  },
  sensitive: notBuilt('Keeps the answer out of the ledger, readable only while its key exists.'),
} as const;

const optionsFrom = {
  type: 'object',
  additionalProperties: false,
  required: ['run'],
  description:
    'Where the possible answers are read: as people type, and again when it is sent. In the place of `options`.',
  properties: {
    run: { type: 'string', description: 'What reads them: `http`, say.', examples: ['http', 'github'] },
    integration: {
      type: 'string',
      description: 'One of the `integrations` of `countersign.yml`, where it needs one.',
    },
    with: {
      type: 'object',
      description:
        'What exactly is read, in its own words. A text may hold `${{ fields.NAME }}` of a field that is asked before, `${{ requester.id }}` and `${{ vars.NAME }}`.',
    },
  },
} as const;

const required = ['type'] as const;

const stringField = {
  type: 'object',
  description: 'A text.',
  additionalProperties: false,
  required,
  properties: {
    type: { const: 'string', description: 'A text.' },
    ...shared,
    default: { type: 'string', maxLength: 4000, description: 'The answer where none is given.' },
    options: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: {
        type: 'string',
        minLength: 1,
        maxLength: 75,
        pattern: '^\\S([^\\r\\n]*\\S)?$',
        wants: 'one line, without spaces around it',
      },
      description: 'The possible answers. A form shows them as a list.',
    },
    options_from: optionsFrom,
    pattern: {
      type: 'string',
      minLength: 1,
      description:
        'A regular expression (RE2: no look-around, no back-references) that the whole answer must match. At most 500 characters.',
      examples: ['INC-[0-9]+'],
    },
  },
} as const;

const intField = {
  type: 'object',
  description: 'A whole number.',
  additionalProperties: false,
  required,
  properties: {
    type: { const: 'int', description: 'A whole number.' },
    ...shared,
    default: { type: 'integer', description: 'The answer where none is given.' },
    options: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: { type: 'integer' },
      description: 'The possible answers.',
    },
  },
} as const;

const boolField = {
  type: 'object',
  description: 'Yes or no.',
  additionalProperties: false,
  required,
  properties: {
    type: { const: 'bool', description: 'Yes or no.' },
    ...shared,
    default: { type: 'boolean', description: 'The answer where none is given.' },
  },
} as const;

const durationField = {
  type: 'object',
  description: 'A span of time, such as `30m`.',
  additionalProperties: false,
  required,
  properties: {
    type: { const: 'duration', description: 'A span of time, such as `30m`.' },
    ...shared,
    default: { type: 'string', description: 'The answer where none is given.' },
    options: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: { type: 'string' },
      description: 'The possible answers.',
    },
  },
} as const;

const personField = {
  type: 'object',
  description: 'One of the people of `people.yml`.',
  additionalProperties: false,
  required,
  properties: {
    type: { const: 'person', description: 'One of the people of `people.yml`.' },
    ...shared,
    default: { type: 'string', description: 'The answer where none is given.' },
    options: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: { type: 'string' },
      description: 'The possible answers.',
    },
  },
} as const;

const stringListField = {
  ...stringField,
  description: 'A list of texts.',
  properties: {
    ...stringField.properties,
    type: { const: 'string-list', description: 'A list of texts.' },
    default: {
      type: 'array',
      maxItems: 100,
      items: { type: 'string' },
      description: 'The answer where none is given.',
    },
  },
} as const;

const intListField = {
  ...intField,
  description: 'A list of whole numbers.',
  properties: {
    ...intField.properties,
    type: { const: 'int-list', description: 'A list of whole numbers.' },
    default: {
      type: 'array',
      maxItems: 100,
      items: { type: 'integer' },
      description: 'The answer where none is given.',
    },
  },
} as const;

const personListField = {
  ...personField,
  description: 'A list of people.',
  properties: {
    ...personField.properties,
    type: { const: 'person-list', description: 'A list of people of `people.yml`.' },
    default: {
      type: 'array',
      maxItems: 100,
      items: { type: 'string' },
      description: 'The answer where none is given.',
    },
  },
} as const;

export const fieldSchema = {
  type: 'object',
  required,
  discriminator: { propertyName: 'type' },
  oneOf: [
    stringField,
    intField,
    boolField,
    durationField,
    personField,
    stringListField,
    intListField,
    personListField,
  ],
} as const;
