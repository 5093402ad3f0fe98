// That the checked-in extract and the list of what we call agree, and that Ajv can compile all of it.
import { expect, test } from 'vitest';

import { calledOperations } from './called-operations.ts';
import { gitHubDescription } from './description.ts';
import { createGitHubContract } from './github-contract.ts';

test('the extract holds exactly the operations that we call', () => {
  const extracted = gitHubDescription().operations.map((it) => it.name);
  expect([...extracted].sort()).toEqual([...calledOperations].sort());
});

test('the extract says which version of the description it is', () => {
  expect(gitHubDescription().version).toMatch(/^[0-9]+\.[0-9]+\.[0-9]+$/);
});

test('every schema of every operation compiles', () => {
  const contract = createGitHubContract();
  for (const { name, method, path, responses } of gitHubDescription().operations) {
    const url = path.replace(/\{(\w+)\}/g, '1');
    expect(contract.checkRequest({ method, url, body: 7 }), name).not.toEqual([]);
    for (const status of responses.keys()) {
      const problems = contract.checkResponse({ method, url, status: Number(status), body: 7 });
      expect(problems, `${name} ${status}`).not.toEqual([]);
    }
  }
});
