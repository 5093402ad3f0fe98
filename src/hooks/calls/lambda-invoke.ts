// `lambda.invoke` for a desk's code: functions that the flow lists, through an AWS integration that it names, by a role of the operator's.
import { awsIntegration, type AwsIntegration } from '../../clients/aws/aws-integration.ts';
import { invokeLambda } from '../../clients/aws/invoke-lambda.ts';
import { integrationReader } from '../../clients/integration-reader.ts';
import { isJson } from '../read-json.ts';
import { OutsideRefusal, type Capability } from '../capabilities.ts';
import type { WaysFor } from './authenticate.ts';
import { objectArg, textArg } from './call-args.ts';
import { grantedIntegration } from './granted-integration.ts';

const name = 'invokeLambda';
const readIntegration = integrationReader<AwsIntegration>(awsIntegration);
/** As deep as JSON may be that goes to code or comes from it. */
const deepest = 32;

export function createLambdaInvoke(ways: WaysFor): Capability {
  return async (call) => {
    const { grants } = call;
    const args = objectArg(name, call.args);
    const arn = textArg(name, args, 'arn');
    const payload = objectArg(name, args['payload'] ?? {});
    const integration = grantedIntegration(grants, 'aws', textArg(name, args, 'integration'));
    if (grants.lambdas?.includes(arn) !== true)
      throw new OutsideRefusal('not-granted', 'This code may not invoke that function.');
    const connection = ways(call, integration).aws(readIntegration(integration.settings));
    const answer = await invokeLambda(connection, { function: arn, event: payload });
    if (isJson(answer, deepest)) return answer;
    throw new OutsideRefusal('refused', `${name}: The function’s answer is nested too deep.`);
  };
}
