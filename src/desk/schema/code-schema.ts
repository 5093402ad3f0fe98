// JSON Schema of the code of a flow and of a strategy of one’s own: which file, which of its hooks, and what it may reach.
import { answerNames, hooksAfter, hooksAwaited, hooksBefore, hooksOfPrompt } from '../../domain/hooks.ts';
import { destinationSchema } from './notify-schema.ts';

export const codeFileSchema = {
  type: 'string',
  maxLength: 150,
  pattern: '^([A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\\.ts$',
  wants: 'a file below flows/, such as training.ts',
  description: 'The file, below `flows/`.',
} as const;

const hostsSchema = {
  type: 'array',
  maxItems: 20,
  uniqueItems: true,
  items: {
    type: 'string',
    maxLength: 253,
    pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,}$',
    wants: 'a host in small letters, such as api.example.com',
  },
} as const;

/** Of a strategy of one’s own. */
export const strategyFileSchema = {
  ...codeFileSchema,
  description: 'Of `type: custom`: the file below `flows/` whose `strategy` gives and takes the access.',
} as const;
export const strategyHostsSchema = {
  ...hostsSchema,
  description:
    'Of `type: custom`: the hosts that its code may call over HTTPS, besides that of the integration. Default: none.',
} as const;

/** What a file exports. */
export const codeFunctionSchema = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]{0,99}$',
  wants: 'the name of a function that the file exports',
} as const;

export const codeHostsSchema = {
  ...hostsSchema,
  description: 'The hosts that it may call over HTTPS. Default: none.',
} as const;

export const codeSchema = {
  type: 'object',
  additionalProperties: false,
  description:
    'TypeScript of this desk that has a say in requests of the flow. It runs in a sandbox, and reaches nothing that is not named here.',
  properties: {
    file: {
      ...codeFileSchema,
      description: 'The file, below `flows/`. Default: the name of the flow, with `.ts`.',
    },
    hooks: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      items: { type: 'string', enum: [...hooksOfPrompt, ...hooksBefore, ...hooksAwaited, ...hooksAfter] },
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
    hosts: codeHostsSchema,
    integrations: {
      type: 'array',
      maxItems: 20,
      items: {
        type: ['string', 'object'],
        minLength: 1,
        maxLength: 63,
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: {
            type: 'string',
            minLength: 1,
            maxLength: 63,
            description: 'Its name in `countersign.yml`.',
          },
          write: {
            const: true,
            description:
              '`true`: through this one of type `http` it may also change something (POST, PUT, PATCH, DELETE).',
          },
        },
      },
      description:
        'The integrations that it may call through: of type `http` (reading alone, unless `write` is set), `aws` (the `lambdas`), `pagerduty` and `okta`. Their secrets stay outside. Default: none.',
    },
    lambdas: {
      type: 'array',
      maxItems: 20,
      uniqueItems: true,
      items: {
        type: 'string',
        maxLength: 260,
        pattern:
          '^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$',
        wants: 'the ARN of a function of AWS Lambda',
      },
      description:
        'The functions of AWS Lambda that it may invoke, by their ARNs, exactly as the code names them. Never one that grants access: code would call it without an approval. Default: none.',
    },
    slack: {
      type: 'array',
      maxItems: 20,
      uniqueItems: true,
      items: destinationSchema,
      description:
        'Where it may send messages to on Slack: `slack-channel:NAME`, `person:NAME`, `requester`. Default: nowhere.',
    },
    github: {
      type: 'array',
      maxItems: 20,
      uniqueItems: true,
      items: {
        type: 'string',
        maxLength: 140,
        pattern: '^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9_.-]{1,100}$',
        wants: 'a repository, such as acme/app',
      },
      description:
        'The repositories that it may read on GitHub: this desk’s own, or one that the operator lists for it (`COUNTERSIGN_CODE_REPOSITORIES`). Default: none.',
    },
  },
} as const;
