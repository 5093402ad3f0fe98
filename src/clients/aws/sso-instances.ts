// Which instances of IAM Identity Center the credentials reach. Import it where it is used.
import { ListInstancesCommand } from '@aws-sdk/client-sso-admin';
import { Failure } from '../../engine/ports/failure.ts';
import { everyPage } from './aws-answers.ts';
import { createSsoCaller, type SsoParts } from './sso-caller.ts';

/**
 * Throws `Failure` where the integration's role does not reach its instance: what AWS does not find there tells nothing
 * about the instance that is meant.
 */
export async function demandInstance(parts: SsoParts & { readonly store?: string }): Promise<void> {
  const sso = createSsoCaller(parts);
  const instances = await everyPage(async (next) => {
    const command = new ListInstancesCommand({ ...next });
    const answer = await sso.ask('listing its instances', (client, o) => client.send(command, o));
    return { rows: answer.Instances ?? [], next: answer.NextToken };
  });
  const isThere = instances.some(
    ({ InstanceArn, IdentityStoreId }) =>
      InstanceArn === sso.instance && (parts.store === undefined || IdentityStoreId === parts.store),
  );
  if (!isThere)
    throw new Failure('The role of the integration does not reach its instance of IAM Identity Center.', {
      transient: false,
    });
}
