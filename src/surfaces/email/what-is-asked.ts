// A request as a mail and its page tell it: the same facts, in the same order, as text that is escaped where it is shown.
import type { Card, CardStep } from '../../domain/card.ts';
import type { CardRun } from '../../domain/card-runs.ts';
import { list, groupWords, plural, ruleWords, sourceWords } from '../../domain/words.ts';
import { phraseText, printTime, typed, typedLines } from './escape.ts';

export interface Asked {
  /** “Ann asks for Production for 30m” */
  readonly title: string;
  readonly danger?: string;
  readonly message?: string;
  readonly facts: readonly Fact[];
  readonly steps: readonly string[];
  /** What happens next, or what became of it. */
  readonly next: readonly string[];
  /** Which request it is, and by which flow. */
  readonly footnote: string;
}

export interface Fact {
  readonly label: string;
  readonly text: string;
}

const most = {
  answers: 30,
  settings: 20,
  steps: 20,
  text: 1000,
  setting: 200,
  name: 80,
  label: 120,
} as const;

export function whatIsAsked(card: Card): Asked {
  const { danger, message, status, steps, extension, next } = card;
  const asked = [...steps, ...(extension?.steps ?? [])];
  return {
    title: titleOf(card),
    ...(danger !== undefined && status === 'pending' && { danger: typed(danger, most.text) }),
    ...(message !== undefined && { message: typed(message, most.text) }),
    facts: factsOf(card),
    steps: asked.slice(0, most.steps).map(stepText),
    next: next.map(phraseText),
    footnote: `Request ${card.request}, by the flow ${card.flow.name} at ${card.flow.commit.slice(0, 7)}`,
  };
}

function titleOf({ status, statusTitle, subject, requester, extension }: Card): string {
  const [name, what] = [typed(requester.name, most.name), typed(subject, most.label)];
  if (status === 'pending') return `${name} asks for ${what}`;
  if (extension) return `${name} asks for more time: ${what}, ${extension.total} in all`;
  return `${statusTitle}: ${what}, for ${name}`;
}

function factsOf({
  requester,
  requestedAt,
  label,
  environment,
  answers,
  grants,
  runs,
}: Card): readonly Fact[] {
  const name = typed(requester.name, most.name);
  const who =
    requester.person === null || requester.person === requester.name ? '' : ` (${requester.person})`;
  const flow = environment === undefined ? label : `${label} (${environment})`;
  const left = answers.length - most.answers;
  return [
    {
      label: 'Asked by',
      text: `${name}${who}, on ${sourceWords[requester.surface]}, ${printTime(requestedAt)}`,
    },
    { label: 'For', text: typed(flow, most.label) },
    ...answers.slice(0, most.answers).map((answer) => ({
      label: typed(answer.label, most.label),
      text: typedLines(answer.text, most.text),
    })),
    ...(left > 0 ? [{ label: 'More', text: `${left} ${plural(left, 'answer')}, in the ledger` }] : []),
    ...(grants ? [{ label: 'Grants', text: grantsText(grants) }] : []),
    ...runs.map((run) => ({ label: 'Runs', text: runText(run) })),
  ];
}

function grantsText({ strategy, duration, settings }: NonNullable<Card['grants']>): string {
  const shown = settings
    .slice(0, most.settings)
    .map(({ name, text }) => `${typed(name, most.name)}: ${typed(text, most.setting)}`);
  const left = settings.length - most.settings;
  return [
    strategy,
    ...(duration === undefined ? [] : [duration]),
    ...shown,
    ...(left > 0 ? [`${left} more in the ledger`] : []),
  ].join(' · ');
}

/** What is called, and with what. */
function runText({ name, run, through, settings }: CardRun): string {
  const shown = settings
    .slice(0, most.settings)
    .map((each) => `${typed(each.name, most.name)}: ${typed(each.text, most.setting)}`);
  const left = settings.length - most.settings;
  return [
    `${name}, by ${run}`,
    ...(through === undefined ? [] : [`through ${typed(through, most.setting)}`]),
    ...shown,
    ...(left > 0 ? [`${left} more in the ledger`] : []),
  ].join(' · ');
}

function stepText({ name, state, approvers, missing, by, after, rule }: CardStep): string {
  const given = by.map((each) => `${typed(each.name, most.name)} approved`);
  const ruled = rule ? [`met by ${ruleWords(rule)}`] : [];
  const whom = list(
    approvers.slice(0, 6).map((group) => typed(groupWords(group), most.label)),
    'or',
  );
  const open = {
    met: [],
    open: [`waiting for ${missing} ${plural(missing, 'approval')} from ${whom}`],
    waiting: [`${missing} ${plural(missing, 'approval')} from ${whom}, asked after ${list(after, 'and')}`],
    closed: ['was not decided'],
  }[state];
  return `${name}: ${[...ruled, ...given, ...open].join('; ')}`;
}
