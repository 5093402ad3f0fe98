// AWS Secrets Manager: secrets by name or ARN, their current version, and what becomes of deleted ones.
import { randomBytes, randomUUID } from 'node:crypto';
import type { AwsService } from './aws-service.ts';
import { jsonService, operation, seconds } from './json-protocol.ts';
import { members, optional, text } from './members.ts';
import { AwsProblem, notFound } from './problem.ts';

export interface SecretsManager {
  /** Gives its ARN, which ends with six letters of AWS's own. */
  put(secret: {
    readonly account: string;
    readonly region: string;
    readonly name: string;
    readonly value: string | Uint8Array;
    /** The ARN of a customer's own key, by which it is encrypted: who reads it has to be allowed `kms:Decrypt` as well. */
    readonly kmsKey?: string;
  }): string;
  /** Another version becomes the current one. */
  rotate(arn: string, value: string | Uint8Array): void;
  /** Marked for deletion: it can be restored, and not be read. */
  remove(arn: string): void;
  readonly service: AwsService;
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly value: string | Uint8Array;
  readonly version: string;
  readonly created: Date;
  readonly kmsKey?: string | undefined;
  readonly isDeleted?: true;
}

export function createSecretsManager(): SecretsManager {
  const secrets = new Map<string, Secret>();

  function change(arn: string, change: Partial<Secret>): void {
    const known = secrets.get(arn);
    if (known === undefined) throw new Error(`The double has no secret ${arn}.`);
    secrets.set(arn, { ...known, ...change });
  }

  /** By a name, those of the caller's own account and region; of another account, by the ARN alone. */
  function find(id: string, account: string, region: string): Secret | undefined {
    if (id.startsWith('arn:')) return secrets.get(id);
    return [...secrets.values()].find(
      ({ arn, name }) => name === id && arn.startsWith(`arn:aws:secretsmanager:${region}:${account}:`),
    );
  }

  const input = members({
    SecretId: text(/^[^]{1,2048}$/),
    VersionId: optional(text(/^[^]{32,64}$/)),
    VersionStage: optional(text(/^[^]{1,256}$/)),
  });

  return {
    put({ account, region, name, value, kmsKey }) {
      const letters = randomBytes(3).toString('hex');
      const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${letters}`;
      secrets.set(arn, { arn, name, value, version: randomUUID(), created: new Date(), kmsKey });
      return arn;
    },
    rotate: (arn, value) => change(arn, { value, version: randomUUID() }),
    remove: (arn) => change(arn, { isDeleted: true }),
    service: jsonService({
      signingName: 'secretsmanager',
      target: 'secretsmanager',
      operations: {
        GetSecretValue: operation(input, ({ SecretId, VersionStage }, { caller, region, demand }) => {
          const secret = find(SecretId, caller.account, region);
          // Whether it is there is told to nobody who may not read it.
          demand('secretsmanager:GetSecretValue', [secret?.arn ?? SecretId]);
          if (secret === undefined) throw notFound("Secrets Manager can't find the specified secret.");
          if (secret.isDeleted)
            throw new AwsProblem(
              400,
              'InvalidRequestException',
              "You can't perform this operation on the secret because it was marked for deletion.",
            );
          if (VersionStage !== undefined && VersionStage !== 'AWSCURRENT')
            throw notFound(
              `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
            );
          if (secret.kmsKey !== undefined) demandKey(demand, secret.kmsKey);
          const { arn, name, value, version, created } = secret;
          return {
            ...{ ARN: arn, Name: name, VersionId: version, VersionStages: ['AWSCURRENT'] },
            CreatedDate: seconds(created),
            ...(typeof value === 'string'
              ? { SecretString: value }
              : { SecretBinary: Buffer.from(value).toString('base64') }),
          };
        }),
      },
    }),
  };
}

function demandKey(demand: (action: string, resources: readonly string[]) => void, key: string): void {
  try {
    demand('kms:Decrypt', [key]);
  } catch {
    throw new AwsProblem(400, 'AccessDeniedException', 'Access to KMS is not allowed');
  }
}
