// countersign explain: asks for a flow as somebody would, without a server, and says what would come of it and why.
import { parseArgs } from 'node:util';
import { isBroken, type Desk } from '../../desk/desk.ts';
import { nearest } from '../../desk/nearest.ts';
import { sceneDesk } from '../../desk/scenarios/scene.ts';
import { createStage } from '../../desk/scenarios/stage.ts';
import { printWhyLines } from '../../desk/scenarios/trace.ts';
import type { World } from '../../desk/scenarios/world.ts';
import { cardOf } from '../../domain/card.ts';
import { explain as explainRequest } from '../../domain/explain.ts';
import { sources, type Flow, type Source } from '../../domain/flow.ts';
import { answersSoFar } from '../../domain/form.ts';
import { hooksAfter, type HookName } from '../../domain/hooks.ts';
import { isLive } from '../../domain/live-options.ts';
import { parseInstant, personId, type Instant } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Phrase } from '../../domain/next-sentences.ts';
import { whyLines } from '../../domain/why-lines.ts';
import { list, refusalWords } from '../../domain/words.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { filesInFolder } from './desk-files.ts';
import { endingOf, WrongCall } from './ending.ts';
import { noSuchFlow, reviewFiles } from './known-desk.ts';
import { printDiagnostics } from './print-diagnostics.ts';
import { plain } from './terminal-text.ts';

export const explain: CliCommand = {
  name: 'explain',
  summary: 'says what would come of a request, and why, without a server',
  usage: `FLOW --as PERSON [--target NAME] [--duration 1h] [--field NAME=VALUE …] [--in GROUP …] [--not-in GROUP …]

Asks for the flow as PERSON, a key of flows/people.yml, and says which rules hold and who is asked. Nothing is looked up: of
groups only people and roles are known, and those that you name; what is answered to a field with options_from is taken as offered.
No code of the desk is run.

  --in GROUP        the person belongs to it, as in team:acme/data; --not-in GROUP, they do not
  --source SOURCE   where it is asked: ${sources.join(', ')}; github, unless given
  --at TIME         when it is asked, as in 2026-11-20T09:15:00Z; now, unless given
  --folder FOLDER   where flows/ is; where you are, unless given

Ends with 0 where it would be asked, 1 where it would be refused or denied, 2 when called wrongly, 3 where the desk could not
be read.`,
  run,
};

function run(args: readonly string[], console: CliConsole): Promise<number> {
  return endingOf('explain', console, async () => {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        as: { type: 'string' },
        target: { type: 'string' },
        duration: { type: 'string' },
        field: { type: 'string', multiple: true, default: [] },
        in: { type: 'string', multiple: true, default: [] },
        'not-in': { type: 'string', multiple: true, default: [] },
        source: { type: 'string', default: 'github' },
        at: { type: 'string' },
        folder: { type: 'string', default: '.' },
      },
      allowPositionals: true,
    });
    const files = await filesInFolder(values.folder);
    const { desk } = reviewFiles(files);
    const name = positionals.length === 1 ? positionals[0] : undefined;
    if (name === undefined)
      throw new WrongCall('Say one flow, as in: countersign explain production --as ann');
    const flow = desk.flows.get(name);
    if (flow === undefined && name.includes('/'))
      throw new WrongCall(`Say the name of a flow; where its desk is, says --folder ${plain(name)}`);
    if (flow === undefined) throw noSuchFlow(name, desk);
    if (isBroken(flow) || desk.people === undefined || desk.settings === undefined) {
      for (const line of printDiagnostics(desk.diagnostics, files)) console.err(line);
      return 3;
    }
    const asked: Asked = {
      flow,
      person: personOf(values.as, desk.people),
      form: {
        fields: fieldsOf(values.field),
        ...(values.target !== undefined && { target: values.target }),
        ...(values.duration !== undefined && { duration: values.duration }),
      },
      source: sourceOf(values.source),
      at: instantOf(values.at ?? new Date().toISOString()),
    };
    const world = {
      flow,
      people: desk.people,
      admins: desk.settings.admins,
      history: 'unavailable',
      incidents: 'unavailable',
      review: undefined,
      code: {},
      outside: undefined,
      book: undefined,
      answers: {},
      requester: '',
      unavailable: 'nothing is looked up here',
      access: 'granted',
      actions: {},
      options: givenOptions(asked),
      groups: groupsOf(asked, { inside: values.in, outside: values['not-in'] }),
    } as const satisfies World;
    return play(asked, world, console);
  });
}

/** Nothing is read here: what is answered is taken as offered. */
function givenOptions({ flow, form }: Asked): World['options'] {
  const answers = answersSoFar(flow, form);
  return Object.fromEntries(
    flow.fields.filter(isLive).map(({ name }) => [name, [answers[name] ?? []].flat().map(String)]),
  );
}

interface Asked {
  readonly flow: Flow;
  readonly person: string;
  readonly form: {
    readonly fields: Readonly<Record<string, string>>;
    readonly target?: string;
    readonly duration?: string;
  };
  readonly source: Source;
  readonly at: Instant;
}

