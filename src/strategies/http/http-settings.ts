// What a target of the generic HTTP strategy holds.
import type { FromSchema } from 'json-schema-to-ts';
import { requestPath } from '../../clients/http/request-path.ts';
import type { Settings } from '../../domain/flow.ts';

const path = {
  ...requestPath,
  description:
    'Below `base_url`. May hold {{account}}, {{request}} and {{sealed.NAME}}, which are percent-encoded.',
} as const;

const body = {
  type: 'object',
  description: 'Sent as JSON. Its texts may hold the same placeholders.',
} as const;

const names = {
  type: 'array',
  maxItems: 10,
  items: {
    type: 'string',
    pattern: '^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$',
    wants: 'a place in JSON, such as data.url',
  },
} as const;

export const httpSettings = {
  type: 'object',
  additionalProperties: false,
  required: ['grant', 'revoke'],
  properties: {
    account: {
      enum: ['person', 'email', 'github-id', 'github-login'],
      default: 'person',
      description:
        'What {{account}} is: the name in people.yml, the e-mail address there, or the GitHub account.',
    },
    grant: {
      type: 'object',
      additionalProperties: false,
      required: ['method', 'path'],
      properties: { method: { enum: ['PUT', 'POST', 'PATCH'] }, path, body },
      description: 'Gives the access. 409 means that it is there already.',
    },
    revoke: {
      type: 'object',
      additionalProperties: false,
      required: ['method', 'path'],
      properties: { method: { enum: ['DELETE', 'POST', 'PUT', 'PATCH'] }, path, body },
      description: 'Takes it away. 404 and 410 mean that it is gone already.',
    },
    check: {
      type: 'object',
      additionalProperties: false,
      required: ['path'],
      properties: { method: { enum: ['GET', 'HEAD'] }, path },
      description:
        'Tells whether it is there: 2xx is yes, 404 and 410 are no. Without it, answers have to be believed.',
    },
    keep: {
      type: 'object',
      additionalProperties: false,
      properties: { recorded: names, sealed: names, handed_over: names },
      description:
        'Parts of the answer to the grant, by their place in its JSON: for the ledger, sealed until it is taken away, or handed over to the requester, who is shown it once, in Slack.',
    },
  },
} as const;

/** A body is an object of settings like any other. */
type Options = {
  keepDefaultedPropertiesOptional: true;
  deserialize: [{ pattern: typeof body; output: Settings }];
};
export type HttpSettings = FromSchema<typeof httpSettings, Options>;
