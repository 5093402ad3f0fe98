// Runs the contract against every registered strategy; one that is registered and not run here fails.
import { expect, test } from 'vitest';
import { strategies } from '../../src/strategies/index.ts';
import { strategyContract, type StrategySubject } from './strategy.ts';
import { githubRepositoryRoleSubject, githubTeamSubject } from './strategies/github-subjects.ts';
import { httpSubject } from './strategies/http-subject.ts';

const subjects: { readonly [type: string]: { readonly [variant: string]: () => Promise<StrategySubject> } } =
  {
    'github-team': { 'a team': githubTeamSubject },
    'github-repository-role': { 'a repository': githubRepositoryRoleSubject },
    http: {
      'a service that can be read': () => httpSubject({ check: 'with' }),
      'a service that cannot be read': () => httpSubject({ check: 'without' }),
    },
  };

test('every registered strategy is held to the contract', () => {
  expect(Object.keys(subjects).sort()).toEqual(strategies.map(({ type }) => type).sort());
});

for (const [type, variants] of Object.entries(subjects))
  for (const [variant, open] of Object.entries(variants)) strategyContract(`${type}: ${variant}`, open);
