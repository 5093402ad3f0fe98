// JSON Schema of who is who on Slack: workspaces and users by their ids, and the guests of a desk.
import { domainsSchema, labelSchema, mailedAddressSchema, personPattern } from './pieces.ts';

export const slackUserSchema = {
  type: 'string',
  pattern: '^[UW][A-Z0-9]{5,20}$',
  wants: 'a Slack user id, such as U07ANN000',
} as const;

export const slackWorkspaceSchema = {
  type: 'string',
  pattern: '^[TE][A-Z0-9]{5,20}$',
  wants: 'a Slack workspace id, such as T07ACME00',
} as const;

/** A group of people from outside. */
export const guestsSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['label'],
  properties: {
    label: { ...labelSchema, description: 'What people read: the name of the customer, say.' },
    slack_workspaces: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      uniqueItems: true,
      items: slackWorkspaceSchema,
      description: 'Everybody whose own workspace it is, over Slack Connect. Never the desk’s own.',
    },
    slack_users: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      uniqueItems: true,
      items: {
        type: 'string',
        pattern: '^([TE][A-Z0-9]{5,20}/)?[UW][A-Z0-9]{5,20}$',
        wants:
          'a Slack user id, such as U07GUEST0, with its workspace before it where that is another: T9CUST000/U09CLEO00',
      },
      description: 'Single users: guests of the desk’s own workspace, or of another one, `T…/U…`.',
    },
    people: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      uniqueItems: true,
      items: { type: 'string', pattern: personPattern, wants: 'a letter, then letters, digits, ., - and _' },
      description: 'People of `people.yml` whose role is guest.',
    },
    email_domains: {
      ...domainsSchema,
      minItems: 1,
      description: 'Narrows the group to those with an e-mail address there. Alone it proves nothing.',
    },
    emails: {
      type: 'array',
      minItems: 1,
      maxItems: 200,
      uniqueItems: true,
      items: mailedAddressSchema,
      description:
        'Addresses outside Slack. Where a flow has `allow_guests: { email_links: true }` and a step tells `email:ADDRESS`, a signed link is mailed there, by which one decides once.',
    },
  },
} as const;
