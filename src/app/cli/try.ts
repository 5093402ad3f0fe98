// countersign try: grants a target to somebody on the real system for a moment, and takes it back, to see that both work.
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { isBroken } from '../../desk/desk.ts';
import { personId, type PersonId } from '../../domain/names.ts';
import { offeredBy, type Offered } from '../../domain/offered-settings.ts';
import { bindSettings } from '../../domain/template.ts';
import { list } from '../../domain/words.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { OperatorDesk } from '../operator-desk.ts';
import { openTrialRecord, type TrialRecord } from '../trial/trial-record.ts';
import { planTrial, runTrial, type Trial, type TrialOutcome, type TrialStep } from '../trial/trial.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { endingOf, WrongCall } from './ending.ts';
import { noSuchFlow } from './known-desk.ts';
import { openDesk, type OpenDesk } from './operator.ts';
import { plain, printJson } from './terminal-text.ts';

export interface TryParts {
  readonly open: OpenDesk;
  /** What somebody types; undefined where nobody sits at a terminal. */
  ask(question: string): Promise<string | undefined>;
  /** Aborted when somebody wants it to end. The work goes on until all is taken back. */
  whileInterruptible<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T>;
}

export function tryCommand(parts: TryParts): CliCommand {
  return {
    name: 'try',
    summary: 'grants a target on the real system for a moment, and takes it back',
    usage: `FLOW TARGET --as PERSON [--field NAME=VALUE …] [--yes] [--desk OWNER/NAME] [--json]

Grants the target to PERSON, grants it again, looks, takes it back, takes it back again, and looks: each step with its time.
Reads the environment and .env, as the app does, and may run beside it. Nobody has to approve it: so it is said in an issue of
the desk first, which is closed once the access is gone. Nothing is tried where that cannot be said, where PERSON has the
access already, or has a live grant there. Ctrl-C takes back at once.

  --as PERSON         a key of flows/people.yml
  --field NAME=VALUE  where the settings of the target are bound to fields: one of the listed values
  --yes               do not ask first
  --desk OWNER/NAME   which desk, where the app serves several
  --json              one object for a machine; wants --yes

Ends with 0 where every step went well, 1 where one did not or it may not be tried, 2 when called wrongly, 3 where something
could not be found out. Where access may be left, it says so last, and loudly.`,
    run: (args, console) => endingOf('try', console, () => run(args, console, parts)),
  };
}

async function run(args: readonly string[], console: CliConsole, parts: TryParts): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      as: { type: 'string' },
      field: { type: 'string', multiple: true, default: [] },
      yes: { type: 'boolean', default: false },
      desk: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [flow, target, ...more] = positionals;
  if (flow === undefined || target === undefined || more.length > 0)
    throw new WrongCall(
      'Say one flow and one target, as in: countersign try production-access production --as ann',
    );
  if (values.json && !values.yes) throw new WrongCall('With --json nobody is asked: say --yes.');
  const desk = await parts.open(values.desk);
  const person = personOf(values.as, desk);
  const offered = offeredOf(desk, { flow, target, fields: values.field });
  const trial = await planTrial(desk, offered, person, await desk.ledger());
  if ('why' in trial) {
    console.err(plain(`It is not tried: ${trial.why}`));
    return 1;
  }
  if (!values.json) for (const line of planned(trial, desk)) console.out(plain(line));
  if (!values.yes && !(await isMeant(trial, parts))) {
    console.err('It is not tried: nobody confirmed it.');
    return 1;
  }
  return carryOut(trial, desk, { console, parts, isJson: values.json });
}

interface Telling {
  readonly console: CliConsole;
  readonly parts: TryParts;
  readonly isJson: boolean;
}

async function carryOut(
  trial: Trial,
  desk: OperatorDesk,
  { console, parts, isJson }: Telling,
): Promise<number> {
  const record = await openTrialRecord(desk, trial);
  if (!isJson) console.out(`It is said in ${record.url}`);
  const note = (step: TrialStep): void => {
    if (!isJson) console.out(plain(printStep(step)));
  };
  const outcome = await parts.whileInterruptible((stop) => runTrial(trial, { stop, note }));
  const unsaid = await closeRecord(record, outcome);
  const isWell = outcome.steps.length > 0 && outcome.steps.every(({ failure }) => failure === undefined);
  if (isJson) console.out(printJson(reportOf(trial, outcome, record)));
  else if (!outcome.isLeft) console.out(isWell ? 'All went well, and nothing is left.' : 'Nothing is left.');
  if (unsaid !== undefined) console.err(plain(`${unsaid} Close ${record.url} yourself.`));
  if (outcome.isLeft) for (const line of alarm(trial, record)) console.err(plain(line));
  return isWell && !outcome.isLeft ? 0 : 1;
}

