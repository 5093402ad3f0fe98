// Each rule of the REST contract, seen to refuse what GitHub would refuse or ignore in silence.
import { describe, expect, test } from 'vitest';

import { createGitHubContract } from './github-contract.ts';
import type { ContractRequest, ContractResponse } from './github-contract.ts';
import { printProblem } from './problem.ts';

const contract = createGitHubContract();
const request = (it: ContractRequest): readonly string[] => contract.checkRequest(it).map(printProblem);
const response = (it: ContractResponse): readonly string[] => contract.checkResponse(it).map(printProblem);

const comments = '/repos/acme/access/issues/7/comments';
const user = {
  ...{ login: 'bob', id: 1, node_id: 'U_1', type: 'User', site_admin: false, gravatar_id: '' },
  ...Object.fromEntries(
    ['avatar', 'html', 'followers', 'subscriptions', 'organizations', 'repos', 'received_events']
      .concat(['', 'following', 'gists', 'starred', 'events'])
      .map((name) => [`${name}_url`.replace(/^_/, ''), 'https://api.github.com/users/bob']),
  ),
};
const reaction = { id: 1, node_id: 'R_1', user, content: '+1', created_at: '2026-11-20T09:15:02Z' };

describe('which operation is called', () => {
  test.each([
    'https://api.github.com/repos/acme/access/issues/7',
    'https://github.acme.example/api/v3/repos/acme/access/issues/7',
    'http://127.0.0.1:4010/repos/acme/access/issues/7',
    '/repos/acme/access/issues/7',
  ])('finds it whatever the host: %s', (url) => {
    expect(request({ method: 'GET', url })).toEqual([]);
  });

  test('refuses a path that GitHub does not describe', () => {
    expect(request({ method: 'GET', url: '/repos/acme/access/isues' })).toEqual([
      'GET /repos/acme/access/isues: unknown-operation: GitHub describes no such path',
    ]);
  });

  test('refuses a method that GitHub does not describe for the path', () => {
    expect(request({ method: 'PUT', url: '/repos/acme/access' })).toEqual([
      'PUT /repos/acme/access: unknown-operation: GitHub describes this path with GET, PATCH, DELETE only',
    ]);
  });

  test('says how to add an operation that GitHub describes and the extract leaves out', () => {
    const [problem] = request({ method: 'GET', url: '/repos/acme/access/commits/main/check-suites' });
    expect(problem).toContain('add it to called-operations.ts and run extract.ts');
  });

  test('takes the fixed path before the one with a parameter', () => {
    const [problem] = contract.checkRequest({
      method: 'GET',
      url: '/repos/acme/access/issues/comments?nope=1',
    });
    expect(problem?.operation).toBe('GET /repos/{owner}/{repo}/issues/comments');
  });

  test('lets references and files have slashes, encoded or not', () => {
    expect(request({ method: 'GET', url: '/repos/acme/access/git/ref/heads/main' })).toEqual([]);
    expect(request({ method: 'GET', url: '/repos/acme/access/git/ref/heads%2Fmain' })).toEqual([]);
    expect(request({ method: 'GET', url: '/repos/acme/access/contents/flows/aws.yml?ref=main' })).toEqual([]);
    expect(request({ method: 'GET', url: '/repos/acme/access/compare/main...feature%2Fa' })).toEqual([]);
  });

  test('knows the paths by id, which GitHub serves and does not describe', () => {
    expect(request({ method: 'GET', url: '/repositories/4711' })).toEqual([]);
    expect(request({ method: 'GET', url: '/repositories/4711/issues?page=2' })).toEqual([]);
    expect(request({ method: 'GET', url: '/organizations/1/team/2/members?page=2' })).toEqual([]);
    expect(request({ method: 'GET', url: '/repositories/acme' })).toHaveLength(1);
  });
});

