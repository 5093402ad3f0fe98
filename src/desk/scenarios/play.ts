// Plays one scenario, from the request on, until something comes out otherwise than expected.
import type { BreakGlass, RawForm } from '../../domain/commands.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { Flow } from '../../domain/flow.ts';
import { instant, parseInstant, type Instant } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { ExpectFile, GivenFile, ScenarioFile, TurnFile } from '../schema/scenarios-schema.ts';
import type { Subject } from './check-scenarios.ts';
import { NotYetRun, Undone, type CodeBook } from './code-book.ts';
import type { Witness } from './coverage.ts';
import { differences, type Difference } from './expectation.ts';
import { sceneDesk } from './scene.ts';
import { createStage, type Stage } from './stage.ts';
import { traceOf, type Deed } from './trace.ts';
import { actOf, commandOf } from './turn.ts';
import type { World } from './world.ts';

/** Something that came out otherwise; `at` is its pointer below the scenario. */
export type Mishap = { readonly at: string; readonly trace: readonly string[] } & (
  { readonly difference: Difference } | { readonly broken: string } | { readonly undone: string }
);

export interface Theatre {
  /** What the file gives to all its scenarios. */
  readonly shared: GivenFile | undefined;
  readonly subject: Subject;
  /** Where the flow's own code is run; absent where it is not. */
  readonly book?: CodeBook;
  /** Sees everything that happens. */
  readonly witness: Witness;
}

/** A Tuesday, in the morning of Europe: no rule about weekends or nights is in the way. */
const usualTime = instant(Date.UTC(2026, 2, 10, 9));

/** Whether it runs the flow's own code. */
export function runsCode(shared: GivenFile | undefined, { given }: ScenarioFile): boolean {
  return (given?.outside ?? shared?.outside) !== undefined;
}

/** Empty where all is as expected, and where the code has to run before more can be said. What follows a difference is not played: it would only fail as well. */
export type Play = (scenario: ScenarioFile) => readonly Mishap[];

export function createPlay(theatre: Theatre): Play {
  const begin = createBeginning(theatre);
  return ({ given: own, expect, then = [] }) => {
    let at = '';
    try {
      const { stage, given, deed } = begin(own);
      let mishaps = judge(stage, expect, { at, onWhat: '/name', deed });
      for (const [index, turn] of then.entries()) {
        if (mishaps.length > 0) return mishaps;
        at = `/then/${index}`;
        mishaps = take(turn, at, stage, { given, witness: theatre.witness });
      }
      return mishaps;
    } catch (error) {
      if (error instanceof NotYetRun) return [];
      if (error instanceof Undone)
        return [{ at: at === '' ? '/name' : at, undone: error.message, trace: [] }];
      // A mistake of ours in one scenario is told there, and spares the others.
      return [{ at, broken: error instanceof Error ? error.message : 'something was thrown.', trace: [] }];
    }
  };
}

interface Beginning {
  readonly stage: Stage;
  readonly given: GivenFile;
  readonly deed: Deed;
}

/** Scenarios that give nothing of their own begin alike: for all of them it is asked once. */
function createBeginning(theatre: Theatre): (own: GivenFile | undefined) => Beginning {
  const { shared, witness } = theatre;
  const common = merged(shared);
  const commonWorld = worldOf(common, theatre);
  let alike: (Pick<Stage, 'request' | 'troubles'> & { readonly deed: Deed }) | undefined;
  return (own) => {
    const given = own ? merged(shared, own) : common;
    const world = own ? worldOf(given, theatre) : commonWorld;
    const stage = createStage(world, startOf(given), witness.recorded);
    if (own === undefined && alike) {
      const { request, troubles } = alike;
      if (request) stage.continueFrom({ request, troubles });
      return { stage, given, deed: alike.deed };
    }
    const deed = ask(stage, given, theatre);
    if (own === undefined) alike = { request: stage.request, troubles: [...stage.troubles], deed };
    return { stage, given, deed };
  };
}

