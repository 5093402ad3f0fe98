// JSON Schema of `flows/countersign.yml`: what all flows of a desk share.
import type { FromSchema } from 'json-schema-to-ts';
import {
  allowRevokeSchema,
  decisionMessageSchema,
  durationSchema,
  extendSchema,
  groupSchema,
  labelSchema,
  nameSchema,
  notBuilt,
  textSchema,
  varsSchema,
} from './pieces.ts';
import { targetsSchema } from './target-schema.ts';

const domains = {
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
        members: { ...domains, description: 'Whose people are members.' },
        link_by_email: { ...domains, description: 'Where the same e-mail address proves the same person.' },
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
        warn_before_expiry: notBuilt('When the requester is warned that access ends.'),
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
          notify: notBuilt('Channels that are told of every request.'),
          errors: notBuilt('The channel for errors.'),
          sinks: notBuilt('Where entries are sent as well.'),
        },
      },
    },
    guests: notBuilt('Groups of people outside the organisation, who may decide where a flow allows it.'),
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
