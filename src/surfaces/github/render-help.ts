// What can be said here: the commands, the flows of the desk, and what one of them asks.
import type { Voice } from '../../domain/commands.ts';
import { printDuration, printGrantedFor } from '../../domain/duration.ts';
import type { BreakGlassOffer, Field, FieldType, FieldValue, Flow } from '../../domain/flow.ts';
import { confirmation, printValue } from '../../domain/form.ts';
import { reviewSentences } from '../../domain/next-sentences.ts';
import type { Request } from '../../domain/request.ts';
import { list, plural } from '../../domain/words.ts';
import { code, escapeText } from './escape.ts';
import { nameGroup, printPhrase } from './mention.ts';
import { answer } from './render-answer.ts';

export interface HelpAsked {
  /** The flow that was asked about, if any. */
  readonly about?: string;
  /** Their own access whose review is still to be given. */
  readonly debts?: readonly Request[];
}

export function renderHelp(
  flows: readonly Flow[],
  voice: Voice,
  { about, debts = [] }: HelpAsked = {},
): string {
  const owed = debts.map(debtLine);
  const flow = flows.find(({ ref }) => ref.name === about?.toLowerCase());
  if (flow) return answer(voice, [...owed, flowHelp(flow)].join('\n\n'));
  const rows = flows.slice(0, maxFlows).map(flowRow);
  const table =
    rows.length === 0
      ? 'This desk has no flows that can be asked for now.'
      : ['| Flow | What it is | Targets | For |', '| :-- | :-- | :-- | :-- |', ...rows].join('\n');
  const more =
    flows.length > maxFlows ? [`And ${flows.length - maxFlows} more, in the folder \`flows\`.`] : [];
  const unknown =
    about === undefined
      ? []
      : [`There is no flow ${escapeText(about.slice(0, 60))} that can be asked for now.`];
  return answer(
    voice,
    [...owed, ...unknown, 'What can be asked for here:', table, ...more, commands].join('\n\n'),
  );
}

/** Who owes a review cannot wait for nobody, and should know before they need it. */
function debtLine(request: Request): string {
  const { form, policy } = request;
  const what = escapeText(form.target?.label ?? policy.label);
  return `⏳ You had ${what} without approval (request ${code(request.id)}). ${reviewSentences(request).map(printPhrase).join(' ')}`;
}

const maxFlows = 50;
const maxShown = 50;

const commands = `Open an issue from a form, or say it in a comment:

- \`/request FLOW [TARGET] [DURATION] [name="value"]\` asks for it; answers may also stand below, one \`name: value\` in each line
- \`/approve\` or \`/deny\`, with a message if you like, decides; \`/approve for 30m\` grants less
- \`/break-glass FLOW [TARGET] [DURATION] reason="…" confirm=TARGET\` does not wait for approval, where the flow allows it: everybody is told, and a second person reviews it
- \`/review fine WORDS\` or \`/review concern WORDS\` reviews that
- \`/revoke\` ends access early; \`/cancel\` withdraws your own request
- \`/extend 1h\` asks for more time, where the flow allows it
- \`/status\` says where a request stands; \`/why\` says which rule and which step, who is missing, and why you may decide or may not
- \`/approve as admin REASON\` lets an admin stand in
- \`/link …\` says that an account on Slack is yours: say \`link\` to the app there; \`/unlink\` undoes it
- \`/help FLOW\` says what a flow asks, and how it is answered

A command stands at the very start of a comment. Editing a comment changes nothing that was said.`;

function flowHelp(flow: Flow): string {
  const { label, description, danger, requesters, approval, fields } = flow;
  const steps = approval.steps.map(
    ({ name, count, approvers, condition }) =>
      `- **${escapeText(name)}**${condition ? ', where it is needed' : ''}: ${count} ${plural(count, 'approval')} from ${list(approvers.map(nameGroup), 'or')}`,
  );
  return [
    `**${escapeText(label)}**${description === undefined ? '' : `: ${escapeText(description)}`}`,
    ...(danger === undefined ? [] : [`⚠️ ${escapeText(danger)}`]),
    `Asked for by ${list(requesters.map(nameGroup), 'or')}:`,
    ['```text', requestLine(flow), '```'].join('\n'),
    ...(flow.access ? [placesOf(flow.access)] : []),
    ...(fields.length === 0 ? [] : [fields.map(fieldLine).join('\n')]),
    ['Then it is decided by:', ...steps].join('\n'),
    ...(flow.breakGlass ? [breakGlassHelp(flow, flow.breakGlass)] : []),
  ].join('\n\n');
}

