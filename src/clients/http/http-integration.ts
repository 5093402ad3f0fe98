// What an integration of type `http` holds: any service behind one address, and what proves to it who we are.
import type { FromSchema } from 'json-schema-to-ts';
import { secretReference } from '../secret-text.ts';

export const httpIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'base_url'],
  properties: {
    type: { const: 'http' },
    base_url: {
      type: 'string',
      pattern: '^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?$',
      wants: 'an address that begins with https://, without ? and #',
    },
    token: { ...secretReference, description: 'Sent as a bearer token.' },
    signing_secret: { ...secretReference, description: 'Each request is signed with it.' },
    headers: {
      type: 'object',
      maxProperties: 20,
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9-]*$', wants: 'a letter, then letters, digits and -' },
      additionalProperties: { type: 'string', pattern: '^[ -~]*$', wants: 'one line of plain characters' },
      description: 'Sent with each request. A text may hold ${{ secrets.NAME }}.',
    },
  },
} as const;

export type HttpIntegration = FromSchema<typeof httpIntegration>;
