// countersign people list: who the people of a desk are, by which accounts, and who of them are admins.
import { parseArgs } from 'node:util';
import { findAccountIn, type AccountSources } from '../../../clients/find-account.ts';
import type { Person } from '../../../desk/desk.ts';
import { group } from '../../../domain/names.ts';
import { linkedAccount } from '../../../people/link.ts';
import { ownWorkspace } from '../../../people/own-workspace.ts';
import type { LedgerNow, OperatorDesk } from '../../operator-desk.ts';
import type { CliCommand, CliConsole } from '../command.ts';
import { endingOf, WrongCall } from '../ending.ts';
import { openDesk, type OpenDesk } from '../operator.ts';
import { plain, printJson } from '../terminal-text.ts';
import { askEach } from './ask-each.ts';
import { inColumns } from './rows.ts';

export function peopleListCommand(open: OpenDesk): CliCommand {
  return {
    name: 'people list',
    summary: 'says who the people of a desk are, by which accounts, and who of them are admins',
    usage: `[--desk OWNER/NAME] [--json]

Reads the environment and .env, as the app does, flows/people.yml as it is on the default branch, and the ledger for accounts
that were found by e-mail or linked on Slack. Changes nothing, and may run beside the app.

  --desk OWNER/NAME  which desk, where the app serves several
  --json             one object for a machine

Ends with 0; with 2 when called wrongly, 3 where something could not be found out: who is an admin, mostly.`,
    run: (args, console) => endingOf('people list', console, () => run(args, console, open)),
  };
}

export const peopleList = peopleListCommand(openDesk);

interface ListedPerson {
  readonly person: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Person['role'];
  /** Null: it could not be found out. */
  readonly admin: boolean | null;
  readonly github: { readonly login: string; readonly id: number } | null;
  readonly slack: { readonly workspace: string | null; readonly user: string; readonly by: By } | null;
  readonly accounts: readonly { readonly service: string; readonly account: string; readonly by: By }[];
  readonly manager: string | null;
}

/** `people`: flows/people.yml says so. `e-mail`: found by a trusted address, and kept. `link`: proved by the person. */
type By = 'people' | 'e-mail' | 'link';

async function run(args: readonly string[], console: CliConsole, open: OpenDesk): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { desk: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (positionals.length > 0)
    throw new WrongCall(
      `It lists everybody: what is “${positionals.join(' ')}”? To look at one: people check.`,
    );
  const desk = await open(values.desk);
  const ledger = await desk.ledger();
  const own = ledger.links.size > 0 ? await ownWorkspace(desk.id, desk.files, desk.slack) : undefined;
  const doubts = new Set<string>();
  const listed = await askEach([...desk.files.people.persons.values()], console, async (person) => {
    const admin = await desk.directory.belongs(desk.id, person.id, group('role:admin'));
    if (typeof admin === 'object') doubts.add(admin.unknown);
    return {
      ...(await listedPerson(person, await desk.accountSources(person.id), { desk, ledger, own })),
      admin: typeof admin === 'object' ? null : admin,
    };
  });
  if (values.json) console.out(printJson({ desk: desk.name, people: listed }));
  else for (const line of inColumns([titles, ...listed.map(rowOf)])) console.out(line);
  for (const doubt of doubts) console.err(plain(`Who is an admin could not be found out: ${doubt}`));
  return doubts.size > 0 ? 3 : 0;
}

async function listedPerson(
  person: Person,
  sources: AccountSources,
  known: { readonly desk: OperatorDesk; readonly ledger: LedgerNow; readonly own: string | undefined },
): Promise<Omit<ListedPerson, 'admin'>> {
  const { id, name, email, role, github, manager, accounts = {} } = person;
  const written = Object.entries(accounts).map(
    ([service, account]) => ({ service, account, by: 'people' }) as const,
  );
  const kept = await keptAccounts(person, sources, known.ledger);
  return {
    ...{ person: id, name, role, email: email ?? null },
    ...{ github: github ?? null, slack: slackOf(person, known), manager: manager ?? null },
    accounts: [...written, ...kept],
  };
}

function slackOf(
  { id, slack }: Person,
  { desk, ledger, own }: Parameters<typeof listedPerson>[2],
): ListedPerson['slack'] {
  if (slack) return { workspace: slack.workspace ?? null, user: slack.user, by: 'people' };
  const linked = own === undefined ? undefined : linkedAccount(ledger.links, id, desk.files.people, own);
  return linked ? { ...linked, by: 'link' } : null;
}

/** Those that still hold: another address, or a domain that is trusted no more, and they say nothing. */
async function keptAccounts(
  person: Person,
  sources: AccountSources,
  { identities }: LedgerNow,
): Promise<ListedPerson['accounts']> {
  const kept: ListedPerson['accounts'][number][] = [];
  for (const { person: owner, service, account } of identities.values()) {
    if (owner !== person.id) continue;
    const [key = service, integration] = service.split('@');
    const found = await findAccountIn(
      person,
      { key, name: key, wants: 'an id', ...(integration !== undefined && { integration }), match: nobody },
      sources,
    );
    const isWritten = [service, key].some((each) => person.accounts?.[each] !== undefined);
    if (!isWritten && 'account' in found && found.account === account)
      kept.push({ service, account, by: 'e-mail' });
  }
  return kept;
}

/** What is listed is what is known: no service is asked. */
const nobody = async (): Promise<undefined> => undefined;

const titles = ['PERSON', 'NAME', 'ROLE', 'GITHUB', 'SLACK', 'ACCOUNTS'];

function rowOf({ person, name, role, admin, github, slack, accounts }: ListedPerson): readonly string[] {
  const roles = admin === null ? `${role}, admin?` : admin ? 'admin' : role;
  const user = slack && (slack.workspace === null ? slack.user : `${slack.workspace}/${slack.user}`);
  return [
    ...[person, name, roles, github ? `${github.login} (${github.id})` : '–'],
    slack ? `${user}${by(slack)}` : '–',
    accounts.map((each) => `${each.service} ${each.account}${by(each)}`).join(', ') || '–',
  ].map(plain);
}

function by({ by: how }: { readonly by: By }): string {
  return how === 'people' ? '' : how === 'link' ? ' (linked)' : ' (by e-mail)';
}
