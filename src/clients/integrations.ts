// Every type of integration that a desk may declare, one line each: what it holds, by its JSON Schema.
import { aptibleIntegration } from './aptible/aptible-integration.ts';
import { awsIntegration } from './aws/aws-integration.ts';
import { googleIntegration } from './google/google-integration.ts';
import { httpIntegration } from './http/http-integration.ts';
import { oktaIntegration } from './okta/okta-integration.ts';
import { pagerDutyIntegration } from './pagerduty/pagerduty-integration.ts';
import { oneloginIntegration } from './onelogin/onelogin-integration.ts';
import { tailscaleIntegration } from './tailscale/tailscale-integration.ts';

export type IntegrationSchema = { readonly [keyword: string]: unknown };

export const integrations: { readonly [type: string]: IntegrationSchema } = {
  aptible: aptibleIntegration,
  aws: awsIntegration,
  google: googleIntegration,
  http: httpIntegration,
  okta: oktaIntegration,
  pagerduty: pagerDutyIntegration,
  onelogin: oneloginIntegration,
  tailscale: tailscaleIntegration,
};
