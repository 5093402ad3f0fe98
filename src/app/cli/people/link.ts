// countersign people link: writes into people.yml which account on GitHub, Slack or in a service is somebody's, for a pull request.
import { parseArgs } from 'node:util';
import type { DeskSettings, People, Person } from '../../../desk/desk.ts';
import { nearest } from '../../../desk/nearest.ts';
import { personId } from '../../../domain/names.ts';
import { plugIns } from '../../plug-ins.ts';
import type { DeskOnGitHub } from '../../operator-desk.ts';
import type { CliCommand, CliConsole } from '../command.ts';
import { endingOf, oneFolder, WrongCall } from '../ending.ts';
import { openDesk, openOnGitHub, type OpenDesk, type OpenOnGitHub } from '../operator.ts';
import { plain } from '../terminal-text.ts';
import { noSuchPerson } from './known-person.ts';
import { githubByLogin, slackByText } from './places.ts';
import { branchFor, cloneOptions, openCheckout, propose, type Checkout, type FileChange } from './propose.ts';

export function peopleLinkCommand(open: OpenDesk, onGitHub: OpenOnGitHub = open): CliCommand {
  return {
    name: 'people link',
    summary: 'writes into people.yml which account is somebody’s, for a pull request',
    usage: `PERSON SERVICE ID [--replace] [--folder FOLDER] [--desk OWNER/NAME]

Changes flows/people.yml of a clone of the desk, that line alone, and prints the commands and the link of the pull request.
Nothing is pushed, and nothing counts before it is merged. An account on GitHub or Slack is looked up first.

  SERVICE            github, slack, okta, google, aws-sso, aws-iam, …; okta@NAME by one of several integrations
  ID                 for GitHub the login: its numeric id is looked up. For Slack the member ID, U…, or T…/U… of another
                     workspace. Else what the service tells its users apart by: docs/people.md
  --replace          there is another account already, and this one is to stand in its place
  --folder FOLDER    a clone of the desk; where you are, unless given
  --desk OWNER/NAME  which desk, where the app serves several

Ends with 0 where it is written or was so already, 1 where it may not be written, 2 when called wrongly, 3 where something
could not be found out.`,
    run: (args, console) => endingOf('people link', console, () => run(args, console, { open, onGitHub })),
  };
}

export const peopleLink = peopleLinkCommand(openDesk, openOnGitHub);

interface Ways {
  /** Asks Slack, too, and so wants all settings. */
  readonly open: OpenDesk;
  readonly onGitHub: OpenOnGitHub;
}

async function run(args: readonly string[], console: CliConsole, { open, onGitHub }: Ways): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      replace: { type: 'boolean', default: false },
      ...cloneOptions,
      desk: { type: 'string' },
    },
    allowPositionals: true,
  });
  const [name, service, id, ...more] = positionals;
  if (name === undefined || service === undefined || id === undefined || more.length > 0)
    throw new WrongCall(
      'Say one person, one service and one account, as in: countersign people link ann okta 00u1a2b3c4',
    );
  const desk = await (service === 'slack' ? open : onGitHub)(values.desk);
  const checkout = await openCheckout(oneFolder([values.in], values));
  const person = checkout.read.people.persons.get(personId(name));
  if (person === undefined) throw noSuchPerson(name, checkout.read.people);
  const wish = { person, service, id };
  const link = await linkFor(wish, { desk, checkout });
  if ('why' in link) {
    console.err(plain(`${link.why} Nothing was written.`));
    return 1;
  }
  if (link.note !== undefined) console.err(plain(link.note));
  if (link.known === link.wanted) {
    console.out(plain(`${name} has ${link.wanted} already.`));
    return 0;
  }
  if (link.known !== undefined && !values.replace) {
    console.err(
      plain(
        `${name} has ${link.known} for ${service} already. To write ${link.wanted} in its place, say --replace.`,
      ),
    );
    return 1;
  }
  const changes = link.changes.map((change): FileChange => ({ file: 'flows/people.yml', change }));
  const title = `Link ${name} to an account in ${service}`;
  return propose({ title, branch: branchFor('link', name, service), changes }, { checkout, desk, console });
}

interface Wish {
  readonly person: Person;
  readonly service: string;
  readonly id: string;
}

interface Around {
  readonly desk: DeskOnGitHub;
  readonly checkout: Checkout;
}

interface FoundLink {
  /** For people: what stands there now, and what is to. */
  readonly known?: string | undefined;
  readonly wanted: string;
  readonly changes: readonly FileChange['change'][];
  readonly note?: string | undefined;
}

async function linkFor(wish: Wish, around: Around): Promise<FoundLink | { readonly why: string }> {
  if (wish.service === 'github') return githubLink(wish, around);
  if (wish.service === 'slack') return slackLink(wish, around);
  const { person, service, id } = wish;
  const note = demandService(service, around.checkout.read);
  const set = ['people', person.id, 'accounts', service] as const;
  return { known: person.accounts?.[service], wanted: id, changes: [{ set, value: id }], note };
}

async function githubLink(
  { person, id: typed }: Wish,
  { desk }: Around,
): Promise<FoundLink | { readonly why: string }> {
  const found = await githubByLogin(typed, desk);
  if ('why' in found) return found;
  const { login, id } = found;
  const path = ['people', person.id, 'github'] as const;
  // Whatever way they are written, and with the comments at them.
  const changes: FoundLink['changes'] = person.github
    ? [
        { set: [...path, 'login'], value: login },
        { set: [...path, 'id'], value: id },
      ]
    : [{ set: path, value: { login, id } }];
  const known = person.github && `${person.github.login} (${person.github.id})`;
  return { known, wanted: `${login} (${id})`, changes };
}

async function slackLink(
  { person, id }: Wish,
  { desk }: Around,
): Promise<FoundLink | { readonly why: string }> {
  const found = await slackByText(id, { desk, isGuest: person.role === 'guest' });
  if ('why' in found) return found;
  const { workspace, user } = person.slack ?? {};
  const known = workspace === undefined ? user : `${workspace}/${user}`;
  const wanted = typeof found.value === 'string' ? found.value : id;
  return {
    ...{ known, wanted, note: found.note },
    changes: [{ set: ['people', person.id, 'slack'], value: found.value }],
  };
}

/** A sentence where it is odd and may be meant: code and targets name services of their own. */
function demandService(
  service: string,
  { settings, people }: { readonly settings: DeskSettings; readonly people: People },
): string | undefined {
  const [key = '', integration] = service.split('@');
  if (!/^[a-z][a-z0-9-]{0,40}(@[A-Za-z][A-Za-z0-9_-]{0,62})?$/.test(service))
    throw new WrongCall(`“${service}” is no name of a service, such as okta or okta@NAME.`);
  if (integration !== undefined && !settings.integrations.has(integration))
    throw new WrongCall(`countersign.yml declares no integration “${integration}”.`);
  const used = [...people.persons.values()].flatMap(({ accounts = {} }) => Object.keys(accounts));
  const known = new Set([...ownKeys, ...used.map((each) => each.split('@')[0] ?? '')]);
  if (known.has(key)) return undefined;
  const close = nearest(key, [...known, 'github', 'slack']);
  if (close !== undefined) throw new WrongCall(`There is no service “${key}”. Did you mean “${close}”?`);
  return `Nobody in people.yml has an account in “${key}” so far, and no strategy of ours asks for it by that name.`;
}

/** What strategies ask for accounts by. AWS has two kinds of users, and neither is called after the integration. */
const ownKeys = [
  ...Object.keys(plugIns.integrations).filter((type) => type !== 'aws' && type !== 'http'),
  'aws-sso',
  'aws-iam',
];
