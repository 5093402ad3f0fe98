// countersign people role: writes into the desk's files whether somebody is an admin, a member or a guest, for a pull request.
import { parseArgs } from 'node:util';
import type { Person } from '../../../desk/desk.ts';
import { group, personId, type Group } from '../../../domain/names.ts';
import { list } from '../../../domain/words.ts';
import type { CliCommand, CliConsole } from '../command.ts';
import { endingOf, oneFolder, WrongCall } from '../ending.ts';
import { openOnGitHub, type OpenOnGitHub } from '../operator.ts';
import { plain } from '../terminal-text.ts';
import { noSuchPerson } from './known-person.ts';
import { branchFor, cloneOptions, openCheckout, propose, type FileChange } from './propose.ts';

export function peopleRoleCommand(open: OpenOnGitHub): CliCommand {
  return {
    name: 'people role',
    summary: 'writes into the desk’s files whether somebody is admin, member or guest, for a pull request',
    usage: `PERSON admin|member|guest [--folder FOLDER] [--desk OWNER/NAME]

Changes flows/people.yml, and for admins flows/countersign.yml, of a clone of the desk, those lines alone, and prints the
commands and the link of the pull request. Nothing is pushed, and nothing counts before it is merged: the app makes nobody an
admin, and does not let anybody.

  admin              listed in admins of flows/countersign.yml; may stand in for internal steps, with a reason
  member             of your own people
  guest              from outside: decides where a flow allows it, and asks for nothing
  --folder FOLDER    a clone of the desk; where you are, unless given
  --desk OWNER/NAME  which desk, where the app serves several

Ends with 0 where it is written or was so already, 1 where it may not be written, 2 when called wrongly, 3 where something
could not be found out.`,
    run: (args, console) => endingOf('people role', console, () => run(args, console, open)),
  };
}

export const peopleRole = peopleRoleCommand(openOnGitHub);

async function run(args: readonly string[], console: CliConsole, open: OpenOnGitHub): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...cloneOptions, desk: { type: 'string' } },
    allowPositionals: true,
  });
  const [name, role, ...more] = positionals;
  if (name === undefined || role === undefined || more.length > 0)
    throw new WrongCall('Say one person and one role, as in: countersign people role ann member');
  if (role !== 'admin' && role !== 'member' && role !== 'guest')
    throw new WrongCall(`There is no role “${role}”: there are admin, member and guest.`);
  const desk = await open(values.desk);
  const checkout = await openCheckout(oneFolder([values.in], values));
  const { people, settings } = checkout.read;
  const person = people.persons.get(personId(name));
  if (person === undefined) throw noSuchPerson(name, people);
  if (role === 'admin' && person.role === 'guest') {
    console.err(
      plain(`${name} is a guest, and guests are no admins: people role ${name} member comes first.`),
    );
    return 1;
  }
  const isLast = settings.admins.length === 1 && settings.admins.includes(group(`person:${name}`));
  if (role !== 'admin' && isLast) {
    console.err(
      plain(`${name} is the only admin, and a desk has one: people role SOMEBODY admin comes first.`),
    );
    return 1;
  }
  const changes = changesFor(person, role, settings.admins);
  if (role !== 'admin') warnOfGroups(name, settings.admins, console);
  if (changes.length === 0) {
    console.out(plain(`flows/ says so already: ${name} is ${role === 'admin' ? 'an' : 'a'} ${role}.`));
    return 0;
  }
  const title = `Make ${name} ${role === 'admin' ? 'an' : 'a'} ${role}`;
  return propose({ title, branch: branchFor('role', name, role), changes }, { checkout, desk, console });
}

function changesFor(
  { id, role: now }: Person,
  role: 'admin' | 'member' | 'guest',
  admins: readonly Group[],
): readonly FileChange[] {
  const item = group(`person:${id}`);
  const isListed = admins.includes(item);
  const file = 'flows/countersign.yml';
  if (role === 'admin') return isListed ? [] : [{ file, change: { append: ['admins'], item } }];
  const path = ['people', id, 'role'] as const;
  const own = { guest: { set: path, value: 'guest', after: 'name' }, member: { remove: path } } as const;
  return [
    ...(now === role ? [] : [{ file: 'flows/people.yml', change: own[role] } as const]),
    ...(isListed ? [{ file, change: { drop: ['admins'], item } } as const] : []),
  ];
}

/** Whoever is in a team that is listed stays what they are by it. */
function warnOfGroups(name: string, admins: readonly Group[], console: CliConsole): void {
  const groups = admins.filter((each) => !each.startsWith('person:'));
  if (groups.length > 0)
    console.err(
      plain(
        `Whoever is in ${list(groups, 'or')} is an admin by that: who ${name} is there is not changed here.`,
      ),
    );
}