describe('what is in the URL', () => {
  test('refuses a path parameter of the wrong type', () => {
    expect(request({ method: 'GET', url: '/repos/acme/access/issues/seven' })).toEqual([
      'GET /repos/{owner}/{repo}/issues/{issue_number}: path-parameter: issue_number=seven: it must be integer',
    ]);
  });

  test('refuses a path that is wrongly encoded', () => {
    expect(request({ method: 'GET', url: '/repos/acme/100%/installation' })[0]).toContain(
      'not percent-encoded',
    );
  });

  test.each([
    ['perpage=10', 'GitHub does not describe perpage'],
    ['page=two', 'page=two: it must be integer'],
    ['state=shut', 'state=shut: it must be equal to one of the allowed values: open, closed, all'],
    ['since=yesterday', 'since=yesterday: it must match format "date-time"'],
    ['page=1&page=2', 'page is given 2 times'],
    ['per_page=101', 'per_page=101: GitHub gives 100 at most'],
  ])('refuses the query %s', (query, message) => {
    expect(request({ method: 'GET', url: `/repos/acme/access/issues?${query}` })).toEqual([
      `GET /repos/{owner}/{repo}/issues: query-parameter: ${message}`,
    ]);
  });
});

describe('what is in the request', () => {
  test('accepts what GitHub describes', () => {
    expect(request({ method: 'POST', url: comments, body: { body: 'Approved.' } })).toEqual([]);
    const body = { title: 'Access', labels: ['access', { name: 'aws' }], milestone: null };
    expect(request({ method: 'POST', url: '/repos/acme/access/issues', body })).toEqual([]);
  });

  test('refuses a missing body, and a missing or wrong property', () => {
    expect(request({ method: 'POST', url: comments })[0]).toContain('request-body: it is required');
    expect(request({ method: 'POST', url: comments, body: {} })[0]).toContain("required property 'body'");
    expect(request({ method: 'POST', url: comments, body: { body: 7 } })[0]).toContain(
      '/body must be string',
    );
  });

  test('refuses a property that GitHub does not name, at any depth', () => {
    expect(request({ method: 'POST', url: comments, body: { body: 'x', silent: true } })).toEqual([
      `POST /repos/{owner}/{repo}/issues/{issue_number}/comments: request-body: it must NOT have unevaluated properties: silent`,
    ]);
    const output = { title: 'x', summary: 'y', sumary: 'z' };
    const checkRun = {
      method: 'POST',
      url: '/repos/acme/access/check-runs',
      body: { name: 'x', head_sha: 'a', output },
    };
    expect(request(checkRun)[0]).toContain('/output must NOT have unevaluated properties: sumary');
  });

  test('refuses a permission that installations do not have', () => {
    const url = '/app/installations/1/access_tokens';
    expect(request({ method: 'POST', url, body: { permissions: { issues: 'write' } } })).toEqual([]);
    expect(request({ method: 'POST', url, body: { permissions: { isues: 'write' } } })[0]).toContain('isues');
    expect(request({ method: 'POST', url, body: { permissions: { issues: 'admin' } } })[0]).toContain(
      'read, write',
    );
  });

  test('sees through alternatives: a completed check run needs a conclusion, and no unknown property', () => {
    const update = (body: unknown): readonly string[] =>
      request({ method: 'PATCH', url: '/repos/acme/access/check-runs/1', body });
    expect(update({ status: 'completed', conclusion: 'success' })).toEqual([]);
    expect(update({ status: 'completed' })).not.toEqual([]);
    expect(update({ status: 'in_progress', nope: 1 })[0]).toContain('nope');
    const body = { name: 'x', head_sha: 'a', status: 'completed' };
    const created = request({ method: 'POST', url: '/repos/acme/access/check-runs', body });
    expect(created[0]).toContain('a completed check run needs a conclusion');
  });

  test('refuses more annotations than GitHub takes at once', () => {
    const annotation = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'failure', message: 'x' };
    const output = { title: 'x', summary: 'y', annotations: Array.from({ length: 51 }, () => annotation) };
    const body = { name: 'x', head_sha: 'a', output };
    const [problem] = request({ method: 'POST', url: '/repos/acme/access/check-runs', body });
    expect(problem).toContain('/output/annotations must NOT have more than 50 items');
  });

  test('refuses a body where GitHub describes none', () => {
    const url = '/repos/acme/access/issues/comments/1';
    expect(request({ method: 'DELETE', url, body: { id: 1 } })[0]).toContain('GitHub describes none here');
    expect(request({ method: 'DELETE', url, body: '' })).toEqual([]);
  });

  test('refuses a body of another content type', () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const json = { 'content-type': 'application/json; charset=utf-8' };
    expect(request({ method: 'POST', url: comments, headers: form, body: { body: 'x' } })[0]).toContain(
      'content-type',
    );
    expect(request({ method: 'POST', url: comments, headers: json, body: { body: 'x' } })).toEqual([]);
  });
});

