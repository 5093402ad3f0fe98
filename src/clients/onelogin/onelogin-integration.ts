// What an integration of type `onelogin` holds: where the account's API is, and the API credentials that speak to it.
import type { FromSchema } from 'json-schema-to-ts';
import { secretReference } from '../secret-text.ts';

export const oneloginIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'host', 'client_id', 'client_secret'],
  properties: {
    type: { const: 'onelogin' },
    host: {
      type: 'string',
      pattern: '^([a-z0-9-]{1,63}|api\\.(us|eu))\\.onelogin\\.com$',
      wants: 'a host of OneLogin, such as acme.onelogin.com',
      description:
        'Where the API is: `acme.onelogin.com`, or `api.us.onelogin.com`, `api.eu.onelogin.com`. The secret is granted for this host.',
    },
    client_id: {
      type: 'string',
      pattern: '^[A-Za-z0-9]{1,128}$',
      wants: 'the client id of API credentials',
      description: 'Of the API credentials.',
    },
    client_secret: {
      ...secretReference,
      description: 'Of the API credentials, whose scope is “Manage All”.',
    },
  },
} as const;

export type OneloginIntegration = FromSchema<typeof oneloginIntegration>;
