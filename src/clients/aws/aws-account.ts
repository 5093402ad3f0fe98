// In which account of AWS an integration acts: that of its role, or of the app itself.
import { Failure } from '../../engine/ports/failure.ts';
import type { AwsConnection } from './aws-connections.ts';
import type { AwsIntegration } from './aws-integration.ts';

/** Twelve digits. Throws `Failure`. */
export async function awsAccountOf(
  connection: AwsConnection,
  { role_arn: role }: Pick<AwsIntegration, 'role_arn'>,
): Promise<string> {
  const [, ofRole] = /^arn:aws[a-z-]*:iam::([0-9]{12}):/.exec(role ?? '') ?? [];
  if (ofRole !== undefined) return ofRole;
  // Loaded where it is asked, so that nobody else pays for it.
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const { Account } = await connection.call('asking for its account', (options) =>
    connection.client(STSClient).send(new GetCallerIdentityCommand({}), options),
  );
  if (Account === undefined)
    throw new Failure('AWS does not say in which account it is.', { transient: true });
  return Account;
}
