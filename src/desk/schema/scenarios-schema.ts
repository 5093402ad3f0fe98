// JSON Schema of the scenarios of a flow: what is given, what is done, and what is expected of it.
import type { FromSchema } from 'json-schema-to-ts';
import { incidentStatuses, sources } from '../../domain/flow.ts';
import { approvalAnswerSchema } from './flow-schema.ts';
import { hooksAwaited, hooksBefore } from '../../domain/hooks.ts';
import { refusalExamples } from '../../domain/refusal-examples.ts';
import type { RefusalCode } from '../../domain/refusals.ts';
import { statuses } from '../../domain/request.ts';
import {
  durationSchema,
  fieldNameSchema,
  grantedForSchema,
  labelSchema,
  personPattern,
  textSchema,
} from './pieces.ts';

const personSchema = {
  type: 'string',
  pattern: personPattern,
  wants: 'a letter, then letters, digits, ., - and _',
} as const;

/** Of a step, a rule, a target or a person: whether there is one is judged by the flow. */
const anyNameSchema = { type: 'string', maxLength: 100 } as const;

const namesSchema = { type: 'array', uniqueItems: true, maxItems: 50, items: anyNameSchema } as const;

const countSchema = { type: 'integer', minimum: 0, maximum: 1_000_000 } as const;

/** What only the world outside can bring about: in a scenario everybody is known, and everything answers. */
const outside: ReadonlySet<string> = new Set<RefusalCode>([
  'unlinked-account',
  'link-not-valid',
  'may-not-link',
  'account-taken',
  'has-another-account',
  'nothing-to-unlink',
  'may-not-unlink',
  'unknown-flow',
  'flow-unavailable',
  'no-identity',
  'please-repeat',
  'read-only',
  'desk-frozen',
  'desk-unsafe',
]);
const codes: readonly string[] = Object.keys(refusalExamples).filter((code) => !outside.has(code));

