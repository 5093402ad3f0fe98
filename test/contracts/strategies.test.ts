// Runs the contract against every registered strategy; one that is registered and not run here fails.
import { expect, test } from 'vitest';
import { strategies } from '../../src/strategies/index.ts';
import { strategyContract, type StrategySubject, type Trait } from './strategy.ts';
import { githubRepositoryRoleSubject, githubTeamSubject } from './strategies/github-subjects.ts';
import { httpSubject } from './strategies/http-subject.ts';

interface Variant {
  readonly traits: readonly Trait[];
  readonly open: () => Promise<StrategySubject>;
}

const subjects: { readonly [type: string]: { readonly [variant: string]: Variant } } = {
  'github-team': {
    'a team': { traits: ['readable', 'levels', 'invites', 'lists'], open: githubTeamSubject },
  },
  'github-repository-role': {
    'a repository': { traits: ['readable', 'levels', 'invites', 'lists'], open: githubRepositoryRoleSubject },
  },
  http: {
    'a service that can be read': { traits: ['readable'], open: () => httpSubject({ check: 'with' }) },
    'a service that cannot be read': { traits: [], open: () => httpSubject({ check: 'without' }) },
  },
};

test('every registered strategy is held to the contract', () => {
  expect(Object.keys(subjects).sort()).toEqual(strategies.map(({ type }) => type).sort());
});

for (const [type, variants] of Object.entries(subjects))
  for (const [variant, { traits, open }] of Object.entries(variants))
    strategyContract(`${type}: ${variant}`, traits, open);