function play(asked: Asked, world: World, console: CliConsole): number {
  const { flow, person, form, source, at } = asked;
  const stage = createStage(world, at, () => undefined);
  const voice = stage.voice(person, source);
  const refusal = stage.say({ type: 'request', desk: sceneDesk, flow: flow.ref.name, form, voice });
  const { request } = stage;
  if (refusal !== undefined || request === undefined) {
    if (refusal) for (const line of refusalLines(refusal)) console.out(line);
    if (refusal?.code === 'lookup-failed')
      console.out('  --in GROUP and --not-in GROUP say who belongs where.');
    return 1;
  }
  const explained = explainRequest(request, stage.voice(person, source), stage.facts, at);
  const card = cardOf(request);
  console.out(`${card.statusTitle}: ${plain(card.subject)}, asked by ${person}`);
  if ('why' in explained)
    for (const line of printWhyLines(whyLines(explained.why), 1)) console.out(plain(line));
  for (const line of unheardCode(flow)) console.out(plain(line));
  for (const run of card.runs) {
    const through = run.through === undefined ? '' : ` through ${run.through}`;
    console.out(plain(`  Runs once it is approved: ${run.name}, by ${run.run}${through}`));
    for (const { name, text } of run.settings) console.out(plain(`    ${name}: ${text}`));
  }
  for (const phrase of card.next) console.out(`  ${printPhrase(phrase)}`);
  return request.phase.status === 'denied' ? 1 : 0;
}

/** What it would say is no part of the answer, and whoever reads that has to know. */
function unheardCode({ code }: Flow): readonly string[] {
  const says = [...(code?.hooks ?? []).filter(isBefore), ...(code?.answers ?? [])];
  if (code === undefined || says.length === 0) return [];
  return [
    `  ? The flow’s code is not run here, and may say otherwise: ${list(says, 'and')} in ${code.file}. countersign test runs it.`,
  ];
}

function isBefore(hook: HookName): boolean {
  return !hooksAfter.some((after) => after === hook);
}

function refusalLines(refusal: Refusal): readonly string[] {
  if (refusal.code === 'invalid-form')
    return [
      'Refused:',
      ...refusal.problems.map(({ sentence }) => `  - ${plain(sentence)}`),
      'What a form would say is said by --target NAME, --duration TIME and --field NAME=VALUE.',
    ];
  const { reason, remedy } = refusalWords(refusal);
  // Nobody tries again in a few minutes what is not looked up at all.
  return [`Refused: ${plain(reason)}${refusal.code === 'lookup-failed' ? '' : ` ${plain(remedy)}`}`];
}

function printPhrase(phrase: Phrase): string {
  return phrase
    .map((part) => {
      if (typeof part === 'string') return plain(part);
      return 'time' in part ? `${part.time.slice(0, 16).replace('T', ' ')} UTC` : plain(part.link);
    })
    .join('');
}

/** What is not said of a group cannot be had here, which is not the same as a no. */
function groupsOf(
  { flow, person }: Asked,
  { inside, outside }: { readonly inside: readonly string[]; readonly outside: readonly string[] },
): World['groups'] {
  const named = groupsOfFlow(flow);
  const stranger = [...inside, ...outside].find((group) => !named.includes(group));
  if (stranger !== undefined) {
    const close = nearest(stranger, named);
    const instead = close === undefined ? `It asks for ${list(named, 'and')}.` : `Did you mean “${close}”?`;
    throw new WrongCall(`The flow does not ask for “${stranger}”. ${instead}`);
  }
  return Object.fromEntries([
    ...named.map((group) => [group, 'unavailable'] as const),
    ...outside.map((group) => [group, []] as const),
    ...inside.map((group) => [group, [person]] as const),
  ]);
}

/** But for people and roles, which are known. */
function groupsOfFlow(flow: Flow): readonly string[] {
  const conditions = [...flow.rules, ...flow.approval.steps].flatMap(({ condition }) => condition ?? []);
  const named = [
    ...flow.requesters,
    ...(flow.access?.targets ?? []).flatMap(({ requesters = [] }) => requesters),
    ...flow.approval.steps.flatMap(({ approvers }) => approvers),
    ...conditions.flatMap(({ source }) => groupsIn(source)),
  ];
  return [...new Set<string>(named)].filter((group) => !/^(person|role):/.test(group));
}

function groupsIn(condition: string): readonly string[] {
  return [...condition.matchAll(/belongs_to\(\s*['"]([^'"]+)['"]\s*\)/g)].map(([, group]) => group ?? '');
}

function personOf(name: string | undefined, people: NonNullable<Desk['people']>): string {
  if (name === undefined) throw new WrongCall('Say as whom: --as PERSON, a key of flows/people.yml.');
  if (people.persons.has(personId(name))) return name;
  throw new WrongCall(`There is no “${name}” in flows/people.yml.`);
}

function fieldsOf(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new WrongCall(`--field wants NAME=VALUE, and not “${text}”.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function sourceOf(text: string): Source {
  const source = sources.find((each) => each === text);
  if (source) return source;
  throw new WrongCall(`“${text}” is no source. There are ${list(sources, 'and')}.`);
}

function instantOf(text: string): Instant {
  const at = parseInstant(text);
  if (at) return at;
  throw new WrongCall(`“${text}” is no moment. Write it as in 2026-11-20T09:15:00Z.`);
}