export const givenSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'The world of a scenario. What a scenario gives replaces what the file gives, group by group, key by key, field by field.',
  properties: {
    groups: {
      type: 'object',
      maxProperties: 200,
      description:
        'Who is in which group, by people of `people.yml`: `"team:acme/data": [bob]`. `unavailable`: it cannot be looked up. A group that is not named has nobody, `role:admin` is whoever the settings name, `role:member` every member, and managers are those of `people.yml`. Guests are put into their own: `"guest:customer": [cleo]`.',
      additionalProperties: {
        type: ['array', 'string'],
        maxItems: 1000,
        uniqueItems: true,
        items: personSchema,
        pattern: '^unavailable$',
        wants: 'a list of people, or the word unavailable',
      },
    },
    request: {
      type: 'object',
      additionalProperties: false,
      description: 'What is asked for.',
      properties: {
        requester: { ...personSchema, description: 'Who asks: a person of `people.yml`.' },
        target: {
          ...anyNameSchema,
          description: 'The name of a target. Not needed where there is only one.',
        },
        duration: { ...grantedForSchema, description: 'For how long. Default: the flow’s.' },
        fields: {
          type: 'object',
          maxProperties: 60,
          description:
            'The answers, by the names of the fields, as people type them; `null` is none. Where the requester types a name to confirm, it is `confirm`.',
          additionalProperties: {
            type: ['string', 'number', 'boolean', 'array', 'null'],
            maxItems: 100,
            items: { type: ['string', 'number'] },
          },
        },
        break_glass: {
          const: true,
          description:
            '`true`: it does not wait for approval. The reason and the confirmation are those of somebody who means it.',
        },
        source: {
          type: 'string',
          enum: sources,
          description: 'Where it is asked. Default: `github`.',
        },
        at: {
          type: 'string',
          pattern: '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$',
          wants: 'a time in UTC, such as 2026-03-10T09:00:00Z',
          description: 'When it is asked. Default: `2026-03-10T09:00:00Z`, a Tuesday.',
        },
      },
    },
    history: {
      type: ['object', 'string'],
      additionalProperties: false,
      pattern: '^unavailable$',
      wants: 'a map of numbers, or the word unavailable',
      description:
        'How many earlier requests of this flow the requester made, within whatever time a condition asks for. `unavailable`: it cannot be looked up. Default: none.',
      properties: {
        requests: { ...countSchema, description: 'How many were made.' },
        granted: { ...countSchema, description: 'How many of them were granted.' },
        denied: { ...countSchema, description: 'How many of them were denied.' },
      },
    },
    options: {
      type: 'object',
      maxProperties: 50,
      propertyNames: fieldNameSchema,
      additionalProperties: {
        type: ['array', 'string'],
        maxItems: 100,
        items: { type: 'string', minLength: 1, maxLength: 150 },
        pattern: '^unavailable$',
        wants: 'a list of texts, or the word unavailable',
      },
      description:
        'What fields with `options_from` offer, by field: a list, or `unavailable`, where they cannot be read.',
    },
    incidents: {
      type: ['object', 'string'],
      maxProperties: 50,
      pattern: '^unavailable$',
      wants: 'a map of incidents, or the word unavailable',
      description:
        'Incidents by the id or the number that conditions ask for: `PINC001: { status: triggered, assigned_to: [ann] }`. `unavailable`: they cannot be looked up. Default: there are none.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['status'],
        properties: {
          status: { type: 'string', enum: incidentStatuses, description: 'Where it stands.' },
          urgency: { type: 'string', enum: ['high', 'low'], description: 'Default: `high`.' },
          service: { ...anyNameSchema, description: 'The id of the service that it is on.' },
          assigned_to: {
            type: 'array',
            maxItems: 50,
            uniqueItems: true,
            items: personSchema,
            description: 'The people of `people.yml` whom it is assigned to.',
          },
        },
      },
    },
    code: {
      type: 'object',
      maxProperties: 20,
      propertyNames: { type: 'string', enum: [...hooksBefore, ...hooksAwaited] },
      additionalProperties: {
        type: ['object', 'string'],
        additionalProperties: false,
        pattern: '^unavailable$',
        wants: 'what the hook answers, or the word unavailable',
        properties: {
          approve: {
            type: ['boolean', 'array'],
            items: { type: 'string' },
            maxItems: 20,
            description: 'The steps that it stands for; `true`: all of them.',
          },
          deny: { type: 'string', maxLength: 300, description: 'The reason.' },
          ignore: { type: 'string', maxLength: 300, description: 'The message to whoever took the step.' },
        },
      },
      description:
        'What the code of the flow answers, by hook. `unavailable`: it comes to no answer. Default: it goes on.',
    },
    outside: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['http', 'answers'],
        properties: {
          http: {
            type: 'string',
            maxLength: 1000,
            pattern: '^https://[^\\s*]+\\*?$',
            wants: 'an address that begins with https://; a * at its end stands for anything',
            description: 'The address that is called, in full. A `*` at its end stands for anything.',
          },
          method: {
            type: 'string',
            enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
            description: 'Default: any.',
          },
          answers: {
            type: ['object', 'string'],
            additionalProperties: false,
            pattern: '^fails$',
            wants: 'what it answers, or the word fails',
            properties: {
              status: { type: 'integer', minimum: 200, maximum: 599, description: 'Default: 200.' },
              json: { description: 'What comes as JSON.' },
              text: { type: 'string', maxLength: 10_000, description: 'What comes as text.' },
            },
            description: '`fails`: nobody answers.',
          },
        },
      },
      description:
        'What answers the calls of the flow’s own code. Where it stands, and be it `[]`, the code runs, in `countersign test` alone; the first that fits answers, a scenario’s own before those of the file. A call that nothing fits fails the scenario.',
    },
    answers: {
      type: 'object',
      additionalProperties: false,
      properties: {
        approval: {
          type: ['object', 'string'],
          pattern: '^unavailable$',
          wants: 'the steps that the code answers, or the word unavailable',
          additionalProperties: false,
          required: ['steps'],
          properties: approvalAnswerSchema.properties,
          description: 'Who is asked. Default: the code comes to no answer, and the steps of the flow are.',
        },
        available: {
          type: ['object', 'string'],
          pattern: '^unavailable$',
          wants: 'why it is not open, or the word unavailable',
          additionalProperties: false,
          required: ['why'],
          properties: {
            why: { type: 'string', minLength: 1, maxLength: 300, description: 'Why it is not open.' },
          },
          description: 'Whether the requester may ask now. Default: they may.',
        },
      },
      description: 'What the code of the flow answers in the place of YAML.',
    },
    review: {
      type: 'string',
      enum: ['overdue', 'unavailable'],
      description:
        '`overdue`: the requester broke the glass before, and the review of that is overdue. `unavailable`: it cannot be looked up. Default: none is.',
    },
    access: {
      type: 'string',
      enum: ['granted', 'held', 'fails'],
      description:
        '`granted`: access is given and taken back at once. `held`: the requester has it already. `fails`: it cannot be given. Default: `granted`.',
    },
    actions: {
      type: 'object',
      maxProperties: 5,
      description:
        'What becomes of what runs after the approval, by the name of the action. `fails`: it cannot be run. Default: it runs at once.',
      additionalProperties: { type: 'string', enum: ['runs', 'fails'] },
    },
  },
} as const;

