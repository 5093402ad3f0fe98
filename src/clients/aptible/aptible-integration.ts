// What an integration of type `aptible` holds: the robot user that acts for us, as Aptible gives machines no key of their own.
import type { FromSchema } from 'json-schema-to-ts';
import { secretReference } from '../secret-text.ts';

export const aptibleIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'username', 'password'],
  properties: {
    type: { const: 'aptible' },
    username: {
      type: 'string',
      pattern: '^[^@\\s]{1,64}@[^@\\s]{1,190}$',
      wants: 'an e-mail address',
      description: 'The e-mail address of a user of its own, who has no second factor.',
    },
    password: { ...secretReference, description: 'Of that user. Granted for the host `auth.aptible.com`.' },
  },
} as const;

export type AptibleIntegration = FromSchema<typeof aptibleIntegration>;
