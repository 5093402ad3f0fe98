// What can be asked of a flow, as far as that is finite: each possibility, with the conditions that it decides.
import { isUnknown, type Unknown } from '../../domain/facts.ts';
import type { Condition, FieldValue, Flow } from '../../domain/flow.ts';
import type { PersonId } from '../../domain/names.ts';
import { emptyDraft, isOpenTo, mayCome, open, scopeOf, type Draft } from './draft.ts';
import type { Members } from './known-members.ts';
import { usedVariables, type Variables } from './variables.ts';

export interface Possibility {
  /** Undefined where it depends on more: free text, numbers, history, the time. No condition at all always holds. */
  holds(condition: Condition | undefined): boolean | undefined;
  /** Why it cannot be judged. */
  unknown(condition: Condition): string | undefined;
  /** Whether a request can look like this. Without it, it is only certain that none looks otherwise. */
  readonly isReal: boolean;
  /** Whether it is as likely theirs: not where it depends on groups that they may or may not belong to. */
  mayBeOf(requester: PersonId): boolean;
  /** What makes it this one: `fields.urgency is Normal`. */
  readonly where: readonly string[];
}

/** So many at most. Beyond, what is read the least stays unknown. */
export const mostPossibilities = 512;

/**
 * Together they are all requests that there can be. What is unknown in one of them can be anything there, so that a
 * condition which is false in all of them never holds. Only what a condition still depends on is told apart.
 */
export function possibilitiesOf(flow: Flow, members: Members): readonly Possibility[] {
  const found: Possibility[] = [];
  const variables = usedVariables(flow, members, mostPossibilities);
  const visit = (draft: Draft, decided: ReadonlyMap<Condition, boolean>): void => {
    const judged = judge(flow, draft, decided);
    const next = nextVariable(variables, draft, judged);
    if (next === undefined) found.push(possibility(flow, draft, judged));
    else
      for (const choice of next.choose(draft, isAsked(next, judged) === true)) visit(choice, judged.answers);
  };
  visit(emptyDraft(flow), new Map());
  return found;
}

interface Judged {
  readonly answers: ReadonlyMap<Condition, boolean>;
  readonly reasons: ReadonlyMap<Condition, string>;
}

/** Whatever is decided stays so: knowing more never changes an answer. */
function judge(flow: Flow, draft: Draft, decided: ReadonlyMap<Condition, boolean>): Judged {
  const answers = new Map(decided);
  const reasons = new Map<Condition, string>();
  const fields: { [name: string]: FieldValue | Unknown } = {};
  const scope = scopeOf(draft, fields);
  const look = (condition: Condition, at: typeof scope): void => {
    if (answers.has(condition)) return;
    const answer = condition.judge(at);
    if (isUnknown(answer)) reasons.set(condition, answer.unknown);
    else answers.set(condition, answer);
  };
  const onForm = { ...scope, duration: draft.duration };
  for (const { name, condition } of flow.fields) {
    if (condition) look(condition, onForm);
    if (condition && answers.get(condition) === false) continue;
    const answer = draft.answers.has(name) ? draft.answers.get(name) : open;
    if (answer !== undefined) fields[name] = answer;
  }
  for (const { condition } of flow.approval.steps) if (condition) look(condition, scope);
  for (const { condition } of flow.rules) look(condition, scope);
  return { answers, reasons };
}

type Variable = Variables['list'][number];

/** Undefined where nothing more would be decided. */
function nextVariable({ list, needs }: Variables, draft: Draft, judged: Judged): Variable | undefined {
  const undecided = [...judged.reasons.keys()].map((condition) => needs.get(condition));
  return list.find(
    (variable) =>
      !draft.chosen.has(variable.name) &&
      isAsked(variable, judged) !== false &&
      undecided.some((names) => names?.has(variable.name)),
  );
}

/** Undefined where that depends on more. */
function isAsked({ condition }: Variable, { answers }: Judged): boolean | undefined {
  return condition === undefined || answers.get(condition);
}

function possibility(flow: Flow, draft: Draft, { answers, reasons }: Judged): Possibility {
  return {
    holds: (condition) => condition === undefined || answers.get(condition),
    unknown: (condition) => reasons.get(condition),
    isReal: draft.isReal && mayCome(flow, draft),
    mayBeOf: (person) => isOpenTo(draft, person),
    where: draft.where,
  };
}

/** Whether a condition holds in each of them, or in none. */
export function isAlways(
  possibilities: readonly Possibility[],
  condition: Condition,
  answer: boolean,
): boolean {
  return possibilities.every(({ holds }) => holds(condition) === answer);
}