export const expectSchema = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  description: 'How things stand now. Only what is named is looked at.',
  properties: {
    status: { type: 'string', enum: statuses, description: 'The status of the request.' },
    asks: { ...namesSchema, description: 'The steps that are asked now, all of them. `[]`: none.' },
    refused: {
      type: 'string',
      enum: codes,
      description: 'The code of the refusal that this meets. A refusal that is not expected is a failure.',
    },
    rules: {
      ...namesSchema,
      description: 'The rules that held when they were judged, all of them. `[]`: none.',
    },
    approved_by: {
      type: 'object',
      minProperties: 1,
      maxProperties: 20,
      description: 'Who or what met a step, by the step’s name: people, or a rule.',
      additionalProperties: {
        type: ['string', 'array'],
        maxLength: 100,
        uniqueItems: true,
        maxItems: 20,
        items: anyNameSchema,
      },
    },
    review: {
      type: 'string',
      enum: ['none', 'open', 'overdue', 'given'],
      description: 'Where the review stands of what nobody approved. `none`: it needs none.',
    },
    denied_by: { ...anyNameSchema, description: 'The person or the rule that denied it.' },
    reason: { ...textSchema, description: 'The reason of the denial: a rule’s, or what its giver said.' },
    expires_in: {
      ...grantedForSchema,
      description:
        'How long from now the access lasts, or the approval may be used. `until-revoked`: without end.',
    },
    lapses_in: { ...durationSchema, description: 'How long from now it waits for a decision.' },
    message: { ...textSchema, description: 'The `message` of the flow, as the card shows it.' },
    runs: {
      ...namesSchema,
      description: 'The actions that have run by now, all of them, by their names. `[]`: none.',
    },
    tells: {
      ...namesSchema,
      description:
        'Where people have been told by now of the steps that are asked, all of it, if every message arrived; the request’s own issue is not named. A message together is `people:ann,bob`. `[]`: nowhere.',
    },
  },
} as const;

export const turnSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'What happens next: one of `approve`, `deny`, `revoke`, `cancel`, `extend`, `review` and `wait`.',
  properties: {
    approve: { ...personSchema, description: 'Who approves.' },
    deny: { ...personSchema, description: 'Who denies.' },
    revoke: { ...personSchema, description: 'Who ends the access.' },
    cancel: { ...personSchema, description: 'Who takes the request back.' },
    extend: { ...personSchema, description: 'Who asks for more time.' },
    review: { ...personSchema, description: 'Who reviews what nobody approved, and says so.' },
    wait: {
      ...durationSchema,
      description: 'How much time passes, at most 365d. What becomes due on the way happens, in its order.',
    },
    message: { ...textSchema, description: 'What is said with it.' },
    as: {
      const: 'admin',
      description: 'With `approve`: they stand in as an admin, and the message is the reason.',
    },
    for: { ...durationSchema, description: 'With `approve`: less than was asked for.' },
    outcome: {
      type: 'string',
      enum: ['fine', 'concern'],
      description: 'With `review`: what they think of it. Default: `fine`.',
    },
    by: { ...durationSchema, description: 'With `extend`: how much more. Default: as much as at first.' },
    expect: expectSchema,
  },
} as const;

export const scenariosSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Scenarios of a flow',
  description:
    'Tests of the flow NAME in `flows/NAME.test.yml`: what is given, what is done, what is expected.',
  type: 'object',
  additionalProperties: false,
  required: ['scenarios'],
  properties: {
    given: givenSchema,
    scenarios: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      description: 'Each is played by itself, from the request on.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { ...labelSchema, maxLength: 200, description: 'What the scenario shows, in a sentence.' },
          given: givenSchema,
          expect: { ...expectSchema, description: 'How things stand once it was asked.' },
          then: {
            type: 'array',
            maxItems: 50,
            items: turnSchema,
            description: 'What happens next, one after the other.',
          },
        },
      },
    },
  },
} as const;

export type ScenariosFile = FromSchema<typeof scenariosSchema>;
export type ScenarioFile = ScenariosFile['scenarios'][number];
export type GivenFile = NonNullable<ScenariosFile['given']>;
export type ExpectFile = NonNullable<ScenarioFile['expect']>;
export type TurnFile = NonNullable<ScenarioFile['then']>[number];
