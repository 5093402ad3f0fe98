// AWS JSON 1.1: the operation in a header, JSON in and out, errors by `__type`.
import { randomUUID } from 'node:crypto';
import type { AwsAnswer, AwsService, CallContext } from './aws-service.ts';
import type { Decoder } from './members.ts';
import { AwsProblem } from './problem.ts';

export type Operation = (input: unknown, context: CallContext) => unknown;

/** An operation whose input was looked at. */
export function operation<I>(input: Decoder<I>, run: (input: I, context: CallContext) => unknown): Operation {
  return (given, context) => run(input(given, 'input'), context);
}

export interface JsonService {
  readonly signingName: string;
  /** Before the name of the operation in `X-Amz-Target`. */
  readonly target: string;
  readonly operations: { readonly [name: string]: Operation };
  /** Before each operation: its limits. */
  before?(operation: string, context: CallContext): void;
}

const type = 'application/x-amz-json-1.1';

export function jsonService({ signingName, target, operations, before }: JsonService): AwsService {
  const operationOf: AwsService['operationOf'] = ({ headers }) => {
    const [prefix, name = ''] = (headers['x-amz-target'] ?? '').split('.');
    return prefix === target && Object.hasOwn(operations, name) ? name : undefined;
  };
  return {
    signingName,
    operationOf,
    async serve(request, context) {
      const name = operationOf(request) ?? '';
      const run = operations[name];
      if (run === undefined) throw new AwsProblem(400, 'UnknownOperationException', '');
      if (request.headers['content-type'] !== type || request.method !== 'POST' || request.path !== '/')
        throw new AwsProblem(400, 'SerializationException', 'Not a request of AWS JSON 1.1');
      before?.(name, context);
      return answer(200, await run(parsed(request.body), context), context.requestId);
    },
    refuse: ({ status, code, message, members }, requestId) =>
      answer(status, { __type: code, Message: message, ...members }, requestId),
  };
}

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    throw new AwsProblem(400, 'SerializationException', 'The body is not JSON');
  }
}

function answer(status: number, body: unknown, requestId: string = randomUUID()): AwsAnswer {
  return {
    status,
    headers: { 'content-type': type, 'x-amzn-requestid': requestId },
    body: JSON.stringify(body ?? {}),
  };
}

/** Dates travel as seconds. */
export const seconds = (at: Date): number => at.getTime() / 1000;
