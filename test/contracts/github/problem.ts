// What is wrong with a call of GitHub, or with an answer that claims to be GitHub's.
export type ProblemCode =
  | 'unknown-operation'
  | 'path-parameter'
  | 'query-parameter'
  | 'content-type'
  | 'request-body'
  | 'response-status'
  | 'response-body'
  | 'graphql-document'
  | 'graphql-variables'
  | 'graphql-response';

export interface Problem {
  readonly code: ProblemCode;
  /** As GitHub describes it, `GET /repos/{owner}/{repo}`, or as it was called where GitHub does not. */
  readonly operation: string;
  readonly message: string;
}

export function printProblem(problem: Problem): string {
  return `${problem.operation}: ${problem.code}: ${problem.message}`;
}