function ask(stage: Stage, given: GivenFile, { subject, witness }: Theatre): Deed {
  const { requester = '', target, duration, fields = {}, source = 'github' } = given.request ?? {};
  const isUrgent = given.request?.break_glass === true;
  const form: RawForm = {
    fields,
    ...(target !== undefined && { target }),
    ...(duration !== undefined && { duration }),
  };
  witness.asked(target);
  const voice = stage.voice(requester, source);
  const refusal = stage.say({
    type: 'request',
    desk: sceneDesk,
    flow: subject.flow.ref.name,
    form,
    voice,
    ...(isUrgent && { breakGlass: meant(subject.flow, target) }),
  });
  if (refusal) witness.refused(refusal);
  return { person: requester, did: `${requester} ${isUrgent ? 'breaks the glass' : 'asks'}`, refusal };
}

/** As somebody says it who knows what is wanted. */
function meant({ access }: Flow, asked: string | undefined): BreakGlass {
  const targets = access?.targets ?? [];
  const named = targets.find(({ name, label }) => name === asked || label === asked) ?? targets[0];
  return { reason: 'It cannot wait.', confirm: named?.name ?? '' };
}

function take(
  turn: TurnFile,
  at: string,
  stage: Stage,
  { given, witness }: { readonly given: GivenFile; readonly witness: Witness },
): readonly Mishap[] {
  const act = actOf(turn);
  if (act === undefined) return [];
  const { requester = '', source = 'github' } = given.request ?? {};
  const onWhat = `${at}/${act.type}`;
  if (stage.request === undefined) {
    const difference = { what: 'The request', wanted: 'there', found: 'not, since it was refused' };
    return [{ at: onWhat, difference, trace: [] }];
  }
  if (act.type === 'wait') {
    stage.wait(parseDuration(act.value) ?? 0);
    const deed = { person: requester, did: `${act.value} later`, refusal: undefined };
    return judge(stage, turn.expect, { at, onWhat, deed });
  }
  const refusal = stage.say(commandOf(act.type, turn, stage.voice(act.value, source)));
  if (refusal) witness.refused(refusal);
  const deed = { person: act.value, did: `${act.value} says ${act.type}`, refusal };
  return judge(stage, turn.expect, { at, onWhat, deed });
}

function judge(
  stage: Stage,
  expect: ExpectFile | undefined,
  { at, onWhat, deed }: { readonly at: string; readonly onWhat: string; readonly deed: Deed },
): readonly Mishap[] {
  const { now, request } = stage;
  const refusal: Refusal | undefined = deed.refusal;
  const found = differences(expect, { now, request, refusal });
  if (found.length === 0) return [];
  const trace = traceOf(stage, deed);
  return found.map((difference) => {
    const place = difference.at === undefined ? onWhat : `${at}/expect${difference.at}`;
    return { at: place, difference, trace };
  });
}

/** Group by group, key by key, field by field. Of what the code is answered, a scenario's own comes first. */
function merged(shared: GivenFile = {}, own: GivenFile = {}): GivenFile {
  const request = { ...shared.request, ...own.request };
  const outside = [...(own.outside ?? []), ...(shared.outside ?? [])];
  return {
    ...shared,
    ...own,
    ...((own.outside ?? shared.outside) && { outside }),
    groups: { ...shared.groups, ...own.groups },
    options: { ...shared.options, ...own.options },
    code: { ...shared.code, ...own.code },
    answers: { ...shared.answers, ...own.answers },
    request: { ...request, fields: { ...shared.request?.fields, ...own.request?.fields } },
  };
}

function worldOf(
  {
    groups = {},
    history,
    incidents,
    review,
    options = {},
    code = {},
    outside,
    answers = {},
    access = 'granted',
    actions = {},
    request,
  }: GivenFile,
  { subject, book }: Theatre,
): World {
  return {
    ...subject,
    groups,
    history,
    incidents,
    review,
    options,
    code,
    outside,
    book,
    answers,
    requester: request?.requester ?? '',
    access,
    actions,
    unavailable: 'The scenario says that it cannot be looked up.',
  };
}

function startOf({ request }: GivenFile): Instant {
  return (request?.at === undefined ? undefined : parseInstant(request.at)) ?? usualTime;
}
