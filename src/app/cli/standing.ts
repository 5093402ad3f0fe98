// countersign standing: who holds the targets of a desk now, by one of our grants or for good, and what a grant says that is not so.
import { parseArgs } from 'node:util';
import { isBroken } from '../../desk/desk.ts';
import { heldAccounts, type HeldAccount } from '../../domain/drift.ts';
import type { Flow } from '../../domain/flow.ts';
import type { Instant, PersonId } from '../../domain/names.ts';
import { offeredBy, type Offered } from '../../domain/offered-settings.ts';
import type { AccessReports } from '../../engine/ports/access.ts';
import type { LedgerNow, OperatorDesk } from '../operator-desk.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { endingOf, WrongCall } from './ending.ts';
import { noSuchFlow } from './known-desk.ts';
import { openDesk, ownersOf, type OpenDesk } from './operator.ts';
import { plain, printJson } from './terminal-text.ts';

export function standingCommand(open: OpenDesk): CliCommand {
  return {
    name: 'standing',
    summary: 'says who holds the targets of a flow for good, and who by a grant',
    usage: `[FLOW …] [--desk OWNER/NAME] [--json]

Reads the environment and .env, as the app does, asks each service who holds the targets of the flows (all, unless named),
and compares with the live grants in the ledger. Changes nothing, and may run beside the app.

  --desk OWNER/NAME  which desk, where the app serves several
  --json             one object for a machine

Ends with 0 where all that is held is by live grants, 1 where something stands for good or is missing, 2 when called wrongly,
3 where something could not be found out.`,
    run: (args, console) => endingOf('standing', console, () => run(args, console, open)),
  };
}

export const standing = standingCommand(openDesk);

/** One real thing, and whoever holds it. */
export interface StandingReport {
  readonly places: readonly StandingPlace[];
  /** Targets whose holders nobody can list, and why. */
  readonly unlisted: readonly { readonly flow: string; readonly target: string; readonly why: string }[];
  /** Those that should have been listed and could not. */
  readonly failed: StandingReport['unlisted'];
}

interface StandingPlace {
  readonly resource: string;
  readonly targets: readonly string[];
  readonly holders: readonly StandingHolder[];
}

interface StandingHolder {
  /** Null: people.yml knows no such account. */
  readonly person: PersonId | null;
  readonly account: string;
  readonly holds: string;
  /** What stays when our grants have ended; null where nothing does. */
  readonly standing: string | null;
  /** What our grants say, and the target does not show. */
  readonly lacks: string | null;
  readonly grants: readonly {
    readonly request: string;
    readonly flow: string;
    readonly until: Instant | null;
  }[];
}

async function run(args: readonly string[], console: CliConsole, open: OpenDesk): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { desk: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const desk = await open(values.desk);
  const report = await standingOf(desk, flowsOf(desk, positionals), await desk.ledger());
  if (values.json) console.out(printJson({ desk: desk.name, ...report }));
  else for (const line of print(report)) console.out(line);
  if (report.failed.length > 0) return 3;
  return report.places.some(({ holders }) => holders.some(isNews)) ? 1 : 0;
}

function isNews({ standing: stands, lacks }: StandingHolder): boolean {
  return stands !== null || lacks !== null;
}

function flowsOf({ files }: OperatorDesk, named: readonly string[]): readonly Flow[] {
  const names = named.length > 0 ? named : [...files.flows.keys()];
  return names.flatMap((name) => {
    const flow = files.flows.get(name);
    if (flow === undefined) throw noSuchFlow(name, files);
    if (!isBroken(flow)) return [flow];
    if (named.length > 0) throw new WrongCall(`“${name}” is broken: countersign validate says where.`);
    return [];
  });
}

export async function standingOf(
  {
    id,
    access,
    files,
  }: Pick<OperatorDesk, 'id' | 'files'> & { readonly access: Pick<AccessReports, 'holders'> },
  flows: readonly Flow[],
  { grants, identities }: Pick<LedgerNow, 'grants' | 'identities'>,
): Promise<StandingReport> {
  const ownerOf = ownersOf(files.people, identities);
  const places = new Map<string, { targets: string[]; held: readonly HeldAccount[] }>();
  const unlisted: StandingReport['unlisted'][number][] = [];
  const failed: StandingReport['unlisted'][number][] = [];
  for (const each of flows.flatMap(offeredBy)) {
    const { flow, target } = each;
    if ('why' in each) {
      unlisted.push({ flow, target, why: each.why });
      continue;
    }
    const listing = await access.holders(id, each.strategy, each.settings);
    if ('missing' in listing) {
      const isUnlisted = listing.missing === 'unlisted';
      (isUnlisted ? unlisted : failed).push({ flow, target, why: listing.why });
      continue;
    }
    const known = places.get(listing.resource);
    if (known) known.targets.push(nameOf(each));
    else places.set(listing.resource, { targets: [nameOf(each)], held: heldAccounts(listing, grants) });
  }
  return {
    places: [...places].map(([resource, { targets, held }]) => ({
      resource,
      targets: [...new Set(targets)],
      holders: held.filter(isHeld).map((one) => holderOf(one, ownerOf)),
    })),
    unlisted,
    failed,
  };
}

function nameOf({ flow, target, label }: Offered): string {
  return `${flow}/${target} (${label})`;
}

function isHeld({ holds, grants, lacks }: HeldAccount): boolean {
  return holds !== 'none' || grants.length > 0 || lacks !== undefined;
}

function holderOf(
  { account, holds, standing: stands, lacks, grants }: HeldAccount,
  ownerOf: (account: string) => PersonId | undefined,
): StandingHolder {
  return {
    person: ownerOf(account) ?? null,
    account,
    holds,
    standing: stands ?? null,
    lacks: lacks ?? null,
    grants: grants.map(({ request, flow, until }) => ({ request, flow, until: until ?? null })),
  };
}

function print({ places, unlisted, failed }: StandingReport): readonly string[] {
  const lines = places.flatMap(({ resource, targets, holders }) => [
    plain(`${targets.join(', ')}: ${resource}`),
    ...(holders.length === 0 ? ['  nobody'] : holders.map((each) => `  ${plain(printHolder(each))}`)),
    '',
  ]);
  const aside = (words: string, list: StandingReport['unlisted']): readonly string[] =>
    list.map(({ flow, target, why }) => plain(`${flow}/${target} ${words}: ${why}`));
  return [...lines, ...aside('cannot be listed', unlisted), ...aside('could not be looked at', failed)];
}

function printHolder({ person, account, holds, standing: stands, lacks, grants }: StandingHolder): string {
  const who = `${(person ?? 'unknown').padEnd(16)}${account.padEnd(24)}${holds.padEnd(12)}`;
  const ours = grants.map(
    ({ request, until }) => `by ${request} ${until === null ? 'until revoked' : `until ${minuteOf(until)}`}`,
  );
  const parts = [
    ...ours,
    ...(stands === null ? [] : [grants.length === 0 ? 'standing' : `${stands} is standing`]),
    ...(lacks === null ? [] : [`was granted ${lacks} and does not have it`]),
  ];
  return `${who}${parts.join('; ')}`.trimEnd();
}

function minuteOf(at: Instant): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}
