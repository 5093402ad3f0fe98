// JSON Schema of `break_glass`: access in an emergency, without approval and reviewed afterwards.
import { durationSchema } from './pieces.ts';
import { groupsSchema as groups } from './target-schema.ts';

export const breakGlassSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['who', 'max', 'reviewers', 'review_within'],
  description:
    'Access in an emergency: nobody is asked, everybody is told, and a second person reviews it afterwards. Default: nobody has access before somebody approved.',
  properties: {
    who: {
      ...groups,
      minItems: 1,
      description: 'Who may, among the `requesters`. Never guests.',
    },
    targets: {
      type: 'array',
      minItems: 1,
      maxItems: 100,
      uniqueItems: true,
      items: { type: 'string' },
      description: 'Names of targets that can be had this way. Default: all.',
    },
    max: {
      ...durationSchema,
      description:
        'How long access may last in all, extensions included. At least the shortest duration of the flow, and at most the longest.',
    },
    reviewers: {
      ...groups,
      minItems: 1,
      description: 'Who may review it. Never the requester, and never guests.',
    },
    review_within: {
      ...durationSchema,
      description:
        'From then on a review is overdue: it is raised each day, and whoever asked cannot break the glass again before it was given. At most 30d.',
    },
  },
} as const;
