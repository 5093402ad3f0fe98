// The secrets that a desk's integrations name: is each set, granted for where it is to go, and readable?
import type { Desk } from '../../desk/desk.ts';
import {
  secretPlaceOf,
  secretsIn,
  whyNotGranted,
  type SecretPlace,
  type WhyNotGranted,
} from '../../desk/secret-grants.ts';
import type { DeskId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SecretSetting } from '../secrets/secret-settings.ts';
import { secretGrants, type Secrets } from '../secrets/secrets.ts';
import type { Settings } from '../settings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

interface Wish {
  readonly integration: string;
  readonly name: string;
  readonly place: SecretPlace;
}

export async function secretFindings(
  desk: Desk,
  id: DeskId,
  { settings, secrets }: { readonly settings: Settings; readonly secrets: Secrets },
): Promise<readonly Finding[]> {
  const wishes = [...(desk.settings?.integrations ?? [])].flatMap(
    ([integration, { settings: written }]): readonly Wish[] => {
      const place = secretPlaceOf(integration, written);
      return secretsIn(written).map((name) => ({ integration, name, place }));
    },
  );
  const grants = secretGrants(settings, id);
  const refused = wishes.flatMap((wish): readonly Finding[] => {
    const why = whyNotGranted(wish.name, wish.place, grants);
    return why === undefined ? [] : [refusal(wish, why, settings)];
  });
  const granted = new Set(
    wishes.flatMap(({ name, place }) => (whyNotGranted(name, place, grants) === undefined ? [name] : [])),
  );
  const unread = await Promise.all([...granted].map((name) => readFinding(name, secrets)));
  const findings = [...refused, ...unread.flatMap((each) => each ?? [])];
  if (findings.length > 0) return findings;
  return [ok(wishes.length === 0 ? 'none is named' : `${[...granted].join(', ')}: granted`)];
}

function refusal({ integration, name, place }: Wish, why: WhyNotGranted, settings: Settings): Finding {
  const variable = `COUNTERSIGN_SECRET_${name}`;
  const named = `the integration ${integration} names the secret ${name}, which`;
  const secret = settings.secrets.find((each) => each.name === name);
  const host = place.hosts[0] ?? 'its host';
  if (secret === undefined)
    return failure(
      `${named} is not set`,
      `Set ${variable}, or ${variable}_FILE or ${variable}_AWS in its place, and ${variable}_FOR to ${host}.`,
    );
  switch (why) {
    case 'no-such-grant':
      return failure(`${named} this desk may not use`, `Add this desk to ${variable}_FOR.`);
    case 'environment':
      return failure(
        `${named} is granted ${environmentsOf(secret)}`,
        place.environment === undefined
          ? `Declare the integration in that environment of flows/countersign.yml, or take environment:NAME out of ${variable}_FOR.`
          : `Add environment:${place.environment} to ${variable}_FOR, if it is to be used there.`,
      );
    case 'host':
      return failure(
        `${named} may not be sent to ${place.hosts.join(', ')}`,
        `Add ${host} to ${variable}_FOR.`,
      );
    default:
      return why satisfies never;
  }
}

function environmentsOf({ environments = [] }: SecretSetting): string {
  return `to integrations of ${environments.join(', ')} alone`;
}

async function readFinding(name: string, secrets: Secrets): Promise<Finding | undefined> {
  try {
    await secrets.demandReadable(name);
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const todo = 'docs/secrets.md says what it has to be, and what the app needs to read it.';
    const says = `${name}: ${error.message.replace(/\.$/, '')}`;
    return error.transient ? warning(says, `Look again later; if it stays: ${todo}`) : failure(says, todo);
  }
}
