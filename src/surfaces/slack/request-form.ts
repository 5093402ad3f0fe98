// The form by which people ask on Slack: what the flow asks, and no more than that, changing as it is filled in.
import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/web-api';
import { printGrantedFor } from '../../domain/duration.ts';
import type { Flow, GrantedFor, Target } from '../../domain/flow.ts';
import { fieldsAsked } from '../../domain/form.ts';
import type { DeskId, PersonId } from '../../domain/names.ts';
import type { FormProblem } from '../../domain/refusals.ts';
import { header, most, paragraphs, plain } from './blocks.ts';
import { chooseOne, matching, mostListed, type Choice } from './choice.ts';
import { clip, oneLine, typedLines } from './escape.ts';
import { choicesOf, confirmInput, fieldInput, fieldOfBlock } from './field-input.ts';
import { withPeople, type FilledForm } from './filled-form.ts';
import type { Line } from './pieces.ts';
import { isLive, type LiveField } from '../../domain/live-options.ts';
import { printPlace, type Place } from './place.ts';

export interface RequestFormParts {
  readonly flow: Flow;
  /** Those that are open to whoever asks. */
  readonly targets: readonly Target[];
  readonly place: Place & { readonly desk: DeskId; readonly flow: string };
  /** What was filled in so far. */
  readonly filled?: FilledForm;
  /** What is wrong with it and cannot be said at a question. */
  readonly problems?: readonly (string | FormProblem)[];
  /** Slack user ids of the people whom the flow's defaults name. */
  readonly slackIds?: ReadonlyMap<PersonId, string>;
}

export const requestCallback = 'request';
export const targetBlock = 'target';
export const durationBlock = 'duration';

/** Slack takes a view of up to 250 kB: long lists are searched instead and long texts cut until it is smaller. */
const largestView = 200_000;
const sizes = [
  { listed: mostListed, longest: most.hint },
  { listed: 20, longest: 400 },
  { listed: 4, longest: 120 },
] as const;

export function requestForm(parts: RequestFormParts): ModalView {
  const [first, ...smaller] = sizes.map((size) => () => viewOf(parts, size));
  let view = (first ?? (() => viewOf(parts, sizes[2])))();
  for (const next of smaller) {
    if (Buffer.byteLength(JSON.stringify(view)) <= largestView) break;
    view = next();
  }
  return view;
}

interface Size {
  readonly listed: number;
  readonly longest: number;
}

function viewOf(parts: RequestFormParts, size: Size): ModalView {
  const { flow, place } = parts;
  const fitsTitle = flow.label.length <= most.title;
  return {
    type: 'modal',
    callback_id: requestCallback,
    private_metadata: printPlace({ ...place, ...withoutChoice(parts) }),
    title: plain(fitsTitle ? flow.label : 'Ask for access', most.title),
    submit: plain('Ask', most.title),
    close: plain('Cancel', most.title),
    blocks: [...(fitsTitle ? [] : [header(flow.label)]), ...introduction(parts), ...questions(parts, size)],
  };
}

function introduction(parts: RequestFormParts): KnownBlock[] {
  const { flow, problems = [] } = parts;
  const above = flow.header ?? flow.description;
  return [
    ...paragraphs(
      ...(above === undefined ? [] : [[clip(typedLines(above), most.input)]]),
      ...(flow.danger === undefined
        ? []
        : [['⚠️ ', { bold: clip(typedLines(flow.danger), most.input) }] satisfies Line]),
    ),
    ...paragraphs(...settled(parts)),
    ...(problems.length === 0
      ? []
      : paragraphs(
          [{ bold: 'This was not sent yet:' }],
          ...problems.map((problem): Line => ['• ', clip(oneLine(sentenceOf(problem)), 300)]),
        )),
  ];
}

function sentenceOf(problem: string | FormProblem): string {
  if (typeof problem === 'string') return problem;
  return problem.code === 'not-asked'
    ? `${problem.sentence} What was answered there was left out: please look at the form once more.`
    : problem.sentence;
}

/** What is not asked, because there is no choice: as it was when the form was shown, whatever the flow says later. */
function withoutChoice({ flow, targets }: RequestFormParts): Pick<FilledForm, 'target' | 'duration'> {
  const [target, ...others] = targets;
  const [duration, ...longer] = durationChoices(flow);
  return {
    ...(flow.access && target && others.length === 0 && { target: target.name }),
    ...(duration && longer.length === 0 && { duration: duration.value }),
  };
}

/** The same as people read it. */
function settled({ flow, targets }: RequestFormParts): readonly Line[] {
  if (flow.access === undefined) return [];
  const [target, ...others] = targets;
  const [duration, ...longer] = flow.access.durations.options;
  const what = target && others.length === 0 ? targetLabel(target, flow) : undefined;
  const long = duration !== undefined && longer.length === 0 ? lasting(duration) : undefined;
  if (what === undefined && long === undefined) return [];
  if (what === undefined) return [['It is granted ', { bold: long ?? '' }, '.']];
  return [['This asks for ', { bold: clip(oneLine(what), 300) }, long === undefined ? '.' : ` ${long}.`]];
}

