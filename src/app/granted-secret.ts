// Which secret a desk may use where: named in YAML, given by the operator to the desks and the hosts that he lists.
import type { SecretWish } from '../clients/outside.ts';
import type { DeskId } from '../domain/names.ts';
import type { Settings } from './settings.ts';

/** The names of those that a desk may use anywhere. */
export function secretsOf({ secrets, desks }: Settings, desk: DeskId): readonly string[] {
  const deskName = desks.find(({ id }) => id === desk)?.name;
  return secrets
    .filter(({ desks: listed }) => listed === undefined || listed.some((each) => each === deskName))
    .map(({ name }) => name);
}

export function grantedSecret(
  { secrets, desks }: Settings,
  { desk, name, host }: SecretWish,
): string | undefined {
  const deskName = desks.find(({ id }) => id === desk)?.name;
  const secret = secrets.find((each) => each.name === name);
  if (secret === undefined || !secret.hosts.includes(host)) return undefined;
  return secret.desks === undefined || secret.desks.some((each) => each === deskName)
    ? secret.value
    : undefined;
}
