// JSON Schema of targets: the same in a flow and, to be shared by several, in the settings of the desk.
import { groupSchema, labelSchema, nameSchema } from './pieces.ts';

export const groupsSchema = { type: 'array', maxItems: 50, uniqueItems: true, items: groupSchema } as const;

const targetSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['settings'],
  properties: {
    label: {
      ...labelSchema,
      description: 'What people read. May be bound to fields, as settings may. Default: the name.',
    },
    settings: {
      type: 'object',
      description:
        "What exactly is granted, in the strategy's own words. A text may be bound to a field: `${{ fields.repository }}`; its answers must be limited by options or a pattern. `${{ vars.NAME }}` is a variable.",
    },
    requesters: {
      ...groupsSchema,
      minItems: 1,
      description: "Narrows who may ask for this target. Default: the flow's `requesters`.",
    },
  },
} as const;

export const targetsSchema = {
  type: 'object',
  minProperties: 1,
  maxProperties: 100,
  propertyNames: nameSchema,
  additionalProperties: targetSchema,
} as const;
