// What an integration of type `tailscale` holds: the tailnet, and the OAuth client that speaks for it.
import type { FromSchema } from 'json-schema-to-ts';
import { secretReference } from '../secret-text.ts';

export const tailscaleIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'tailnet', 'client_id', 'client_secret'],
  properties: {
    type: { const: 'tailscale' },
    tailnet: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._@-]{0,253}$',
      wants: 'the id of a tailnet, as under Settings → General',
      description:
        'The tailnet ID, as under Settings → General of the admin console. Write it the same everywhere.',
    },
    client_id: {
      type: 'string',
      pattern: '^[A-Za-z0-9]{1,64}$',
      wants: 'the client id of an OAuth client',
      description: 'Of the OAuth client.',
    },
    client_secret: {
      ...secretReference,
      description:
        'Of the OAuth client, which has the scopes `policy_file` and `users:read`. Granted for the host `api.tailscale.com`.',
    },
  },
} as const;

export type TailscaleIntegration = FromSchema<typeof tailscaleIntegration>;
