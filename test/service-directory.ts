// A directory over the double of a service: one desk with people and integrations, asked who belongs to a group of it.
import { redirectedFetch } from '../src/app/endpoints.ts';
import { builtInDefaults } from '../src/desk/compile/compile-settings.ts';
import type { Desk, Integration, Person } from '../src/desk/desk.ts';
import type { Unknown } from '../src/domain/facts.ts';
import { deskId, group, personId, type DeskId } from '../src/domain/names.ts';
import type { Clock } from '../src/engine/ports/clock.ts';
import type { Directory } from '../src/engine/ports/directory.ts';
import { createDirectory } from '../src/people/directory.ts';
import { serviceGroups } from '../src/people/vendor-groups.ts';
import type { Double } from '../sandbox/services/double.ts';
import { testOutside } from './outside.ts';

export interface ServiceDesk {
  readonly double: Double;
  readonly clock: Clock;
  readonly from: readonly string[];
  readonly secrets: { readonly [name: string]: { readonly host: string; readonly value: string } };
  readonly integrations: { readonly [name: string]: Integration['settings'] };
  /** What people.yml says of ann. */
  readonly ann?: Partial<Person>;
  readonly trustedDomains?: readonly string[];
}

export const serviceDesk: DeskId = deskId('github', 1);

export function belongsIn(desk: ServiceDesk): (where: string) => Promise<boolean | Unknown> {
  const directory = directoryOf(desk);
  return (where) => directory.belongs(serviceDesk, personId('ann'), group(where));
}

export function directoryOf(desk: ServiceDesk): Directory {
  const { double, clock, from, secrets, trustedDomains = [] } = desk;
  const ann = { id: personId('ann'), name: 'Ann', role: 'member', ...desk.ann } as const;
  const files: Desk = {
    commit: 'c0ffee',
    people: { persons: new Map([[ann.id, ann]]), byAccount: new Map() },
    settings: {
      admins: [],
      domains: { members: [], linkByEmail: trustedDomains },
      defaults: builtInDefaults,
      integrations: new Map(
        Object.entries(desk.integrations).map(([name, settings]) => [
          name,
          { type: String(settings['type']), settings },
        ]),
      ),
      environments: new Map(),
      targets: new Map(),
      vars: new Map(),
      guests: new Map(),
    },
    flows: new Map(),
    diagnostics: [],
  };
  return createDirectory({
    desks: { desk: async () => files },
    groups: serviceGroups,
    clock,
    outside: testOutside({
      clock,
      fetch: redirectedFetch({
        endpoints: from.map((each) => ({ from: each, to: double.url })),
        there: globalThis.fetch,
        otherwise: async (url) => {
          throw new Error(`Nothing but the double is reached in this test: ${url}`);
        },
      }),
      secret: ({ name, host }) => (secrets[name]?.host === host ? secrets[name].value : undefined),
      accounts: { trustedDomains },
    }),
  });
}