/** Whoever needs it has no time to look for it. */
function breakGlassHelp(
  { ref, access, fields }: Flow,
  { who, targets, max, reviewers, reviewWithin }: BreakGlassOffer,
): string {
  const target = targets?.[0] ?? access?.targets[0]?.name ?? 'TARGET';
  const asked = fields.filter((field) => field.name !== 'reason' && isAsked(field));
  const line = [
    '/break-glass',
    ref.name,
    target,
    ...asked.map(({ name }) => `${name}="…"`),
    'reason="…"',
    `confirm=${target}`,
  ];
  const only = targets ? ` (${targets.map(escapeText).join(', ')} alone)` : '';
  return [
    `In an emergency it can be had without approval${only}, by ${list(who.map(nameGroup), 'or')}, for ${printDuration(max)} at most:`,
    ['```text', line.join(' '), '```'].join('\n'),
    `Everybody is told at once, and within ${printDuration(reviewWithin)} it is reviewed by ${list(reviewers.map(nameGroup), 'or')}. Who was not reviewed in time cannot do it again until they are.`,
  ].join('\n\n');
}

function isAsked({ required, default: usual, condition }: Field): boolean {
  return required && usual === undefined && !condition;
}

/** To be copied: what always has to be answered. */
function requestLine({ ref, access, fields, confirm }: Flow): string {
  const target = access?.targets[0]?.name;
  const duration = access && printGrantedFor(access.durations.default).replace(' ', '-');
  const asked = fields.filter(isAsked);
  const names = [...asked.map(({ name }) => name), ...(confirm === 'typed' ? [confirmation] : [])];
  return ['/request', ref.name, target, duration, ...names.map((name) => `${name}="…"`)]
    .filter((word) => word !== undefined)
    .join(' ');
}

function placesOf({ targets, durations }: NonNullable<Flow['access']>): string {
  const names = targets
    .slice(0, maxShown)
    .map(({ name, label }) => `${escapeText(name)} (${escapeText(label)})`);
  const more = targets.length > maxShown ? [`${targets.length - maxShown} more`] : [];
  const times = durations.options.map(printGrantedFor);
  return `Targets: ${list([...names, ...more], 'and')}. For ${list(times, 'or')}; ${printGrantedFor(durations.default)} unless it is said.`;
}

function fieldLine(field: Field): string {
  const { name, label, description, required, condition } = field;
  const what = description === undefined ? label : `${label}: ${description.slice(0, 300)}`;
  const when = condition ? ` Only where ${code(condition.source)}.` : '';
  return `- ${code(name)}: ${escapeText(what)} (${answersOf(field)})${required ? '' : ' May be left out.'}${when}`;
}

function answersOf({ type, options, pattern, ...field }: Field): string {
  const usual = field.default === undefined ? '' : `; ${printed(field.default)} unless it is said`;
  if (options === undefined)
    return `${answerWords[type]}${pattern ? ' of the form ' + code(pattern.source) : ''}${usual}`;
  const shown = options.slice(0, maxShown).map(printed);
  const more = options.length > maxShown ? [`${options.length - maxShown} more`] : [];
  return `${list([...shown, ...more], 'or')}${usual}`;

  function printed(value: FieldValue): string {
    return escapeText(printValue({ ...field, type }, value));
  }
}

const answerWords = {
  string: 'text',
  int: 'a whole number',
  bool: 'yes or no',
  duration: 'a duration, such as 2h',
  person: 'a person of this desk',
  'string-list': 'texts, between commas or in lines of their own',
  'int-list': 'whole numbers, between commas',
  'person-list': 'people of this desk, between commas',
} as const satisfies { readonly [T in FieldType]: string };

function flowRow({ ref, label, description, access }: Flow): string {
  const targets = access?.targets.map(({ name }) => escapeText(name)).join(', ') ?? '—';
  const durations = access?.durations.options.map(printGrantedFor).join(', ') ?? '—';
  const what = description === undefined ? label : `${label}: ${description.slice(0, 300)}`;
  return `| ${escapeText(ref.name)} | ${escapeText(what)} | ${targets} | ${escapeText(durations)} |`;
}