function lasting(duration: GrantedFor): string {
  return duration === 'until-revoked' ? 'until somebody revokes it' : `for ${printGrantedFor(duration)}`;
}

function questions(parts: RequestFormParts, size: Size): InputBlock[] {
  const { flow, targets, filled, slackIds = new Map<PersonId, string>() } = parts;
  const people = new Map([...slackIds].map(([person, user]) => [user, person]));
  const { form } = withPeople(flow, filled ?? { fields: {} }, people);
  // Where there is no choice, nothing was chosen, and conditions still read it.
  const asked = fieldsAsked(narrowed(flow, targets), form);
  const fields = asked.map((field) =>
    fieldInput(field, {
      ...size,
      slackIds,
      answer: filled?.fields[field.name],
      isAwaited: isRead(flow, field.name),
    }),
  );
  return [
    ...targetQuestion(parts, size),
    ...durationQuestion(parts, size),
    ...fields,
    ...(flow.confirm === 'typed' ? [confirmInput(confirmWord(parts))] : []),
  ];
}

function narrowed(flow: Flow, targets: readonly Target[]): Flow {
  return flow.access === undefined ? flow : { ...flow, access: { ...flow.access, targets } };
}

/** Whether a condition reads it: too often is no harm. */
function isRead({ fields }: Flow, name: string): boolean {
  const word = new RegExp(`(?<![A-Za-z0-9_])${name}(?![A-Za-z0-9_])`);
  return fields.some(
    ({ condition, optionsFrom }) =>
      (condition !== undefined && word.test(condition.source)) || optionsFrom?.reads.includes(name),
  );
}

function targetQuestion({ flow, targets, filled }: RequestFormParts, { listed }: Size): InputBlock[] {
  if (flow.access === undefined || targets.length === 1) return [];
  const chosen = targets.filter(({ name, label }) => [name, label].includes(filled?.target ?? ''));
  return [
    {
      type: 'input',
      block_id: targetBlock,
      label: plain('What for?', most.label),
      ...((flow.confirm === 'typed' || isRead(flow, 'target')) && { dispatch_action: true }),
      element: chooseOne(
        { choices: targetChoices(targets, flow), chosen: chosen.map(({ name }) => name), listed },
        { isOptional: false },
      ),
    },
  ];
}

function durationQuestion({ flow, filled }: RequestFormParts, { listed }: Size): InputBlock[] {
  const choices = durationChoices(flow);
  if (flow.access === undefined || choices.length === 1) return [];
  const usual = printGrantedFor(flow.access.durations.default);
  return [
    {
      type: 'input',
      block_id: durationBlock,
      label: plain('For how long?', most.label),
      ...(isRead(flow, 'duration') && { dispatch_action: true }),
      element: chooseOne({ choices, chosen: [filled?.duration ?? usual], listed }, { isOptional: false }),
    },
  ];
}

export function durationChoices({ access }: Flow): readonly Choice[] {
  return (access?.durations.options ?? []).map((duration) => {
    const text = printGrantedFor(duration);
    return { value: text, label: text };
  });
}

export function targetChoices(targets: readonly Target[], flow?: Flow): readonly Choice[] {
  return targets.map((target) => ({ value: target.name, label: targetLabel(target, flow) }));
}

/** What is still to be answered stands in it by its label. */
function targetLabel({ label }: Target, flow: Flow | undefined): string {
  return label.replace(/\$\{\{\s*fields\.(\w+)\s*\}\}/g, (_, name: string) => {
    const field = flow?.fields.find((each) => each.name === name);
    return `‹${field?.label ?? name}›`;
  });
}

function confirmWord({ flow, targets, filled }: RequestFormParts): string | undefined {
  if (flow.access === undefined) return flow.ref.name;
  const [only, ...others] = targets;
  if (only && others.length === 0) return only.name;
  return targets.find(({ name, label }) => name === filled?.target || label === filled?.target)?.name;
}

/** The field of a list that is searched, where its options are read live. */
export function liveFieldOf(flow: Flow, blockId: string): LiveField | undefined {
  const name = fieldOfBlock(blockId);
  return flow.fields.filter(isLive).find((field) => field.name === name);
}

/** What a list that is searched shows for what was typed. */
export function formOptions(
  flow: Flow,
  targets: readonly Target[],
  typed: { readonly blockId: string; readonly query: string },
): PlainTextOption[] {
  const { blockId, query } = typed;
  if (blockId === targetBlock) return matching(targetChoices(targets, flow), query);
  if (blockId === durationBlock) return matching(durationChoices(flow), query);
  const name = fieldOfBlock(blockId);
  const field = flow.fields.find((each) => each.name === name);
  return matching((field && choicesOf(field)) ?? [], query);
}
