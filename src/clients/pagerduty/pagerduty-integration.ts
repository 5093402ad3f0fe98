// What an integration of type `pagerduty` holds: an API key, and the region of the account.
import type { FromSchema } from 'json-schema-to-ts';
import { secretReference } from '../secret-text.ts';

export const pagerDutyIntegration = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'token'],
  properties: {
    type: { const: 'pagerduty' },
    token: {
      ...secretReference,
      description: 'A read-only API key of PagerDuty (REST API v2).',
    },
    service_region: {
      enum: ['us', 'eu'],
      default: 'us',
      description: 'Where the account is: `eu` where its address ends in `.eu.pagerduty.com`.',
    },
  },
} as const;

export type PagerDutyIntegration = FromSchema<
  typeof pagerDutyIntegration,
  { keepDefaultedPropertiesOptional: true }
>;
