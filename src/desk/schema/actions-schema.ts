// JSON Schema of what runs once a request is approved: the same for every kind, but for `with`, which each kind says itself.
import { nameSchema } from './pieces.ts';

export const actionsSchema = {
  type: 'array',
  minItems: 1,
  maxItems: 5,
  description:
    'What runs once a request is approved, one after the other; where one cannot be run, those after it are not. Only in flows without a strategy.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['run', 'with'],
    properties: {
      run: {
        type: 'string',
        description: 'The kind of action.',
        examples: ['github-workflow', 'http', 'aws-lambda', 'code'],
      },
      name: { ...nameSchema, description: 'The name, shown to people. Default: the kind.' },
      integration: {
        type: 'string',
        description: 'One of the `integrations` of `countersign.yml`, where the kind needs one.',
      },
      with: {
        type: 'object',
        description:
          "What exactly is called, in the kind's own words. Its texts may hold `${{ fields.NAME }}` where the kind takes answers, and `${{ request.id }}`, `${{ requester.id }}`, `${{ requester.name }}`, `${{ action.key }}` and `${{ vars.NAME }}`.",
      },
    },
  },
} as const;
