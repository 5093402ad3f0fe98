// What one service of the AWS double is made of: the requests that reach it, who sent them, and what it answers.
import type { AwsProblem } from './problem.ts';

export interface AwsRequest {
  readonly method: string;
  /** As it was sent, still percent-encoded. */
  readonly path: string;
  /** Behind the question mark, as it was sent. */
  readonly query: string;
  /** In small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who signed a request. */
export interface Caller {
  readonly arn: string;
  readonly account: string;
}

export interface CallContext {
  readonly caller: Caller;
  readonly region: string;
  /** Of this request; AWS gives one with each answer. */
  readonly requestId: string;
  /** The time in which the double lives. */
  now(): Date;
  /** Throws AWS's refusal unless the caller's policies allow this action on each of these resources. */
  demand(action: string, resources?: readonly string[]): void;
}

export interface AwsService {
  /** By which its requests are signed: `sso`, `identitystore`, `sts`. */
  readonly signingName: string;
  /** `CreateAccountAssignment`; undefined for what it does not know, which then is a loud problem. */
  operationOf(request: AwsRequest): string | undefined;
  /** Throws `AwsProblem` to say no. */
  serve(request: AwsRequest, context: CallContext): Promise<AwsAnswer> | AwsAnswer;
  /** A no in the words of its protocol. */
  refuse(problem: AwsProblem, requestId: string): AwsAnswer;
}
