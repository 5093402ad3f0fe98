// Opens the ways to services that desks name, as the operator's settings allow them.
import { createAwsConnections } from '../clients/aws/aws-connections.ts';
import { createGuardedFetch } from '../clients/http/guarded-fetch.ts';
import { createOutside, type Outside } from '../clients/outside.ts';
import type { Desks } from '../desk/desks.ts';
import { isRoleGranted } from './aws-settings.ts';
import type { Surroundings } from './compose.ts';
import { redirectedFetch } from './endpoints.ts';
import { createSecrets } from './secrets/secrets.ts';
import { createKeptAccounts, type KeptAccountsParts } from './kept-accounts.ts';
import type { Settings } from './settings.ts';

export function openOutside(
  settings: Settings,
  { clock, fetch, fetchForDesks }: Pick<Surroundings, 'clock' | 'fetch' | 'fetchForDesks'>,
  desks: Pick<Desks, 'desk'>,
  book?: KeptAccountsParts['book'],
): Outside {
  const { aws, endpoints, privateHosts } = settings;
  return createOutside({
    clock,
    fetch: redirectedFetch({
      endpoints,
      // Where the operator sends it, it may go; where a desk sends it, it is looked at.
      there: fetch,
      otherwise: fetchForDesks ?? createGuardedFetch({ allowed: privateHosts }),
    }),
    secret: createSecrets(settings, { clock }).find,
    aws: createAwsConnections({
      ...(aws.endpoint !== undefined && { endpoint: aws.endpoint }),
      isGranted: (desk, role) => isRoleGranted(aws, desk, role),
    }),
    accountSources: createKeptAccounts({ desks, ...(book && { book }) }),
  });
}