describe('what is in the answer', () => {
  const reactions = { method: 'GET', url: '/repos/acme/access/issues/comments/1/reactions', status: 200 };

  test('accepts what GitHub describes, with properties that GitHub may add', () => {
    expect(
      response({ ...reactions, body: [reaction, { ...reaction, user: null, added_lately: 1 }] }),
    ).toEqual([]);
  });

  test('refuses an answer without a required key', () => {
    const { created_at: _, ...rest } = reaction;
    expect(response({ ...reactions, body: [rest] })).toEqual([
      "GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions: response-body: 200: /0 must have required property 'created_at'",
    ]);
  });

  test('refuses a wrong type, format or enumerated value', () => {
    expect(response({ ...reactions, body: [{ ...reaction, id: '1' }] })[0]).toContain(
      '/0/id must be integer',
    );
    expect(response({ ...reactions, body: [{ ...reaction, created_at: 'now' }] })[0]).toContain(
      'format "date-time"',
    );
    expect(response({ ...reactions, body: [{ ...reaction, content: 'shrug' }] })[0]).toContain(
      'allowed values',
    );
  });

  test('refuses a status that GitHub does not describe', () => {
    expect(response({ ...reactions, status: 202 })).toEqual([
      'GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions: response-status: 202, where GitHub describes 200, 404',
    ]);
  });

  test('lets GitHub refuse any call, in its own words', () => {
    const body = {
      message: 'Bad credentials',
      documentation_url: 'https://docs.github.com/rest',
      status: '401',
    };
    expect(response({ ...reactions, status: 401, body })).toEqual([]);
    expect(response({ ...reactions, status: 401, body: { error: 'no' } })[0]).toContain(
      '401: it has no message',
    );
    expect(response({ ...reactions, status: 404, body: { message: 1 } })[0]).toContain(
      '/message must be string',
    );
    expect(response({ ...reactions, status: 502, body: '<html>' })).toEqual([]);
  });

  test('refuses a body where there is none', () => {
    const deleted = { method: 'DELETE', url: '/repos/acme/access/issues/comments/1', status: 204 };
    expect(response(deleted)).toEqual([]);
    expect(response({ ...deleted, body: {} })[0]).toContain('204 comes without a body');
    expect(response({ ...reactions, status: 304 })).toEqual([]);
    expect(response({ ...reactions, status: 304, body: [] })[0]).toContain('304 comes without a body');
  });

  test('lets an accepted redelivery be empty', () => {
    const attempt = { method: 'POST', url: '/app/hook/deliveries/1/attempts', status: 202 };
    expect(response(attempt)).toEqual([]);
    expect(response({ ...attempt, body: {} })).toEqual([]);
    expect(response({ ...attempt, body: [] })[0]).toContain('202: it must be object');
  });

  test('lets an installation belong to a user, where the description asks for a user and an enterprise in one', () => {
    const url = 'https://api.github.com/app/installations/1';
    const installation = {
      ...{ id: 1, app_id: 1, app_slug: 'countersign', target_id: 1, target_type: 'User', account: user },
      ...{ access_tokens_url: url, repositories_url: url, html_url: url, permissions: {}, events: [] },
      ...{ repository_selection: 'all', single_file_name: null, suspended_by: null, suspended_at: null },
      ...{ created_at: '2026-11-20T09:15:02Z', updated_at: '2026-11-20T09:15:02Z' },
    };
    const listed = { method: 'GET', url: '/app/installations', status: 200 };
    expect(response({ ...listed, body: [installation] })).toEqual([]);
    expect(response({ ...listed, body: [{ ...installation, account: { login: 'bob' } }] })).not.toEqual([]);
  });

  test('takes a file as it is where that was asked for', () => {
    const file = {
      method: 'GET',
      url: '/repos/acme/access/contents/flows/aws.yml',
      status: 200,
      body: 'name: aws',
    };
    expect(response({ ...file, contentType: 'application/vnd.github.v3.raw; charset=utf-8' })).toEqual([]);
    expect(response({ ...file, contentType: 'application/json' })).not.toEqual([]);
    const html = {
      method: 'POST',
      url: '/markdown',
      status: 200,
      contentType: 'text/html;charset=utf-8',
      body: '<p>',
    };
    expect(response(html)).toEqual([]);
  });
});
