// JSON Schema of `flows/people.yml`: who is who, each account pinned by an id that never changes hands.
import type { FromSchema } from 'json-schema-to-ts';
import { emailSchema, labelSchema, notBuilt, personPattern } from './pieces.ts';
import { slackUserSchema, slackWorkspaceSchema } from './slack-schema.ts';

export const peopleSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'People of a desk',
  description: '`flows/people.yml`: who is who. Changed by pull request, like everything that decides.',
  type: 'object',
  additionalProperties: false,
  required: ['people'],
  properties: {
    people: {
      type: 'object',
      maxProperties: 10_000,
      description: 'The people, by a short name that never changes: `person:NAME` in groups.',
      propertyNames: {
        type: 'string',
        pattern: personPattern,
        wants: 'a letter, then letters, digits, ., - and _',
      },
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { ...labelSchema, description: 'The name, as people read it.' },
          email: { ...emailSchema, description: 'The e-mail address at work.' },
          role: {
            type: 'string',
            enum: ['member', 'guest'],
            description: 'Default: member. Admins are listed in `countersign.yml`.',
          },
          github: {
            type: 'object',
            additionalProperties: false,
            required: ['login', 'id'],
            description: 'The account on GitHub.',
            properties: {
              login: {
                type: 'string',
                maxLength: 100,
                pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$',
                wants: 'a GitHub login, without @',
                description: 'For people to read. It may be renamed, and decides nothing.',
              },
              id: {
                type: 'integer',
                minimum: 1,
                description: 'The numeric id, which does: `gh api users/LOGIN --jq .id`.',
              },
            },
          },
          slack: {
            description: 'The account on Slack: the user id, with its workspace where that is another.',
            type: ['string', 'object'],
            pattern: slackUserSchema.pattern,
            wants: slackUserSchema.wants,
            additionalProperties: false,
            required: ['workspace', 'user'],
            properties: {
              workspace: { ...slackWorkspaceSchema, description: 'The id of the workspace.' },
              user: { ...slackUserSchema, description: 'The id of the user.' },
            },
          },
          manager: { type: 'string', description: 'Another person of this file.' },
          aws: notBuilt('The account in AWS.'),
          okta: notBuilt('The account in Okta.'),
          pagerduty: notBuilt('The account in PagerDuty.'),
        },
      },
    },
  },
} as const;

export type PeopleFile = FromSchema<typeof peopleSchema>;
