// Calls a function of AWS Lambda and waits for its answer: for strategies, for what runs after an approval, and for a desk's own code.
import { Failure } from '../../engine/ports/failure.ts';
import type { AwsConnection } from './aws-connections.ts';

/** How settings name a function. */
export const functionName = {
  type: 'string',
  pattern:
    '^(arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:)?[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$',
  wants: 'the name or the ARN of a function of AWS Lambda',
} as const;

export interface LambdaCall {
  /** A name or an ARN, which may end with an alias or a version: `access:prod`. */
  readonly function: string;
  /** Sent as JSON. */
  readonly event: unknown;
}

/** What is longer was meant for somebody else. */
const mostAnswerBytes = 256 * 1024;

/**
 * Calls it once, and gives what it answered. Throws `Failure`: what AWS refuses by AWS's name for it, and what goes wrong
 * in the function as one to be tried again, whatever it says of itself: its words may hold what it was sent.
 */
export async function invokeLambda(
  connection: AwsConnection,
  { function: FunctionName, event }: LambdaCall,
): Promise<unknown> {
  // Loaded where a function is called, so that nobody else pays for it.
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = connection.client(LambdaClient);
  const Payload = new TextEncoder().encode(JSON.stringify(event));
  const { FunctionError, Payload: answer = new Uint8Array() } = await connection.call(
    'calling the function',
    (options) => client.send(new InvokeCommand({ FunctionName, Payload }), options),
  );
  if (FunctionError !== undefined)
    throw new Failure(`The function failed${typeIn(answer)}.`, { transient: true });
  if (answer.length > mostAnswerBytes)
    throw new Failure('The function answered more than 256 KB.', { transient: false });
  const said = parsed(answer);
  if (said === undefined) throw new Failure('The function answered no JSON.', { transient: false });
  return said;
}

/** Whether it is there and may be called, without calling it: undefined where it is. Throws `Failure` where AWS does not say. */
export async function lambdaObstacle(
  connection: AwsConnection,
  FunctionName: string,
): Promise<string | undefined> {
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const { isAwsCode } = await import('./aws-failure.ts');
  const client = connection.client(LambdaClient);
  try {
    await connection.call('looking for the function', (options) =>
      client.send(new InvokeCommand({ FunctionName, InvocationType: 'DryRun' }), options),
    );
    return undefined;
  } catch (error) {
    if (isAwsCode(error, 'ResourceNotFoundException')) return 'AWS Lambda has no such function there.';
    if (isAwsCode(error, 'AccessDeniedException')) return 'The role may not call the function.';
    throw error;
  }
}

/** AWS's own names for what ended it; those of the function's making may say anything. */
function typeIn(answer: Uint8Array): string {
  const said = parsed(answer);
  if (typeof said !== 'object' || said === null || !('errorType' in said)) return '';
  const { errorType: type } = said;
  const isAws =
    typeof type === 'string' && /^(Runtime|Function|Sandbox|Extension)\.[A-Za-z]{1,60}$/.test(type);
  return isAws ? `: ${type}` : '';
}

function parsed(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}
