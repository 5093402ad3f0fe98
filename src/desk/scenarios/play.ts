// Plays one scenario, from the request on, until something comes out otherwise than expected.
import type { RawForm } from '../../domain/commands.ts';
import { parseDuration } from '../../domain/duration.ts';
import { instant, parseInstant, type Instant } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { ExpectFile, GivenFile, ScenarioFile, TurnFile } from '../schema/scenarios-schema.ts';
import type { Subject } from './check-scenarios.ts';
import type { Witness } from './coverage.ts';
import { differences, type Difference } from './expectation.ts';
import { createStage, sceneDesk, type Stage } from './stage.ts';
import { traceOf, type Deed } from './trace.ts';
import { actOf, commandOf } from './turn.ts';
import type { World } from './world.ts';

/** Something that came out otherwise; `at` is its pointer below the scenario. */
export type Mishap = { readonly at: string; readonly trace: readonly string[] } & (
  { readonly difference: Difference } | { readonly broken: string }
);

export interface Theatre {
  /** What the file gives to all its scenarios. */
  readonly shared: GivenFile | undefined;
  readonly subject: Subject;
  /** Sees everything that happens. */
  readonly witness: Witness;
}

/** A Tuesday, in the morning of Europe: no rule about weekends or nights is in the way. */
const usualTime = instant(Date.UTC(2026, 2, 10, 9));

/** Empty where all is as expected. What follows a difference is not played: it would only fail as well. */
export function play(scenario: ScenarioFile, { shared, subject, witness }: Theatre): readonly Mishap[] {
  const given = merged(shared, scenario.given);
  let at = '';
  try {
    const stage = createStage(worldOf(given, subject), startOf(given), witness.recorded);
    let mishaps = ask(stage, scenario.expect, { given, subject, witness });
    for (const [index, turn] of (scenario.then ?? []).entries()) {
      if (mishaps.length > 0) return mishaps;
      at = `/then/${index}`;
      mishaps = take(turn, at, stage, { given, witness });
    }
    return mishaps;
  } catch (error) {
    // A mistake of ours in one scenario is told there, and spares the others.
    return [{ at, broken: error instanceof Error ? error.message : 'something was thrown.', trace: [] }];
  }
}

function ask(
  stage: Stage,
  expect: ExpectFile | undefined,
  {
    given,
    subject,
    witness,
  }: { readonly given: GivenFile; readonly subject: Subject; readonly witness: Witness },
): readonly Mishap[] {
  const { requester = '', target, duration, fields = {}, source = 'github' } = given.request ?? {};
  const form: RawForm = {
    fields,
    ...(target !== undefined && { target }),
    ...(duration !== undefined && { duration }),
  };
  witness.asked(target);
  const voice = stage.voice(requester, source);
  const refusal = stage.say({ type: 'request', desk: sceneDesk, flow: subject.flow.ref.name, form, voice });
  if (refusal) witness.refused(refusal);
  const deed = { person: requester, did: `${requester} asks`, refusal };
  return judge(stage, expect, { at: '', onWhat: '/name', deed });
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

/** Group by group, key by key, field by field. */
function merged(shared: GivenFile = {}, own: GivenFile = {}): GivenFile {
  const request = { ...shared.request, ...own.request };
  return {
    ...shared,
    ...own,
    groups: { ...shared.groups, ...own.groups },
    request: { ...request, fields: { ...shared.request?.fields, ...own.request?.fields } },
  };
}

function worldOf({ groups = {}, history, access = 'granted' }: GivenFile, subject: Subject): World {
  return {
    ...subject,
    groups,
    history,
    access,
    unavailable: 'The scenario says that it cannot be looked up.',
  };
}

function startOf({ request }: GivenFile): Instant {
  return (request?.at === undefined ? undefined : parseInstant(request.at)) ?? usualTime;
}
