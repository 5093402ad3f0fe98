// An integration of type `http`: where a service is, and what it knows us by.
import type { FromSchema } from 'json-schema-to-ts';

const secret = { type: 'string', pattern: '^\\$\\{\\{\\s*secrets\\.[A-Z][A-Z0-9_]*\\s*\\}\\}$' } as const;

export const httpIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'base_url'],
  properties: {
    type: { const: 'http' },
    base_url: { type: 'string', pattern: '^https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$' },
    token: { ...secret, description: 'Sent as a bearer token.' },
    signing_secret: { ...secret, description: 'Each request is signed with it.' },
    headers: {
      type: 'object',
      maxProperties: 20,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9-]*$' },
      additionalProperties: { type: 'string', pattern: '^[ -~]*$' },
      description: 'Sent with each request. A text may hold ${{ secrets.NAME }}.',
    },
  },
} as const;

export type HttpIntegration = FromSchema<typeof httpIntegration>;
