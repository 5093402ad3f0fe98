// Which services a town may have as its target, by the type of the strategy; `-unread` is one that does not say what it gave.
export const serviceNames = [
  'aws-sso',
  'aws-sso-group',
  'aws-iam-group',
  'aws-lambda',
  'aws-lambda-unread',
  'okta-group',
  'github-repository-role',
  'github-team',
  'google-group',
  'onelogin-role',
  'aptible-role',
  'tailscale-group',
  'http',
  'http-unread',
  'custom',
] as const;
/** Where none is named, each in its turn; one whose every history would start a compiler of its own has to be named. */
export const servicesInTurn: readonly ServiceName[] = serviceNames.filter((name) => name !== 'custom');
export type ServiceName = (typeof serviceNames)[number];
