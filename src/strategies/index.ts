// Every strategy of the product, one line each. The contract suite runs against all of them.
import { awsIamGroup } from './aws-iam-group/aws-iam-group.ts';
import { awsLambda } from './aws-lambda/aws-lambda.ts';
import { awsSso } from './aws-sso/aws-sso.ts';
import { awsSsoGroup } from './aws-sso-group/aws-sso-group.ts';
import { aptibleRole } from './aptible-role/aptible-role.ts';
import { custom } from './custom/custom.ts';
import { githubRepositoryRole } from './github-repository-role/github-repository-role.ts';
import { githubTeam } from './github-team/github-team.ts';
import { googleGroup } from './google-group/google-group.ts';
import { http } from './http/http.ts';
import { oktaGroupStrategy } from './okta-group/okta-group.ts';
import { oneloginRole } from './onelogin-role/onelogin-role.ts';
import type { Strategy } from './strategy.ts';
import { tailscaleGroup } from './tailscale-group/tailscale-group.ts';

export const strategies: readonly Strategy[] = [
  awsSso,
  awsSsoGroup,
  awsIamGroup,
  awsLambda,
  oktaGroupStrategy,
  githubTeam,
  githubRepositoryRole,
  googleGroup,
  oneloginRole,
  aptibleRole,
  tailscaleGroup,
  http,
  custom,
];
