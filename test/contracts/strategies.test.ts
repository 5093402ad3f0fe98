// Runs the contract against every registered strategy; one that is registered and not run here fails.
import { expect, test } from 'vitest';
import { strategies } from '../../src/strategies/index.ts';
import { strategyContract, type StrategySubject, type Trait } from './strategy.ts';
import { awsIamGroupSubject } from './strategies/aws-iam-group-subject.ts';
import { awsLambdaSubject } from './strategies/aws-lambda-subject.ts';
import { customSubject } from './strategies/custom-subject.ts';
import { githubRepositoryRoleSubject, githubTeamSubject } from './strategies/github-subjects.ts';
import { googleSubject } from './strategies/google-subject.ts';
import { httpSubject } from './strategies/http-subject.ts';
import { awsSsoGroupSubject, awsSsoSubject } from './strategies/identity-center-subjects.ts';
import { aptibleSubject } from './strategies/aptible-subject.ts';
import { oneloginSubject } from './strategies/onelogin-subject.ts';
import { oktaSubject } from './strategies/okta-subject.ts';
import { tailscaleSubject } from './strategies/tailscale-subject.ts';

interface Variant {
  readonly traits: readonly Trait[];
  readonly open: () => Promise<StrategySubject>;
}

const subjects: { readonly [type: string]: { readonly [variant: string]: Variant } } = {
  'aws-sso': { 'a permission set': { traits: ['readable', 'lists'], open: awsSsoSubject } },
  'aws-sso-group': { 'a group': { traits: ['readable', 'lists'], open: awsSsoGroupSubject } },
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
  custom: { 'code of a desk': { traits: ['readable', 'levels'], open: customSubject } },
  'aws-lambda': {
    'a function that can be read': { traits: ['readable'], open: () => awsLambdaSubject({ reads: 'yes' }) },
    'a function that cannot be read': { traits: [], open: () => awsLambdaSubject({ reads: 'no' }) },
  },
  'aws-iam-group': { 'a group': { traits: ['readable', 'lists'], open: awsIamGroupSubject } },
  'google-group': { 'a group': { traits: ['readable', 'levels', 'lists'], open: googleSubject } },
  'okta-group': { 'a group': { traits: ['readable', 'lists'], open: oktaSubject } },
  'onelogin-role': { 'a role': { traits: ['readable', 'lists'], open: oneloginSubject } },
  'aptible-role': { 'a role': { traits: ['readable', 'lists'], open: aptibleSubject } },
  'tailscale-group': { 'a group': { traits: ['readable', 'lists'], open: tailscaleSubject } },
};

test('every registered strategy is held to the contract', () => {
  expect(Object.keys(subjects).sort()).toEqual(strategies.map(({ type }) => type).sort());
});

for (const [type, variants] of Object.entries(subjects))
  for (const [variant, { traits, open }] of Object.entries(variants))
    strategyContract(`${type}: ${variant}`, traits, open);
