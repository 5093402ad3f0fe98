// A fetch for tests that holds every call of GitHub, and every answer, against GitHub's own description.
import type { GitHubContract } from './github-contract.ts';
import { isJsonObject } from './json-object.ts';
import type { JsonObject } from './json-object.ts';
import { printProblem } from './problem.ts';
import type { Problem } from './problem.ts';

/** Where problems go: an array collects them, `loudly` throws at the first. */
export interface ProblemSink {
  push(problem: Problem): unknown;
}

/** Octokit wraps what a fetch throws as an answer with status 500: to see all problems of a test, collect them. */
export const loudly: ProblemSink = {
  push: (problem) => {
    throw new Error(`Not as GitHub describes it: ${printProblem(problem)}`);
  },
};

type Fetch = typeof globalThis.fetch;

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export function checkedFetch(contract: GitHubContract, fetch: Fetch, problems: ProblemSink): Fetch {
  return async (input, init) => {
    const request = await seen(input, init);
    report(requestProblems(contract, request), problems);
    const response = await fetch(input, init);
    const text = await response.clone().text();
    report(responseProblems(contract, request, response, text), problems);
    return response;
  };
}

async function seen(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): Promise<Seen> {
  const request = new Request(input instanceof Request ? input.clone() : input, init);
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: parsed(await request.text()),
  };
}

function requestProblems(contract: GitHubContract, request: Seen): readonly Problem[] {
  const call = graphQLCall(request);
  return call === undefined ? contract.checkRequest(request) : contract.checkGraphQL(call);
}

function responseProblems(
  contract: GitHubContract,
  request: Seen,
  response: Response,
  text: string,
): readonly Problem[] {
  const call = graphQLCall(request);
  if (call !== undefined) return response.ok ? contract.checkGraphQLResponse(call, parsed(text)) : [];
  return contract.checkResponse({
    method: request.method,
    url: request.url,
    status: response.status,
    contentType: response.headers.get('content-type') ?? undefined,
    body: isJson(response.headers.get('content-type')) ? parsed(text) : text,
  });
}

function graphQLCall({ method, url, body }: Seen): { query: string; variables?: JsonObject } | undefined {
  if (method !== 'POST' || !/^(\/api)?\/graphql$/.test(new URL(url).pathname)) return undefined;
  const query = isJsonObject(body) ? body['query'] : undefined;
  const variables = isJsonObject(body) ? body['variables'] : undefined;
  return { query: typeof query === 'string' ? query : '', ...(isJsonObject(variables) ? { variables } : {}) };
}

function isJson(contentType: string | null): boolean {
  return contentType === null || /[/+.](json|object)\b/.test(contentType);
}

/** The text itself where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function report(found: readonly Problem[], problems: ProblemSink): void {
  for (const problem of found) problems.push(problem);
}
