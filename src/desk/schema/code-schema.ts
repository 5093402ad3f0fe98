// JSON Schema of the code of a flow: which file, which of its hooks, and where it may call.
import { answerNames, hooksAfter, hooksAwaited, hooksBefore } from '../../domain/hooks.ts';

export const codeSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'TypeScript of this desk that has a say in requests of the flow. It runs in a sandbox, and reaches nothing that is not named here.',
  properties: {
    file: {
      type: 'string',
      maxLength: 150,
      pattern: '^([A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\\.ts$',
      wants: 'a file below flows/, such as training.ts',
      description: 'The file, below `flows/`. Default: the name of the flow, with `.ts`.',
    },
    hooks: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string', enum: [...hooksBefore, ...hooksAwaited, ...hooksAfter] },
      description:
        'The functions of it that are run. `on_…` before the step: it may stop it, or decide. `after_…` once it is recorded.',
    },
    answers: {
      type: 'array',
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
      items: { type: 'string', enum: answerNames },
      description:
        'The functions of it that answer in the place of YAML. `approval`: who is asked; the steps of this file hold where it comes to no answer. `available`: whether somebody may ask now, besides `requesters`. `identity`: whose account it is, where people.yml does not say.',
    },
    hosts: {
      type: 'array',
      maxItems: 20,
      uniqueItems: true,
      items: {
        type: 'string',
        maxLength: 253,
        pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$',
        wants: 'a host in small letters, such as api.example.com',
      },
      description: 'The hosts that it may call over HTTPS. Default: none.',
    },
  },
} as const;
