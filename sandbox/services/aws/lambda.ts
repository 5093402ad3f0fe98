// AWS Lambda: functions that are called and answer, with what AWS says when they throw, take too long, or are too many.
import { randomUUID } from 'node:crypto';
import type { AwsAnswer, AwsRequest, AwsService, CallContext } from './aws-service.ts';
import { AwsProblem } from './problem.ts';

export interface Lambda {
  /** Gives its ARN. */
  add(made: FunctionMade): string;
  remove(arn: string): void;
  readonly service: AwsService;
}

export interface FunctionMade {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Aliases and versions under which it may be called, besides none and `$LATEST`. */
  readonly qualifiers?: readonly string[];
  /** What it throws is an error of the function; AWS answers 200 all the same. */
  readonly handler: (event: unknown) => unknown;
  /** So many at a time; the next are refused. */
  readonly concurrency?: number;
}

/** Thrown by a handler: AWS ended it, since its time was up. */
export class FunctionTimeout extends Error {}

interface Running extends FunctionMade {
  calls: number;
}

/** Of a call that waits for its answer: 6 MB to and fro. */
const mostBytes = 6 * 1024 * 1024;
const path = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

export function createLambda(): Lambda {
  const functions = new Map<string, Running>();

  async function serve(request: AwsRequest, context: CallContext): Promise<AwsAnswer> {
    const { arn, qualifier } = placeOf(request, context);
    context.demand('lambda:InvokeFunction', [qualifier === undefined ? arn : `${arn}:${qualifier}`]);
    const made = functions.get(arn);
    const isQualifier =
      qualifier === undefined || qualifier === '$LATEST' || made?.qualifiers?.includes(qualifier) === true;
    if (made === undefined || !isQualifier)
      throw new AwsProblem(404, 'ResourceNotFoundException', `Function not found: ${arn}`, { Type: 'User' });
    const size = Buffer.byteLength(request.body);
    if (size > mostBytes)
      throw new AwsProblem(413, 'RequestTooLargeException', `${size} byte payload is too large`);
    const kind = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (kind === 'DryRun') return { status: 204, headers: identified(context), body: '' };
    if (kind !== 'RequestResponse') throw new Error(`The double knows no invocation of type ${kind}.`);
    const event = eventIn(request.body);
    if (made.calls >= (made.concurrency ?? 1000))
      throw new AwsProblem(429, 'TooManyRequestsException', 'Rate Exceeded.', {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        Type: 'User',
        retryAfterSeconds: '3',
      });
    made.calls += 1;
    try {
      return answered(await made.handler(event), context);
    } catch (error) {
      return failed(error, context);
    } finally {
      made.calls -= 1;
    }
  }

  return {
    add(made) {
      const arn = `arn:aws:lambda:${made.region}:${made.account}:function:${made.name}`;
      functions.set(arn, { ...made, calls: 0 });
      return arn;
    },
    remove(arn) {
      functions.delete(arn);
    },
    service: {
      signingName: 'lambda',
      operationOf: (request) => (request.method === 'POST' && path.test(request.path) ? 'Invoke' : undefined),
      serve,
      refuse: ({ status, code, message, members }, requestId) => ({
        status,
        headers: {
          'content-type': 'application/json',
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': code,
          ...(members['retryAfterSeconds'] && { 'retry-after': members['retryAfterSeconds'] }),
        },
        body: JSON.stringify({ message, Message: message, Type: members['Type'], Reason: members['Reason'] }),
      }),
    },
  };
}

/** A name, part of an ARN or all of it; each may end with a qualifier, which may stand in the query instead. */
function placeOf(
  { path: sent, query }: AwsRequest,
  { caller, region }: CallContext,
): { readonly arn: string; readonly qualifier: string | undefined } {
  const [, encoded = ''] = path.exec(sent) ?? [];
  const written = decodeURIComponent(encoded);
  const [, ofRegion, ofArn, ofPart, name, ofName] =
    /^(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):([0-9]{12}):function:|([0-9]{12}):(?:function:)?|function:)?([\w-]{1,140})(?::(\$LATEST|[\w-]+))?$/.exec(
      written,
    ) ?? [];
  if (name === undefined || (ofRegion !== undefined && ofRegion !== region))
    throw new AwsProblem(400, 'InvalidParameterValueException', `Invalid function name: ${written}`);
  const account = ofArn ?? ofPart ?? caller.account;
  const qualifier = ofName ?? new URLSearchParams(query).get('Qualifier') ?? undefined;
  return { arn: `arn:aws:lambda:${region}:${account}:function:${name}`, qualifier };
}

function eventIn(body: string): unknown {
  try {
    const event: unknown = JSON.parse(body === '' ? '{}' : body);
    return event;
  } catch {
    throw new AwsProblem(400, 'InvalidRequestContentException', 'Could not parse request body into json');
  }
}

function identified({ requestId }: CallContext): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amz-executed-version': '$LATEST',
  };
}

function answered(result: unknown, context: CallContext): AwsAnswer {
  const body = JSON.stringify(result ?? null);
  if (Buffer.byteLength(body) <= mostBytes) return { status: 200, headers: identified(context), body };
  return unhandled(
    {
      errorMessage: 'Response payload size exceeded maximum allowed',
      errorType: 'Function.ResponseSizeTooLarge',
    },
    context,
  );
}

/** What the function says of itself goes to the caller: its message may hold anything. */
function failed(error: unknown, context: CallContext): AwsAnswer {
  if (error instanceof FunctionTimeout)
    return unhandled({ errorMessage: `${context.requestId} Task timed out after 3.00 seconds` }, context);
  const [errorType, errorMessage] =
    error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
  return unhandled({ errorType, errorMessage, trace: [randomUUID()] }, context);
}

function unhandled(body: object, context: CallContext): AwsAnswer {
  return {
    status: 200,
    headers: { ...identified(context), 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify(body),
  };
}
