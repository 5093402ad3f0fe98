// What an integration of type `okta` holds: the org by its domain, and a token or a service app that signs with its key.
import type { FromSchema } from 'json-schema-to-ts';

const secret = { type: 'string', pattern: '^\\$\\{\\{\\s*secrets\\.[A-Z][A-Z0-9_]*\\s*\\}\\}$' } as const;

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
      description:
        'The org: `acme.okta.com`, `acme.oktapreview.com`, `acme.okta-emea.com` or a domain of your own. Not the one with `-admin`.',
    },
    token: { ...secret, description: 'An API token of Okta (SSWS).' },
    client_id: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{1,100}$',
      description: 'In the place of a token: a service app (OAuth 2.0, client credentials).',
    },
    private_key: {
      ...secret,
      description: 'Its private key, PEM (PKCS #8) or JWK, RSA. It signs, and is never sent.',
    },
    key_id: {
      type: 'string',
      pattern: '^[A-Za-z0-9_.-]{1,200}$',
      description: 'The `kid` of that key, where the app has several.',
    },
  },
} as const;

export type OktaIntegration = FromSchema<typeof oktaIntegration>;
