// JSON Schema of `flows/countersign.yml`: what all flows of a desk share.
import type { FromSchema } from 'json-schema-to-ts';
import {
  allowRevokeSchema,
  decisionMessageSchema,
  domainsSchema,
  durationSchema,
  extendSchema,
  groupSchema,
  labelSchema,
  nameSchema,
  notBuilt,
  textSchema,
  varsSchema,
} from './pieces.ts';
import { destinationSchema, notifySchema } from './notify-schema.ts';
import { guestsSchema, slackWorkspaceSchema } from './slack-schema.ts';
import { targetsSchema } from './target-schema.ts';

const integrations = {
  type: 'object',
  maxProperties: 100,
  propertyNames: nameSchema,
  additionalProperties: {
    type: 'object',
    required: ['type'],
    properties: {
      type: { type: 'string', minLength: 1, description: 'The kind of service: `http`, say.' },
    },
  },
} as const;

export const settingsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Settings of a desk',
  description: '`flows/countersign.yml`: what all flows of a desk share.',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'admins'],
  properties: {
    version: { const: 1, description: 'The version of this language: 1.' },
    admins: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      items: groupSchema,
      description: 'Who are admins of this desk. Owning the organisation gives nothing.',
    },
    domains: {
      type: 'object',
      additionalProperties: false,
      description: 'Which e-mail domains are trusted, and for what.',
      properties: {
        members: { ...domainsSchema, description: 'Whose people are members.' },
        link_by_email: {
          ...domainsSchema,
          description: 'Where the same e-mail address proves the same person.',
        },
      },
    },
    defaults: {
      type: 'object',
      additionalProperties: false,
      description: 'What flows have that do not say otherwise.',
      properties: {
        lapse_after: {
          ...durationSchema,
          description: 'When a request that nobody decided lapses. At most 7d. Default: 24h.',
        },
        allow_revoke: {
          ...allowRevokeSchema,
          description: 'Who may end access early, besides admins. Default: requester and approvers.',
        },
        valid_for: {
          ...durationSchema,
          description: 'Approval-only flows: how long an approval may be used. Default: 1h.',
        },
        extend: {
          ...extendSchema,
          description: 'Access flows: whether and how far access may be extended. Default: not at all.',
        },
        decision_message: {
          ...decisionMessageSchema,
          description: 'Whether deciding asks for a message. `off` keeps none. Default: `optional`.',
        },
        warn_before_expiry: {
          ...durationSchema,
          description:
            'Access flows: how long before access ends whoever asked is warned. Default: they are not.',
        },
      },
    },
    integrations: {
      ...integrations,
      description:
        'Services that strategies use, by name. What they hold depends on their type; secrets are named, `${{ secrets.NAME }}`, and never written here.',
    },
    environments: {
      type: 'object',
      maxProperties: 50,
      propertyNames: nameSchema,
      description: 'Sandbox, production and the like, by name.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          label: { ...labelSchema, description: 'What people read. Default: the name.' },
          danger: { ...textSchema, description: 'A warning shown with every request of this environment.' },
          integrations: {
            ...integrations,
            description: 'Services of this environment. One of the same name replaces that of the desk.',
          },
          vars: {
            ...varsSchema,
            description: 'Variables of this environment. One of the same name replaces that of the desk.',
          },
          notify: {
            ...notifySchema,
            description: 'Who is told of steps of this environment. Default: the desk’s.',
          },
          errors: {
            ...destinationSchema,
            description:
              'The channel for errors in flows of this environment: `slack-channel:NAME`. Default: the desk’s.',
          },
          sinks: notBuilt('Where entries are sent as well.'),
        },
      },
    },
    guests: {
      type: 'object',
      maxProperties: 50,
      propertyNames: nameSchema,
      additionalProperties: guestsSchema,
      description:
        'Groups of people from outside, by name: `guest:NAME` in a step. They decide where a flow has `allow_guests`, and never ask.',
    },
    notify: {
      ...notifySchema,
      description: 'Who is told of steps, where neither the step nor its environment says so.',
    },
    errors: {
      ...destinationSchema,
      description:
        'The channel for errors: `slack-channel:NAME`. Default: `countersign-errors`, if the app was invited there. What cannot be told there, or where there is none, is told in an issue.',
    },
    slack: {
      type: 'object',
      additionalProperties: false,
      required: ['workspace'],
      description: 'Slack, as far as this desk is concerned.',
      properties: {
        workspace: {
          ...slackWorkspaceSchema,
          description:
            'The desk’s own workspace. Needed only where this Countersign is connected to several.',
        },
      },
    },
    targets: {
      ...targetsSchema,
      description: 'Targets that several flows share: see `shared_targets` of a flow.',
    },
    sinks: notBuilt('Where entries are sent as well.'),
    vars: {
      ...varsSchema,
      description:
        'Variables of all flows, by name: texts, numbers, true, false or lists of texts. Written `${{ vars.NAME }}` in settings and texts.',
    },
  },
} as const;

export type SettingsFile = FromSchema<typeof settingsSchema>;
