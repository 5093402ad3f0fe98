// Options from a function of AWS Lambda, which answers with a list.
import type { FromSchema } from 'json-schema-to-ts';
import { awsIntegration, type AwsIntegration } from '../clients/aws/aws-integration.ts';
import { functionName, invokeLambda } from '../clients/aws/invoke-lambda.ts';
import type { Settings } from '../domain/flow.ts';
import type { OptionSource } from './option-source.ts';
import { optionPlaces, optionsIn } from './options-in.ts';

const payload = { type: 'object', description: 'What the function is called with. Default: `{}`.' } as const;

const lambdaWith = {
  type: 'object',
  additionalProperties: false,
  required: ['function_name'],
  properties: {
    function_name: {
      ...functionName,
      description: 'Its name or ARN, best with an alias or a version: `databases:live`.',
    },
    payload,
    ...optionPlaces,
  },
} as const;

type Options = { deserialize: [{ pattern: typeof payload; output: Settings }] };
type LambdaWith = FromSchema<typeof lambdaWith, Options>;

export const lambda: OptionSource<LambdaWith, AwsIntegration> = {
  run: 'lambda',
  service: 'The function',
  with: lambdaWith,
  takes: { payload: 'anything' },
  integration: awsIntegration,

  async read({ with: { function_name, payload: event = {}, ...places }, integration, using }) {
    const answer = await invokeLambda(using.aws(integration), { function: function_name, event });
    return optionsIn(answer, 'The function', places);
  },
};
