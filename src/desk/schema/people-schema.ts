// JSON Schema of `flows/people.yml`: who is who, each account pinned by an id that never changes hands.
import type { FromSchema } from 'json-schema-to-ts';
import { emailSchema, labelSchema, personPattern } from './pieces.ts';
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
          accounts: {
            type: 'object',
            maxProperties: 50,
            description:
              'Accounts in the services that access is granted in, by the service: `okta: 00u1a2b3c4`. Where a desk has several integrations of one kind, `okta@NAME` is the account by the integration NAME.',
            propertyNames: {
              type: 'string',
              pattern: '^[a-z][a-z0-9-]{0,40}(@[A-Za-z][A-Za-z0-9_-]{0,62})?$',
              wants: 'the name of a service, such as okta or okta@NAME',
            },
            additionalProperties: {
              type: 'string',
              maxLength: 254,
              // Addresses are made of it, which `.` and `..` would lead elsewhere.
              pattern: '^(?!(?:.*/)?\\.{1,2}(?:/|$))[^\\s\\p{Cc}]+$',
              wants:
                'the id of an account, without spaces, and not with . or .. as in a path; in quotes where it is a number',
            },
          },
        },
      },
    },
  },
} as const;

export type PeopleFile = FromSchema<typeof peopleSchema>;
