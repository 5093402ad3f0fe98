// The services that a town may have as its target: each a real strategy over the double that its contract is run against.
import { aptibleSubject } from '../contracts/strategies/aptible-subject.ts';
import { awsIamGroupSubject } from '../contracts/strategies/aws-iam-group-subject.ts';
import { awsLambdaSubject } from '../contracts/strategies/aws-lambda-subject.ts';
import { customSubject } from '../contracts/strategies/custom-subject.ts';
import { githubRepositoryRoleSubject, githubTeamSubject } from '../contracts/strategies/github-subjects.ts';
import { googleSubject } from '../contracts/strategies/google-subject.ts';
import { httpSubject } from '../contracts/strategies/http-subject.ts';
import { awsSsoGroupSubject, awsSsoSubject } from '../contracts/strategies/identity-center-subjects.ts';
import { oktaSubject } from '../contracts/strategies/okta-subject.ts';
import { oneloginSubject } from '../contracts/strategies/onelogin-subject.ts';
import type { SubjectSurroundings } from '../contracts/strategies/passage.ts';
import { tailscaleSubject } from '../contracts/strategies/tailscale-subject.ts';
import type { StrategySubject } from '../contracts/strategy.ts';
import type { ServiceName } from './service-names.ts';

export const services: {
  readonly [name in ServiceName]: (around: SubjectSurroundings) => Promise<StrategySubject>;
} = {
  'aws-sso': awsSsoSubject,
  'aws-sso-group': awsSsoGroupSubject,
  'aws-iam-group': awsIamGroupSubject,
  'aws-lambda': (around) => awsLambdaSubject({ reads: 'yes' }, around),
  'aws-lambda-unread': (around) => awsLambdaSubject({ reads: 'no' }, around),
  'okta-group': oktaSubject,
  'github-repository-role': githubRepositoryRoleSubject,
  'github-team': githubTeamSubject,
  'google-group': googleSubject,
  'onelogin-role': oneloginSubject,
  'aptible-role': aptibleSubject,
  'tailscale-group': tailscaleSubject,
  http: (around) => httpSubject({ check: 'with' }, around),
  'http-unread': (around) => httpSubject({ check: 'without' }, around),
  custom: customSubject,
};
