// What scenarios name, held against their flow and the desk's people: whoever or whatever is not there is told where it stands.
import { parseDuration, printGrantedFor } from '../../domain/duration.ts';
import { isUnknown } from '../../domain/facts.ts';
import type { Flow } from '../../domain/flow.ts';
import { confirmation } from '../../domain/form.ts';
import { parseInstant, personId, type Group } from '../../domain/names.ts';
import { readAnsweredSteps } from '../compile/read-answered-steps.ts';
import type { People } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { isGroup } from '../group-grammar.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { ExpectFile, GivenFile, ScenariosFile, TurnFile } from '../schema/scenarios-schema.ts';
import { actOf, actWords, owners } from './turn.ts';

export interface Subject {
  readonly flow: Flow;
  readonly people: People;
  /** Of the settings. */
  readonly admins: readonly Group[];
}

export function checkScenarios(file: ScenariosFile, subject: Subject, report: Report): void {
  const check = createCheck(withAnswered(file, subject, report), report);
  if (file.given) check.given(file.given, '/given');
  const names = new Set<string>();
  for (const [index, { name, given, expect, then = [] }] of file.scenarios.entries()) {
    if (report.isFull) return;
    const at = `/scenarios/${index}`;
    if (names.size === names.add(name).size) report.add({ at: `${at}/name` }, 'scenario-name', name);
    if (given) check.given(given, `${at}/given`);
    if ((given?.request?.requester ?? file.given?.request?.requester) === undefined)
      report.add({ at: `${at}/name` }, 'scenario-requester');
    if (expect) check.expect(expect, `${at}/expect`);
    for (const [turn, done] of then.entries()) check.turn(done, `${at}/then/${turn}`);
  }
}

/** Whom the code asks in these scenarios may be asked, told and given, besides whom the flow names. */
function withAnswered(file: ScenariosFile, subject: Subject, report: Report): Subject {
  const { flow, people } = subject;
  const given = [
    { at: '/given', answers: file.given?.answers },
    ...file.scenarios.map((each, index) => ({
      at: `/scenarios/${index}/given`,
      answers: each.given?.answers,
    })),
  ];
  const answered = given.flatMap(({ at, answers: { approval } = {} }) => {
    if (approval === undefined || typeof approval === 'string') return [];
    const steps = readAnsweredSteps(approval, flow, { people });
    if (!isUnknown(steps)) return steps;
    report.add({ at: `${at}/answers/approval` }, 'bad-code', steps.unknown);
    return [];
  });
  const steps = [...flow.approval.steps, ...answered];
  return { ...subject, flow: { ...flow, approval: { ...flow.approval, steps } } };
}

const longestWait = 365 * 24 * 3_600_000;

interface Check {
  given(given: GivenFile, at: string): void;
  expect(expect: ExpectFile, at: string): void;
  turn(turn: TurnFile, at: string): void;
}

