// countersign people check: whether each person of people.yml is found wherever they have to be, and what to write where not.
import { parseArgs } from 'node:util';
import type { Person } from '../../../desk/desk.ts';
import { personId } from '../../../domain/names.ts';
import { repositoryOf, type OperatorDesk } from '../../operator-desk.ts';
import type { CliCommand, CliConsole } from '../command.ts';
import { endingOf } from '../ending.ts';
import { openDesk, type OpenDesk } from '../operator.ts';
import { plain, printJson } from '../terminal-text.ts';
import { askEach } from './ask-each.ts';
import { noSuchPerson } from './known-person.ts';
import { lookAtPerson, type Finding, type Places } from './look-at-person.ts';
import { inColumns } from './rows.ts';
import { servicesInUse } from './services-in-use.ts';

export function peopleCheckCommand(open: OpenDesk): CliCommand {
  return {
    name: 'people check',
    summary: 'looks whether people are found on GitHub, on Slack, and in the services of flows',
    usage: `[PERSON …] [--desk OWNER/NAME] [--json]

Reads the environment and .env, as the app does, and asks GitHub, Slack, and each service that a flow grants access in, of
those who may ask for the flow. Changes nothing and keeps nothing, and may run beside the app. PERSON is a key of
flows/people.yml as it is on the default branch; everybody, unless given.

  --desk OWNER/NAME  which desk, where the app serves several
  --json             one object for a machine

✓ is well, ✗ is not well, ? could not be found out, – is not there and need not be.
Ends with 0 where all is well, 1 where something is not, 2 when called wrongly, 3 where something could not be found out.`,
    run: (args, console) => endingOf('people check', console, () => run(args, console, open)),
  };
}

export const peopleCheck = peopleCheckCommand(openDesk);

async function run(args: readonly string[], console: CliConsole, open: OpenDesk): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { desk: { type: 'string' }, json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const desk = await open(values.desk);
  const people = chosen(desk, positionals);
  const { services, unseen } = servicesInUse(desk.files);
  const places = await placesOf(desk, services);
  const checked = await askEach(people, console, async (person) => ({
    ...{ person: person.id, name: person.name, findings: await lookAtPerson(person, places) },
  }));
  const findings = checked.flatMap((each) => each.findings);
  if (values.json) console.out(printJson({ desk: desk.name, people: checked, unseen }));
  else {
    for (const line of checked.flatMap(print)) console.out(line);
    for (const sentence of unseen) console.err(plain(sentence));
    console.out(summary(checked));
  }
  if (findings.some(({ state }) => state === 'unknown')) return 3;
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0;
}

function chosen({ files }: OperatorDesk, names: readonly string[]): readonly Person[] {
  if (names.length === 0) return [...files.people.persons.values()];
  return [...new Set(names)].map((name) => {
    const person = files.people.persons.get(personId(name));
    if (person === undefined) throw noSuchPerson(name, files.people);
    return person;
  });
}

async function placesOf(desk: OperatorDesk, services: Places['services']): Promise<Places> {
  const { installation } = await desk.github.forRepositoryId(repositoryOf(desk));
  return { desk, services, octokit: installation.at('read') };
}

interface Checked {
  readonly person: string;
  readonly name: string;
  readonly findings: readonly Finding[];
}

const signs = { well: '✓', wrong: '✗', unknown: '?', none: '–' } as const;

function print({ person, name, findings }: Checked): readonly string[] {
  const rows = findings.map(({ place, state, says }) => [`  ${signs[state]} ${plain(place)}`, plain(says)]);
  return [plain(`${person}: ${name}`), ...inColumns(rows), ''];
}

function summary(checked: readonly Checked[]): string {
  const withState = (state: Finding['state']): number =>
    checked.filter(({ findings }) => findings.some((each) => each.state === state)).length;
  const [wrong, unknown] = [withState('wrong'), withState('unknown')];
  const people = checked.length === 1 ? '1 person' : `${checked.length} people`;
  if (wrong + unknown === 0) return `${people}: all is well.`;
  const parts = [
    ...(wrong > 0 ? [`something is wrong with ${wrong}`] : []),
    ...(unknown > 0 ? [`something could not be found out of ${unknown}`] : []),
  ];
  return `${people}: ${parts.join(', ')}.`;
}
