// What subjects of services beyond GitHub share: the double behind the vendor's own address, granted secrets, people, and trouble on the wire.
import type { Double } from '../../../sandbox/services/double.ts';
import { redirectedFetch, type Redirection } from '../../../src/app/endpoints.ts';
import type { Settings } from '../../../src/domain/flow.ts';
import { deskId, personId, type PersonId } from '../../../src/domain/names.ts';
import type { AccessControlParts } from '../../../src/strategies/access-control.ts';
import { strategies } from '../../../src/strategies/index.ts';
import type { Holder, Person } from '../../../src/strategies/strategy.ts';
import { testOutside } from '../../outside.ts';
import { fetchThrough, straight, type Passage } from './passage.ts';
import type { Trouble } from '../strategy.ts';
import type { Clock } from '../../../src/engine/ports/clock.ts';

export interface ServiceParts {
  readonly parts: AccessControlParts;
  /** Those of another process, each of whose calls takes this way. */
  partsThrough(passage: Passage): AccessControlParts;
  /** What happens to writes that leave from now on. */
  trouble(kind: Trouble | undefined): void;
  readonly writes: number;
}

export interface ServiceWorld {
  readonly double: Double;
  readonly clock: Clock;
  /** The addresses that lead to the double. */
  readonly from: readonly string[];
  /** By name, each with the one host that it is granted for. */
  readonly secrets: { readonly [name: string]: { readonly host: string; readonly value: string } };
  readonly integration: Settings;
  readonly people: readonly Person[];
  readonly trustedDomains?: readonly string[];
  /** Not a write, though it is no GET: a token is asked for. */
  readonly isRead?: (path: string) => boolean;
}

export function serviceParts(world: ServiceWorld): ServiceParts {
  const { double, clock, from, secrets, integration, people, isRead = () => false } = world;
  let writes = 0;
  const byId = new Map<PersonId, Person>(people.map((person) => [person.id, person]));
  const endpoints: readonly Redirection[] = from.map((each) => ({ from: each, to: double.url }));
  const toDouble: typeof globalThis.fetch = async (input, init) => {
    if (init?.method !== 'GET' && !isRead(new URL(String(input)).pathname)) writes += 1;
    return globalThis.fetch(input, init);
  };
  const partsThrough = (passage: Passage): AccessControlParts => ({
    strategies,
    clock,
    outside: testOutside({
      clock,
      fetch: redirectedFetch({ endpoints, there: fetchThrough(passage, toDouble), otherwise: strange }),
      secret: ({ name, host }) => (secrets[name]?.host === host ? secrets[name].value : undefined),
      accounts: { trustedDomains: world.trustedDomains ?? [] },
    }),
    person: async (_, person) => byId.get(person),
    integrations: async () => [integration],
    githubLogin: async () => undefined,
    sealing: { keys: [], nonce: () => Buffer.alloc(12) },
  });
  return {
    parts: partsThrough(straight),
    partsThrough,
    get writes() {
      return writes;
    },
    trouble(kind) {
      double.mishap(({ method, path }) => {
        if (kind === undefined || method === 'GET' || isRead(path)) return undefined;
        if (kind === 'hang') return 'hang';
        return kind === 'answer-lost' ? 'lost' : { status: kind.status };
      });
    },
  };
}

/** As a report of standing access would ask. */
export async function holdersOf(
  parts: AccessControlParts,
  { type, integration }: { readonly type: string; readonly integration: string },
  settings: Settings,
): Promise<readonly Holder[]> {
  const desk = deskId('github', 1);
  const strategy = parts.strategies.find((each) => each.type === type);
  const [declared = {}] = await parts.integrations(desk, integration);
  const using = {
    ...parts.outside.of(desk, { signal: new AbortController().signal }),
    github: noGitHub,
    githubRepository: noGitHub,
    githubLogin: noGitHub,
    code: noGitHub,
  };
  const call = { desk, settings, integration: declared, integrationName: integration, using };
  const found = await strategy?.resource(call);
  if (found === undefined || 'missing' in found) throw new Error('There is no such thing to be listed.');
  return (await strategy?.holders?.({ ...call, resource: found.resource })) ?? [];
}

async function noGitHub(): Promise<never> {
  throw new Error('Nothing of this is on GitHub.');
}

export const ann: Person = { id: personId('ann'), email: 'ann@acme.com' };

async function strange(url: string): Promise<never> {
  throw new Error(`Nothing but the double is reached in this test: ${url}`);
}
