// Calls a function of AWS Lambda and waits for its answer. The key of the call goes along: told it twice, the function does it once.
import type { FromSchema } from 'json-schema-to-ts';
import { awsIntegration, type AwsIntegration } from '../clients/aws/aws-integration.ts';
import { functionName, invokeLambda } from '../clients/aws/invoke-lambda.ts';
import { createAnswerReader, lambdaError, texts } from '../clients/aws/lambda-answers.ts';
import type { Settings } from '../domain/flow.ts';
import type { ActionKind } from './action.ts';

const payload = {
  type: 'object',
  maxProperties: 50,
  description: 'Sent as `payload`: what it is to be told. Answers of a requester are data there.',
} as const;

const lambdaWith = {
  type: 'object',
  additionalProperties: false,
  required: ['function_name'],
  properties: {
    function_name: {
      ...functionName,
      description: 'Its name or ARN, best with an alias or a version: `migrate:live`.',
    },
    payload,
  },
} as const;

type Options = { deserialize: [{ pattern: typeof payload; output: Settings }] };
type LambdaWith = FromSchema<typeof lambdaWith, Options>;

const request = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'operation', 'desk', 'request', 'idempotencyKey', 'payload'],
  properties: {
    version: { const: 1 },
    operation: { const: 'run' },
    desk: { type: 'string', description: 'Which desk asks: `github:` and the number of its repository.' },
    request: { type: 'string', description: 'The id of the request in Countersign.' },
    idempotencyKey: { type: 'string', description: 'The same for each try of the same thing.' },
    payload: { type: 'object', description: 'The `payload` of the flow, filled in.' },
  },
} as const;

const done = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    recorded: { ...texts, description: 'For card and ledger; `url` is shown as a link.' },
  },
} as const;
type Done = FromSchema<typeof done>;

/** The whole of it, as it is published. */
export const lambdaActionContract = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What Countersign says to a function that runs after an approval, and what it answers: version 1',
  $defs: { request, answer: { anyOf: [done, lambdaError] } },
} as const;

const look = createAnswerReader('docs/actions.md');

export const awsLambda: ActionKind<LambdaWith, AwsIntegration> = {
  type: 'aws-lambda',
  service: 'The function',
  with: lambdaWith,
  takes: { payload: 'anything' },
  integration: awsIntegration,
  leads: ['region', 'role_arn'],
  /** A function may take minutes; what is not done by then is asked again, by the same key. */
  patienceMs: 150_000,

  async run({ with: { function_name, payload: told = {} }, integration, desk, request, key, using }) {
    const connection = using.aws(integration);
    await using.demand();
    const event = { version: 1, operation: 'run', desk, request, idempotencyKey: key, payload: told };
    const said = await invokeLambda(connection, { function: function_name, event });
    const recorded = look<Done>(done, said)?.recorded;
    return recorded ? { recorded } : {};
  },
};
