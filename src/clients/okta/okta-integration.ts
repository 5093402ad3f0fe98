// What an integration of type `okta` holds: the org by its domain, and a token or a service app that signs with its key.
import type { FromSchema } from 'json-schema-to-ts';
import { secretReference } from '../secret-text.ts';

export const oktaIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'domain'],
  oneOf: [{ required: ['token'] }, { required: ['client_id', 'private_key'] }],
  dependentRequired: { private_key: ['client_id'], client_id: ['private_key'], key_id: ['private_key'] },
  properties: {
    type: { const: 'okta' },
    domain: {
      type: 'string',
      maxLength: 253,
      pattern: '^(?![a-z0-9-]*-admin\\.)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$',
      wants:
        'the domain of an org of Okta in small letters, such as acme.okta.com, and not the one with -admin',
      description:
        'The org: `acme.okta.com`, `acme.oktapreview.com`, `acme.okta-emea.com` or a domain of your own. Not the one with `-admin`.',
    },
    token: { ...secretReference, description: 'An API token of Okta (SSWS).' },
    client_id: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,100}$',
      wants: 'the client id of a service app',
      description: 'In the place of a token: a service app (OAuth 2.0, client credentials).',
    },
    private_key: {
      ...secretReference,
      description: 'Its private key, PEM (PKCS #8) or JWK, RSA. It signs, and is never sent.',
    },
    key_id: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.-]{1,200}$',
      wants: 'the id of a key',
      description: 'The `kid` of that key, where the app has several.',
    },
  },
} as const;

export type OktaIntegration = FromSchema<typeof oktaIntegration>;