function createCheck({ flow, people, admins }: Subject, report: Report): Check {
  const asked = groupsAskedBy(flow, admins);
  const stepNames = flow.approval.steps.map(({ name }) => name);
  const ruleNames = flow.rules.map(({ name }) => name);
  const hookNames: readonly string[] = flow.code?.hooks ?? [];
  const actionNames = (flow.actions ?? []).map(({ name }) => name);
  const { tell = [], reviewers = [] } = flow.breakGlass ?? {};
  const places: readonly string[] = [
    ...flow.approval.steps.flatMap(({ routes = [] }) => routes.flatMap(({ to }) => to)),
    ...tell,
    ...reviewers.filter((each) => each.startsWith('slack-channel:')),
  ];

  function person(name: string, at: string): void {
    if (people.persons.has(personId(name))) return;
    report.add({ at, suggestion: nearest(name, people.persons.keys()) }, 'unknown-person', name);
  }

  function members(group: string, list: readonly string[] | string, at: string): void {
    const context = { people: undefined, integrations: undefined, deciding: { guests: undefined }, report };
    if (!isGroup(group, { at, on: 'key' }, context)) return;
    const always = alwaysIs(group);
    if (always !== undefined) return report.add({ at, on: 'key' }, 'scenario-group', group, always);
    if (!asked.asks(group)) {
      const suggestion = nearest(group, asked.written);
      report.add({ at, on: 'key', suggestion }, 'scenario-unused-group', group);
    }
    if (typeof list === 'string') return;
    for (const [index, name] of list.entries()) {
      const known = people.persons.get(personId(name));
      if (known === undefined) person(name, `${at}/${index}`);
      else if ((known.role === 'guest') !== group.startsWith('guest:'))
        report.add({ at: `${at}/${index}` }, 'scenario-guest', name, known.role);
    }
  }

  function request(given: NonNullable<GivenFile['request']>, at: string): void {
    const { requester, target, duration, fields = {}, at: moment } = given;
    if (requester !== undefined) person(requester, `${at}/requester`);
    if (target !== undefined) checkTarget(flow, target, `${at}/target`, report);
    if (duration !== undefined) checkDuration(flow, duration, `${at}/duration`, report);
    for (const name of Object.keys(fields)) {
      const known = flow.fields.map((field) => field.name);
      if (known.includes(name) || (flow.confirm === 'typed' && name === confirmation)) continue;
      const place = {
        at: `${at}/fields${pointerTo(name)}`,
        on: 'key',
        suggestion: nearest(name, known),
      } as const;
      report.add(place, 'unknown-field', name);
    }
    // 30 February is read as some day of March.
    if (moment !== undefined && parseInstant(moment)?.slice(0, 19) !== moment.slice(0, 19))
      report.add({ at: `${at}/at` }, 'scenario-time');
  }

  function action(name: string, place: { readonly at: string; readonly on?: 'key' }): void {
    if (actionNames.includes(name)) return;
    report.add({ ...place, suggestion: nearest(name, actionNames) }, 'unknown-run', name);
  }

  function decider(name: string, at: string): void {
    if ([...ruleNames, ...hookNames].includes(name) || people.persons.has(personId(name))) return;
    const suggestion = nearest(name, [...ruleNames, ...hookNames, ...people.persons.keys()]);
    report.add({ at, suggestion }, 'unknown-decider', name);
  }

  function expect(
    { asks = [], tells = [], rules = [], runs = [], approved_by = {}, denied_by }: ExpectFile,
    at: string,
  ): void {
    for (const [index, name] of asks.entries())
      if (!stepNames.includes(name))
        report.add({ at: `${at}/asks/${index}`, suggestion: nearest(name, stepNames) }, 'unknown-step', name);
    for (const [index, text] of tells.entries())
      if (!places.some((place) => place === text))
        report.add(
          { at: `${at}/tells/${index}`, suggestion: nearest(text, places) },
          'unknown-destination',
          text,
        );
    for (const [index, name] of rules.entries())
      if (!ruleNames.includes(name))
        report.add(
          { at: `${at}/rules/${index}`, suggestion: nearest(name, ruleNames) },
          'unknown-rule',
          name,
        );
    for (const [index, name] of runs.entries()) action(name, { at: `${at}/runs/${index}` });
    for (const [step, by] of Object.entries(approved_by)) {
      const place = `${at}/approved_by${pointerTo(step)}`;
      if (!stepNames.includes(step))
        report.add({ at: place, on: 'key', suggestion: nearest(step, stepNames) }, 'unknown-step', step);
      if (typeof by === 'string') decider(by, place);
      else for (const [index, name] of by.entries()) decider(name, `${place}/${index}`);
    }
    if (denied_by !== undefined) decider(denied_by, `${at}/denied_by`);
  }

  return {
    given({ groups = {}, incidents, actions = {}, outside, request: asks }, at) {
      if (outside !== undefined && flow.code === undefined)
        report.add({ at: `${at}/outside`, on: 'key' }, 'scenario-without-code');
      for (const name of Object.keys(actions))
        action(name, { at: `${at}/actions${pointerTo(name)}`, on: 'key' });
      if (typeof incidents === 'object')
        for (const [id, { assigned_to: assignees = [] }] of Object.entries(incidents))
          for (const [index, name] of assignees.entries())
            person(name, `${at}/incidents${pointerTo(id)}/assigned_to/${index}`);
      for (const [group, list] of Object.entries(groups))
        members(group, list, `${at}/groups${pointerTo(group)}`);
      if (asks) request(asks, `${at}/request`);
    },
    expect,
    turn(turn, at) {
      const acts = actWords.filter((word) => turn[word] !== undefined);
      if (acts.length !== 1) return report.add({ at }, 'scenario-turn', acts.join(' and '));
      const act = actOf(turn);
      for (const [word, wanted] of Object.entries(owners))
        if (isGiven(turn, word) && !wanted.some((owner) => owner === act?.type))
          report.add({ at: `${at}/${word}`, on: 'key' }, 'scenario-modifier', word, wanted.join(', '));
      if (act?.type === 'wait' && (parseDuration(act.value) ?? 0) > longestWait)
        report.add({ at: `${at}/wait`, suggestion: '365d' }, 'scenario-wait');
      if (act && act.type !== 'wait') person(act.value, `${at}/${act.type}`);
      if (turn.expect) expect(turn.expect, `${at}/expect`);
    },
  };
}

function isGiven(turn: TurnFile, word: string): boolean {
  return Object.hasOwn(turn, word);
}

function alwaysIs(group: string): string | undefined {
  if (group.startsWith('person:')) return `${group.slice('person:'.length)}, and nobody else`;
  if (group.startsWith('manager:')) return 'the manager by people.yml';
  return group === 'role:member' ? 'every member of people.yml' : undefined;
}

function checkTarget(flow: Flow, name: string, at: string, report: Report): void {
  if (flow.access === undefined) return report.add({ at, on: 'key' }, 'approval-only', 'target');
  const known = flow.access.targets.map((target) => target.name);
  if (!known.includes(name)) report.add({ at, suggestion: nearest(name, known) }, 'unknown-target', name);
}

function checkDuration(flow: Flow, written: string, at: string, report: Report): void {
  if (flow.access === undefined) return report.add({ at, on: 'key' }, 'approval-only', 'duration');
  const { options } = flow.access.durations;
  const wanted = written === 'until-revoked' ? written : parseDuration(written);
  if (wanted === undefined || options.includes(wanted)) return;
  report.add({ at }, 'duration-not-offered', written, options.map(printGrantedFor).join(', '));
}

interface GroupsAsked {
  /** Those that are written as groups: the conditions may ask for more. */
  readonly written: readonly string[];
  asks(group: string): boolean;
}

function groupsAskedBy(
  { requesters, access, approval, rules, breakGlass }: Flow,
  admins: readonly Group[],
): GroupsAsked {
  const written = [
    ...requesters,
    ...(access?.targets ?? []).flatMap((target) => target.requesters ?? []),
    ...approval.steps.flatMap(({ approvers }) => approvers),
    ...(breakGlass ? [...breakGlass.who, ...breakGlass.reviewers] : []),
    ...admins,
    'role:admin',
  ];
  const known = new Set<string>(written);
  const conditions = [...approval.steps, ...rules].map(({ condition }) => condition?.source ?? '');
  return {
    written,
    asks: (group) => known.has(group) || conditions.some((source) => source.includes(group)),
  };
}
