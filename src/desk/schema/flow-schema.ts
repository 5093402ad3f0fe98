// JSON Schema of a flow's file: the one source of its validator, its types, editor help and the reference.
import type { FromSchema } from 'json-schema-to-ts';
import { maxFilledLength } from '../../domain/template.ts';
import { actionsSchema } from './actions-schema.ts';
import { codeSchema, strategyFileSchema, strategyHostsSchema } from './code-schema.ts';
import { breakGlassSchema } from './break-glass-schema.ts';
import { fieldSchema } from './field-schema.ts';
import { notifySchema } from './notify-schema.ts';
import { groupsSchema as groups, targetsSchema } from './target-schema.ts';
import {
  allowRevokeSchema,
  conditionSchema,
  decisionMessageSchema,
  durationSchema,
  extendSchema,
  fieldNameSchema,
  grantedForSchema,
  labelSchema,
  nameSchema,
  notBuilt,
  textSchema,
  varsSchema,
} from './pieces.ts';

const stepSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'approvers'],
  properties: {
    name: { ...nameSchema, description: 'The name of the step, shown to people and used in `needs`.' },
    approvers: {
      ...groups,
      minItems: 1,
      description: 'Who may decide. Anybody who belongs to one of these groups.',
    },
    count: {
      type: 'integer',
      minimum: 1,
      maximum: 20,
      description: 'How many people must approve. One person fills one step. Default: 1.',
    },
    if: {
      ...conditionSchema,
      description: 'CEL. The step is asked only where this holds, and where it cannot be judged.',
    },
    needs: {
      type: 'array',
      uniqueItems: true,
      maxItems: 20,
      items: { type: 'string' },
      description: 'Steps that must be met before this one is asked.',
    },
    people_only: {
      type: 'boolean',
      description:
        'The step is met by its own people: no rule, no code and no admin stands in. Default: false.',
    },
    notify: {
      ...notifySchema,
      description:
        'Who is told that the step is asked, one after the other; it decides nothing. Default: that of the environment, else of the desk, else the channels among the `approvers`. An empty list: nobody but on GitHub.',
    },
  },
} as const;

const { if: _, ...answeredProperties } = stepSchema.properties;

/** What code answers for `approval`: the same, but for conditions, which it judges itself. */
export const approvalAnswerSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['steps'],
  properties: {
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      items: { ...stepSchema, properties: answeredProperties },
      description: 'All of them must be met, at once or after those that they need.',
    },
  },
} as const;

const ruleSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'if'],
  properties: {
    name: { ...nameSchema, description: 'The name of the rule, shown to people.' },
    if: {
      ...conditionSchema,
      description: 'CEL. The rule applies where this holds. It may read who asks, where and when as well.',
    },
    approve: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string' },
      description:
        'Names of steps that count as approved. Not where it cannot be judged, and never a step that is `people_only`.',
    },
    deny: {
      const: true,
      description:
        '`true`: the request is denied, whatever else approves it. Where it cannot be judged, the request is held and says why.',
    },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: maxFilledLength,
      description:
        'Shown to people and kept in the ledger. May hold `${{ fields.NAME }}`, `${{ request.target }}`, `${{ request.duration }}`, `${{ requester.name }}` and `${{ vars.NAME }}`.',
    },
  },
} as const;

