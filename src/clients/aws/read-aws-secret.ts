// Reads one secret of AWS Secrets Manager, as the app itself. Loaded where one lies there, and nowhere else.
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Failure } from '../../engine/ports/failure.ts';
import { awsFailure } from './aws-failure.ts';

export interface AwsSecretPlace {
  readonly region: string;
  /** A name or an ARN. */
  readonly id: string;
  /** Elsewhere than AWS: an emulator. */
  readonly endpoint?: string;
}

/** Throws `Failure`, which tells neither where it lies nor what it says. */
export async function readAwsSecret(
  { region, id, endpoint }: AwsSecretPlace,
  abortSignal: AbortSignal,
): Promise<string> {
  const client = new SecretsManagerClient({
    region,
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint }),
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }), { abortSignal });
    if (SecretString === undefined)
      throw new Failure('AWS keeps bytes there, and no text.', { transient: false });
    return SecretString;
  } catch (error) {
    throw awsFailure(error, 'reading it');
  } finally {
    client.destroy();
  }
}