/** The access is what matters: that the issue could not be closed is said, and no more. */
async function closeRecord(record: TrialRecord, outcome: TrialOutcome): Promise<string | undefined> {
  try {
    await record.close(outcome);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

function personOf(name: string | undefined, { files }: OperatorDesk): PersonId {
  if (name === undefined) throw new WrongCall('Say for whom: --as PERSON, a key of flows/people.yml.');
  const person = files.people.persons.get(personId(name));
  if (person === undefined) throw new WrongCall(`There is no “${name}” in flows/people.yml.`);
  if (person.role === 'guest') throw new WrongCall(`${name} is a guest, and guests are granted nothing.`);
  return person.id;
}

interface Named {
  readonly flow: string;
  readonly target: string;
  readonly fields: readonly string[];
}

function offeredOf({ files }: OperatorDesk, { flow: name, target, fields }: Named): Offered {
  const flow = files.flows.get(name);
  if (flow === undefined) throw noSuchFlow(name, files);
  if (isBroken(flow)) throw new WrongCall(`“${name}” is broken: countersign validate says where.`);
  if (flow.access === undefined) throw new WrongCall(`“${name}” grants nothing: it only asks for approval.`);
  const found = flow.access.targets.find((each) => each.name === target);
  if (found === undefined) {
    const names = flow.access.targets.map((each) => each.name);
    throw new WrongCall(`There is no target “${target}” in ${name}: there is ${list(names, 'and')}.`);
  }
  const offered = offeredBy(flow).filter((each) => each.target === target);
  const [only, ...others] = offered;
  if (only && 'why' in only) throw new WrongCall(`It cannot be tried. ${only.why}`);
  const bound = bindSettings(found.settings, Object.fromEntries(fields.map(assignment)));
  if ('unbound' in bound)
    throw new WrongCall(
      `Its settings are bound: say ${bound.unbound.map((each) => `--field ${each}=…`).join(' ')}.`,
    );
  const wanted = JSON.stringify(bound.settings);
  const chosen = [only, ...others].find(
    (each) => each && 'settings' in each && JSON.stringify(each.settings) === wanted,
  );
  if (chosen && 'settings' in chosen) return chosen;
  throw new WrongCall('That is not among the values that the flow lists.');
}

function assignment(text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1) throw new WrongCall(`--field wants NAME=VALUE, and not “${text}”.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

async function isMeant({ offered }: Trial, { ask }: TryParts): Promise<boolean> {
  const typed = await ask(`Type ${offered.target} to go on: `);
  if (typed === undefined) throw new WrongCall('Nobody is at the terminal to confirm it: say --yes.');
  return typed.trim() === offered.target;
}

function planned(
  { offered, person, account, resource, wanted, before }: Trial,
  { name }: OperatorDesk,
): readonly string[] {
  return [
    `${offered.flow}/${offered.target} (${offered.label}) of ${name}, on the real system`,
    `  ${person} gets ${wanted} on ${resource}, by the account ${account}`,
    `  then it is taken back, to what is there now: ${before}`,
  ];
}

function printStep({ name, ms, says, failure }: TrialStep): string {
  return `  ${failure === undefined ? '✓' : '✗'} ${name.padEnd(14)}${`${ms} ms`.padStart(9)}  ${says}`;
}

function reportOf(trial: Trial, { steps, isLeft }: TrialOutcome, { url }: TrialRecord): object {
  const { offered, person, account, resource, wanted, before } = trial;
  return {
    ...{ flow: offered.flow, target: offered.target, person, account, resource, wanted, before },
    ...{ steps, isLeft, issue: url },
  };
}

function alarm(
  { person, account, resource, wanted, before }: Trial,
  { url }: TrialRecord,
): readonly string[] {
  return [
    '',
    '!!! ACCESS MAY BE LEFT. Nobody takes it back by itself.',
    `!!! ${person}: the account ${account} may hold ${wanted} on ${resource}, and held ${before} before.`,
    `!!! Take it away by hand, look that it is gone, and then close ${url}`,
  ];
}

export const tryOut: CliCommand = tryCommand({
  open: openDesk,
  async ask(question) {
    if (!process.stdin.isTTY) return undefined;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await terminal.question(question);
    } finally {
      terminal.close();
    }
  },
  async whileInterruptible(work) {
    const stop = new AbortController();
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const interrupt = (): void => {
      const said = stop.signal.aborted ? 'It is being taken back: wait.' : 'Stopped: it is taken back now.';
      process.stderr.write(`${said}\n`);
      stop.abort();
    };
    for (const signal of signals) process.on(signal, interrupt);
    try {
      return await work(stop.signal);
    } finally {
      for (const signal of signals) process.off(signal, interrupt);
    }
  },
});
