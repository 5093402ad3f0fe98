// What an integration of type `google` holds: a service account with domain-wide delegation, and the admin it acts for.
import type { FromSchema } from 'json-schema-to-ts';

const secret = '\\$\\{\\{\\s*secrets\\.[A-Z][A-Z0-9_]*\\s*\\}\\}';
const address = {
  type: 'string',
  maxLength: 254,
  pattern: `^(${secret}|[^@\\s]+@[A-Za-z0-9.-]+)$`,
  wants: 'an e-mail address',
} as const;

export const googleIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'subject', 'client_email', 'private_key'],
  properties: {
    type: { const: 'google' },
    subject: {
      ...address,
      description: 'The administrator of Google Workspace whom the service account acts for.',
    },
    client_email: { ...address, description: 'The service account, as in its key file.' },
    private_key: {
      type: 'string',
      pattern: `^${secret}$`,
      wants: 'a secret of the operator by its name, ${{ secrets.NAME }}',
      description:
        'Its key, as in the key file. It signs, and is never sent: grant it for `oauth2.googleapis.com`.',
    },
  },
} as const;

export type GoogleIntegration = FromSchema<typeof googleIntegration>;
