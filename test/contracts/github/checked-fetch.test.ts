// The checked fetch under the real Octokit.
import { Octokit } from '@octokit/rest';
import { describe, expect, test } from 'vitest';

import { checkedFetch, loudly } from './checked-fetch.ts';
import { createGitHubContract } from './github-contract.ts';
import { printProblem } from './problem.ts';
import type { Problem } from './problem.ts';

interface Exchange {
  readonly octokit: Octokit;
  readonly problems: () => readonly string[];
  readonly sent: string[];
}

/** Octokit against a GitHub that gives one answer. */
function exchange(answer: unknown, status = 200, contentType = 'application/json; charset=utf-8'): Exchange {
  const problems: Problem[] = [];
  const sent: string[] = [];
  const body = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const github: typeof fetch = async (input) => {
    sent.push(String(input));
    return new Response(body === '' ? null : body, { status, headers: { 'content-type': contentType } });
  };
  const fetched = checkedFetch(createGitHubContract(), github, problems);
  return {
    octokit: new Octokit({ request: { fetch: fetched } }),
    problems: () => problems.map(printProblem),
    sent,
  };
}

const repo = { owner: 'acme', repo: 'access' };
const label = {
  id: 1,
  node_id: 'L',
  url: 'https://x.example',
  name: 'aws',
  color: 'f00',
  default: false,
  description: null,
};

describe('an array of problems', () => {
  test('stays empty while the bot and GitHub keep to the description', async () => {
    const { octokit, problems } = exchange([label]);
    const { data } = await octokit.rest.issues.listLabelsForRepo(repo);
    expect(data).toEqual([label]);
    expect(problems()).toEqual([]);
  });

  test('collects what is wrong with the request, and sends it all the same', async () => {
    const { octokit, problems, sent } = exchange(label, 201);
    await octokit.request('POST /repos/{owner}/{repo}/labels', { ...repo, name: 'aws', colour: 'red' });
    expect(problems()).toEqual([
      'POST /repos/{owner}/{repo}/labels: request-body: it must NOT have unevaluated properties: colour',
    ]);
    expect(sent).toHaveLength(1);
  });

  test('collects what is wrong with the answer', async () => {
    const { octokit, problems } = exchange([{ ...label, color: 7 }]);
    await octokit.rest.issues.listLabelsForRepo(repo);
    expect(problems()).toEqual([
      'GET /repos/{owner}/{repo}/labels: response-body: 200: /0/color must be string',
    ]);
  });

  test('takes no body for none', async () => {
    const { octokit, problems } = exchange('', 204);
    await octokit.rest.issues.deleteComment({ ...repo, comment_id: 1 });
    expect(problems()).toEqual([]);
  });

  test('takes a raw file, even one that is JSON', async () => {
    const { octokit, problems } = exchange('{"a":1}', 200, 'application/vnd.github.raw+json; charset=utf-8');
    await octokit.rest.repos.getContent({ ...repo, path: 'a.json', mediaType: { format: 'raw' } });
    expect(problems()).toEqual([]);
  });

  test('takes a Request as well, and leaves it to be sent', async () => {
    const problems: Problem[] = [];
    const echo: typeof fetch = async (input) => {
      const body: unknown = input instanceof Request ? await input.json() : undefined;
      return Response.json({ message: JSON.stringify(body) }, { status: 422 });
    };
    const request = new Request('https://api.github.com/repos/acme/access/labels', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 7 }),
    });
    const response = await checkedFetch(createGitHubContract(), echo, problems)(request);
    expect(await response.json()).toEqual({ message: '{"name":7}' });
    expect(problems.map((it) => it.message)).toEqual([
      '/name must be string',
      "422: it must have required property 'documentation_url'",
    ]);
  });
});

describe('GraphQL', () => {
  test('is checked against the schema, both ways', async () => {
    const { octokit, problems } = exchange({ data: { viewer: { login: 7 } } });
    await octokit.graphql('query Me { viewer { login } }', { nope: 1 });
    await octokit.graphql('query Me { viewer { login } }');
    expect(problems()).toEqual([
      'POST /graphql query Me: graphql-variables: $nope is given and not declared',
      'POST /graphql query Me: graphql-response: viewer.login: String is a string, not 7',
    ]);
  });

  test('is found on GitHub Enterprise Server too', async () => {
    const { octokit, problems, sent } = exchange({ data: { viewer: { logn: 'bob' } } });
    await octokit.graphql('{ viewer { logn } }', { baseUrl: 'https://github.acme.example/api/v3' });
    expect(sent).toEqual(['https://github.acme.example/api/graphql']);
    expect(problems()[0]).toContain('Cannot query field "logn"');
  });
});

test('loudly throws, with method, path and problem, before anything is sent', async () => {
  const sent: unknown[] = [];
  const github: typeof fetch = async (input) => {
    sent.push(input);
    return Response.json([]);
  };
  const fetched = checkedFetch(createGitHubContract(), github, loudly);
  await expect(fetched('https://api.github.com/repos/acme/access/nothing')).rejects.toThrow(
    'Not as GitHub describes it: GET /repos/acme/access/nothing: unknown-operation: GitHub describes no such path',
  );
  expect(sent).toEqual([]);
});
