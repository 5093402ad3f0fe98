// Each rule of the GraphQL contract, seen to refuse.
import { describe, expect, test } from 'vitest';

import { createGraphQLContract } from './graphql-contract.ts';
import type { GraphQLCall } from './graphql-contract.ts';

const contract = createGraphQLContract();
const messages = (call: GraphQLCall): readonly string[] =>
  contract.checkGraphQL(call).map((it) => `${it.code}: ${it.message}`);

const commit = `mutation Commit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid committedDate } }
}`;
const input = {
  branch: { repositoryNameWithOwner: 'acme/access', branchName: 'main' },
  message: { headline: 'Grant' },
  expectedHeadOid: 'a'.repeat(40),
  fileChanges: { additions: [{ path: 'ledger/a.jsonl', contents: 'e30=' }] },
};
const named =
  'query Named($id: ID!) { node(id: $id) { ... on User { login } ... on Issue { title closed } } }';

describe('what is asked', () => {
  test('accepts what the schema allows', () => {
    expect(messages({ query: commit, variables: { input } })).toEqual([]);
    expect(messages({ query: named, variables: { id: 'I_1' } })).toEqual([]);
  });

  test('refuses a document that cannot be read', () => {
    expect(messages({ query: 'query {' })[0]).toMatch(/^graphql-document: Syntax Error/);
    expect(messages({ query: '' })[0]).toMatch(/^graphql-document: Syntax Error/);
    expect(messages({ query: 'query A { viewer { login } } query B { viewer { login } }' })[0]).toContain(
      '2 operations',
    );
  });

  test('refuses a typo in a field', () => {
    expect(messages({ query: '{ viewer { logn } }' })).toEqual([
      'graphql-document: Cannot query field "logn" on type "User". Did you mean "login"?',
    ]);
  });

  test('names the operation', () => {
    const [problem] = contract.checkGraphQL({ query: 'query Who { viewer { logn } }' });
    expect(problem?.operation).toBe('POST /graphql query Who');
  });

  test('refuses a variable of the wrong type, at any depth', () => {
    expect(messages({ query: named, variables: { id: true } })[0]).toMatch(
      /^graphql-variables: .*ID cannot represent/,
    );
    const wrong = { ...input, message: { headline: 1 } };
    expect(messages({ query: commit, variables: { input: wrong } })[0]).toContain('"input.message.headline"');
  });

  test('refuses a variable that is missing, and one that is not declared', () => {
    expect(messages({ query: named })[0]).toContain('Variable "$id" of required type "ID!" was not provided');
    expect(messages({ query: named, variables: { id: 'I_1', ids: [] } })).toEqual([
      'graphql-variables: $ids is given and not declared',
    ]);
  });

  test('refuses a page without a size or with too great a one, as GitHub does beyond its schema', () => {
    const teams = (args: string, selected: string): readonly string[] =>
      messages({ query: `{ organization(login: "acme") { teams${args} { ${selected} } } }` });
    expect(teams('(first: 100)', 'nodes { slug }')).toEqual([]);
    expect(teams('', 'totalCount')).toEqual([]);
    expect(teams('', 'nodes { slug }')[0]).toContain('Field "teams" needs `first` or `last`');
    expect(teams('(last: 101)', 'nodes { slug }')[0]).toContain('`last` is 101');
  });
});

describe('what is answered', () => {
  const answered = (call: GraphQLCall, body: unknown): readonly string[] =>
    contract.checkGraphQLResponse(call, body).map((it) => it.message);
  const committed = { oid: 'b'.repeat(40), committedDate: '2026-11-20T09:15:02Z' };
  const data = (fields: object): unknown => ({ data: { createCommitOnBranch: { commit: fields } } });
  const call = { query: commit, variables: { input } };

  test('accepts what was asked for', () => {
    expect(answered(call, data(committed))).toEqual([]);
    expect(answered(call, { data: { createCommitOnBranch: null }, errors: [{ message: 'no' }] })).toEqual([]);
    expect(answered(call, { data: null, errors: [{ message: 'Expected branch to point to …' }] })).toEqual(
      [],
    );
  });

  test('refuses an answer without a field, with a field too many, or with a wrong value', () => {
    expect(answered(call, data({ oid: committed.oid }))).toEqual([
      'createCommitOnBranch.commit.committedDate: it was asked for and is missing',
    ]);
    expect(answered(call, data({ ...committed, url: 'https://github.com' }))).toEqual([
      'data.createCommitOnBranch.commit.url: it is there and was not asked for',
    ]);
    expect(answered(call, data({ ...committed, oid: 7 }))[0]).toContain('GitObjectID is a string, not 7');
    expect(answered(call, data({ ...committed, oid: null }))[0]).toContain(
      'Cannot return null for non-nullable',
    );
  });

  test('refuses neither data nor errors', () => {
    expect(answered(call, {})).toEqual(['it has neither data nor errors']);
    expect(answered(call, 'ok')).toEqual(['it is no object']);
  });

  test('finds the type that fragments mean', () => {
    const node = (fields: object): readonly string[] =>
      answered({ query: named, variables: { id: 'I_1' } }, { data: { node: fields } });
    expect(node({ login: 'bob' })).toEqual([]);
    expect(node({ title: 'Access', closed: false })).toEqual([]);
    expect(node({ title: 'Access', closed: 'no' })).toEqual(['node.closed: Boolean is a boolean, not "no"']);
  });
});
