// countersign people add: writes somebody new into people.yml, for a pull request.
import { parseArgs } from 'node:util';
import type { People } from '../../../desk/desk.ts';
import { personPattern } from '../../../desk/schema/pieces.ts';
import type { YamlValue } from '../../../desk/yaml/print-yaml.ts';
import { personId } from '../../../domain/names.ts';
import type { DeskOnGitHub } from '../../operator-desk.ts';
import type { CliCommand, CliConsole } from '../command.ts';
import { endingOf, oneFolder, WrongCall } from '../ending.ts';
import { openDesk, openOnGitHub, type OpenDesk, type OpenOnGitHub } from '../operator.ts';
import { plain } from '../terminal-text.ts';
import { githubByLogin, slackByText } from './places.ts';
import { branchFor, cloneOptions, openCheckout, propose } from './propose.ts';

export function peopleAddCommand(open: OpenDesk, onGitHub: OpenOnGitHub = open): CliCommand {
  return {
    name: 'people add',
    summary: 'writes somebody new into people.yml, for a pull request',
    usage: `NAME --github LOGIN [--slack ID] [--email ADDRESS] [--called "FULL NAME"] [--manager PERSON] [--guest] [--folder FOLDER]
  [--desk OWNER/NAME]

Changes flows/people.yml of a clone of the desk, and prints the commands and the link of the pull request. Nothing is pushed,
and nothing counts before it is merged. Accounts are looked up first.

  NAME               short, and for ever: letters, digits, ., - and _
  --github LOGIN     the account on GitHub: its numeric id is looked up
  --slack ID         the member ID of their profile on Slack, U…, or T…/U… of another workspace
  --email ADDRESS    the address at work
  --called NAME      as people read it; the name of the profile on GitHub, unless given
  --manager PERSON   somebody of flows/people.yml
  --guest            from outside: then --slack is enough
  --folder FOLDER    a clone of the desk; where you are, unless given
  --desk OWNER/NAME  which desk, where the app serves several

Ends with 0 where it is written, 1 where it may not be written, 2 when called wrongly, 3 where something could not be found
out.`,
    run: (args, console) => endingOf('people add', console, () => run(args, console, { open, onGitHub })),
  };
}

export const peopleAdd = peopleAddCommand(openDesk, openOnGitHub);

const options = {
  github: { type: 'string' },
  slack: { type: 'string' },
  email: { type: 'string' },
  called: { type: 'string' },
  manager: { type: 'string' },
  guest: { type: 'boolean', default: false },
  ...cloneOptions,
  desk: { type: 'string' },
} as const;

type Called = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

interface Ways {
  /** Asks Slack, too, and so wants all settings. */
  readonly open: OpenDesk;
  readonly onGitHub: OpenOnGitHub;
}

async function run(args: readonly string[], console: CliConsole, { open, onGitHub }: Ways): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new WrongCall('Say one person, as in: countersign people add eve --github eve-a');
  if (!new RegExp(personPattern).test(name))
    throw new WrongCall(`“${name}” is no name of a person: a letter, then letters, digits, ., - and _.`);
  if (values.github === undefined && !(values.guest && values.slack !== undefined))
    throw new WrongCall('Say their account: --github LOGIN; of a guest, --slack ID is enough.');
  const desk = await (values.slack !== undefined ? open : onGitHub)(values.desk);
  const checkout = await openCheckout(oneFolder([values.in], values));
  const { people } = checkout.read;
  if (people.persons.has(personId(name)))
    throw new WrongCall(
      `There is a “${name}” in flows/people.yml. For another account of theirs: people link.`,
    );
  const person = await personFor(name, values, desk);
  if ('why' in person) {
    console.err(plain(`${person.why} Nothing was written.`));
    return 1;
  }
  if (person.note !== undefined) console.err(plain(person.note));
  const after = lastOfKind(people, values.guest);
  const change = {
    set: ['people', name],
    value: person.value,
    ...(after !== undefined && { after }),
  } as const;
  return propose(
    { title: `Add ${name}`, branch: branchFor('add', name), changes: [{ file: 'flows/people.yml', change }] },
    { checkout, desk, console },
  );
}

async function personFor(
  name: string,
  { github: login, slack: user, email, called, manager, guest }: Called,
  desk: DeskOnGitHub,
): Promise<{ readonly value: YamlValue; readonly note?: string | undefined } | { readonly why: string }> {
  const github = login === undefined ? undefined : await githubByLogin(login, desk);
  if (github && 'why' in github) return github;
  const slack = user === undefined ? undefined : await slackByText(user, { desk, isGuest: guest === true });
  if (slack && 'why' in slack) return slack;
  return {
    value: {
      name: called ?? github?.fullName ?? name,
      ...(guest === true && { role: 'guest' }),
      ...(email !== undefined && { email }),
      ...(github && { github: { login: github.login, id: github.id } }),
      ...(slack && { slack: slack.value }),
      ...(manager !== undefined && { manager }),
    },
    note: slack?.note,
  };
}

/** Members stand with members, and guests with guests, where the file is in that order. */
function lastOfKind({ persons }: People, isGuest: boolean): string | undefined {
  const role = isGuest ? 'guest' : 'member';
  return [...persons.values()].findLast((each) => each.role === role)?.id;
}
