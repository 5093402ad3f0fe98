// Which secret a desk may use where: named in YAML, given by the operator to the desks, environments and hosts that he
// lists, and read from wherever he keeps it.
import type { SecretWish } from '../../clients/outside.ts';
import { whyNotGranted, type SecretGrant } from '../../desk/secret-grants.ts';
import type { DeskId } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Settings } from '../settings.ts';
import { createAwsSecrets, type SecretUse } from './secret-in-aws.ts';
import { readSecretFile } from './secret-file.ts';
import type { SecretSetting } from './secret-settings.ts';

export interface Secrets {
  /** Undefined where the operator granted no such secret for this. Throws `Failure` where it cannot be read. */
  find(wish: SecretWish): Promise<string | undefined>;
  /** Throws `Failure` where one that is set cannot be read, whoever may use it. */
  demandReadable(name: string): Promise<void>;
}

type SecretParts = Pick<Settings, 'secrets' | 'desks' | 'aws'>;

export function createSecrets(settings: SecretParts, { clock }: { readonly clock: Clock }): Secrets {
  const { endpoint } = settings.aws;
  const inAws = createAwsSecrets({ clock, ...(endpoint !== undefined && { endpoint }) });

  async function read({ name, source }: SecretSetting, use: SecretUse): Promise<string> {
    switch (source.from) {
      case 'environment':
        return source.value;
      case 'file':
        return readSecretFile(name, source.path);
      case 'aws':
        return inAws.read(name, source, use);
      default:
        return source satisfies never;
    }
  }

  return {
    async find({ desk, name, host, environment, purpose }) {
      const place = { hosts: [host], ...(environment !== undefined && { environment }) };
      if (whyNotGranted(name, place, secretGrants(settings, desk)) !== undefined) return undefined;
      const secret = settings.secrets.find((each) => each.name === name);
      return secret && read(secret, purpose === 'deescalate' ? 'ending' : 'other');
    },
    async demandReadable(name) {
      const secret = settings.secrets.find((each) => each.name === name);
      if (secret) await read(secret, 'other');
    },
  };
}

/** Those that a desk may use somewhere, with where that is: nothing of what they say. */
export function secretGrants({ secrets, desks }: SecretParts, desk: DeskId): readonly SecretGrant[] {
  const deskName = desks.find(({ id }) => id === desk)?.name;
  return secrets
    .filter(({ desks: listed }) => listed === undefined || listed.some((each) => each === deskName))
    .map(({ name, hosts, environments }) => ({ name, hosts, ...(environments && { environments }) }));
}
