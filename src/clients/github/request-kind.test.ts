import { expect, test } from 'vitest';
import { requestKind } from './request-kind.ts';

const nameOf = (url: string): string => requestKind({ method: 'GET', url }, url).name;

test('a page of a list is named by its route, without a value of it', () => {
  expect(nameOf('https://api.github.com/repos/acme/secret/issues/7/comments?per_page=100&page=2')).toBe(
    'GET /repos/{…}/{…}/issues/{…}/comments',
  );
  expect(nameOf('https://ghe.acme.com/api/v3/repositories/4711/issues?page=2')).toBe(
    'GET /repositories/{…}/issues',
  );
  expect(nameOf('https://api.github.com/organizations/1/team/2/members?page=3')).toBe(
    'GET /organizations/{…}/team/{…}/members',
  );
});