export const flowSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A flow',
  description: 'One file a flow, `flows/NAME.yml`. Top to bottom it is the life of a request.',
  type: 'object',
  additionalProperties: false,
  required: ['requesters', 'approval'],
  properties: {
    label: { ...labelSchema, description: 'What people read. Default: the name of the file.' },
    description: { ...textSchema, description: 'What this is for, in a sentence or two.' },
    header: { ...textSchema, description: 'Shown above the form.' },
    danger: { ...textSchema, description: "A warning shown with every request. Default: the environment's." },
    message: {
      type: 'string',
      minLength: 1,
      maxLength: maxFilledLength,
      description:
        'A line shown on the card of a request. May hold the same `${{ … }}` as the reason of a rule.',
    },
    confirm: {
      const: 'typed',
      description:
        '`typed`: the requester types the name of the target, or of an approval-only flow, to confirm.',
    },
    environment: { ...nameSchema, description: 'One of the `environments` of `countersign.yml`.' },
    if: notBuilt('Hides the flow from those it is not for.'),

    strategy: {
      type: 'object',
      additionalProperties: false,
      required: ['type'],
      description: 'How access is granted and taken back. Without it, the flow is approval-only.',
      properties: {
        type: { type: 'string', description: 'The name of the strategy.', examples: ['github-team'] },
        integration: {
          type: 'string',
          description: 'One of the `integrations` of `countersign.yml`, where the strategy needs one.',
        },
        file: strategyFileSchema,
        hosts: strategyHostsSchema,
        end_sessions: {
          type: 'boolean',
          description:
            'Cuts sessions that are still open when access ends; not every strategy can. Default: false.',
        },
      },
    },
    targets: { ...targetsSchema, description: 'What may be asked for, by name.' },
    shared_targets: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: { type: 'string' },
      description: 'Names of `targets` of `countersign.yml`, offered besides the flow’s own.',
    },
    duration: {
      type: 'object',
      additionalProperties: false,
      required: ['options'],
      description: 'How long access may last. The clock starts when the access is there.',
      properties: {
        options: {
          type: 'array',
          minItems: 1,
          maxItems: 25,
          uniqueItems: true,
          items: grantedForSchema,
          description:
            'The possible durations, in `s`, `m`, `h` or `d`. `until-revoked` has no end, and needs somebody who may revoke.',
        },
        default: { ...grantedForSchema, description: 'One of the options. Default: the first.' },
      },
    },
    extend: {
      ...extendSchema,
      description: 'Whether and how far access may be extended. Default: the desk’s, else not at all.',
    },

    requesters: { ...groups, description: 'Who may ask. An empty list is nobody.' },
    sources: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'string', enum: ['github', 'slack', 'api', 'web'] },
      description:
        'Where it may be asked for. Default: wherever this desk is set up. An empty list is nowhere.',
    },
    fields: {
      type: 'object',
      maxProperties: 50,
      propertyNames: fieldNameSchema,
      additionalProperties: fieldSchema,
      description: 'What is asked, by name and in this order.',
    },

    approval: {
      type: 'object',
      additionalProperties: false,
      required: ['steps'],
      description: 'Who decides.',
      properties: {
        steps: {
          type: 'array',
          minItems: 1,
          maxItems: 20,
          items: stepSchema,
          description: 'All of them must be met, at once or after those that they need.',
        },
        lapse_after: {
          ...durationSchema,
          description: 'When a request that nobody decided lapses. At most 7d. Default: 24h.',
        },
        allow_self_approval: {
          type: 'boolean',
          description: 'Whether the requester may approve their own request. Default: false.',
        },
        valid_for: {
          ...durationSchema,
          description: 'Approval-only flows: how long an approval may be used. Default: 1h.',
        },
        decision_message: {
          ...decisionMessageSchema,
          description: 'Whether deciding asks for a message. `off` keeps none. Default: `optional`.',
        },
      },
    },
    allow_revoke: {
      ...allowRevokeSchema,
      description: 'Who may end access early, besides admins. Default: requester and approvers.',
    },
    allow_guests: {
      type: ['boolean', 'object'],
      additionalProperties: false,
      required: ['email_links'],
      properties: {
        email_links: {
          type: 'boolean',
          description:
            'Whether they may also decide by a signed link, mailed to an address of their group. It proves less: whoever reads the mail decides.',
        },
      },
      description:
        'Whether guests may decide where a step names their group, and end what they approved. They never ask. Default: false.',
    },
    viewers: notBuilt('Who may see requests on the web page.'),
    rules: {
      type: 'array',
      maxItems: 50,
      items: ruleSchema,
      description:
        'Conditions that approve named steps, or deny. All are judged, once, when it is asked; a denial beats every approval.',
    },
    break_glass: breakGlassSchema,
    code: codeSchema,
    after_approve: actionsSchema,
    ledger: notBuilt('`deferred`: what to do in an outage of GitHub.'),
    sinks: notBuilt('Where entries of this flow are sent as well.'),
    vars: {
      ...varsSchema,
      description: 'Variables of this flow, by name: texts, numbers, true, false or lists of texts.',
    },
  },
} as const;

export type FlowFile = FromSchema<typeof flowSchema>;
export type ApprovalAnswerFile = FromSchema<typeof approvalAnswerSchema>;
export type FieldFile = NonNullable<FlowFile['fields']>[string];
