// JSON Schema of who is told: the routes of a step, of an environment and of the desk.
import type { FromSchema } from 'json-schema-to-ts';
import { durationSchema } from './pieces.ts';

/** Which places there are is judged by `destination-grammar.ts`, with better words than a pattern has. */
export const destinationSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 300,
  examples: ['slack-channel:access', 'person:bob', 'github'],
} as const;

const routeSchema = {
  type: ['string', 'object'],
  minLength: 1,
  maxLength: 300,
  additionalProperties: false,
  required: ['to'],
  properties: {
    to: {
      type: ['string', 'array'],
      minLength: 1,
      maxLength: 300,
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: destinationSchema,
      description: 'Where: one place, or several that are told at the same time.',
    },
    after: {
      ...durationSchema,
      description:
        'So long after the step was asked. Without it, the first of a list is told at once, and any other only where none before it could be told.',
    },
    together: {
      const: true,
      description: '`true`: the 2 to 8 people of `to` have one message, where they can talk about it.',
    },
  },
} as const;

export const notifySchema = { type: 'array', maxItems: 20, items: routeSchema } as const;

export type RouteFile = FromSchema<typeof notifySchema>[number];
