// What can be asked of a flow, as far as that is finite: each possibility, with the conditions that it decides.
import { isUnknown, type Unknown } from '../../domain/facts.ts';
import type { Condition, FieldValue, Flow } from '../../domain/flow.ts';
import type { PersonId } from '../../domain/names.ts';
import { emptyDraft, isChosen, isOpenTo, mayCome, open, scopeOf, wordsOf, type Draft } from './draft.ts';
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
  where(): readonly string[];
}

/** So many at most. Beyond, what is read the least stays unknown. */
export const mostPossibilities = 256;

/**
 * Together they are all requests that there can be. What is unknown in one of them can be anything there, so that a
 * condition which is false in all of them never holds. Only what a condition still depends on is told apart.
 */
export function possibilitiesOf(
  flow: Flow,
  members: Members,
  most = mostPossibilities,
): readonly Possibility[] {
  const found: Possibility[] = [];
  const variables = usedVariables(flow, members, most);
  const conditions = [...variables.needs.keys()];
  const plan = { flow, variables, places: new Map(conditions.map((condition, index) => [condition, index])) };
  const visit = (draft: Draft, judged: Judged): void => {
    const next = nextVariable(plan, draft, judged);
    if (next === undefined) found.push(possibility(plan, draft, judged));
    else
      for (const choice of next.choose(draft, isAsked(next, plan, judged) === true))
        visit(choice, judge(plan, choice, judged, next.name));
  };
  const draft = emptyDraft(flow);
  visit(draft, judge(plan, draft, []));
  return found;
}

interface Plan {
  readonly flow: Flow;
  readonly variables: Variables;
  /** Where each condition stands among all. */
  readonly places: ReadonlyMap<Condition, number>;
}

/** What each condition came to, or why it cannot be judged. */
type Judged = readonly (boolean | string)[];

/** Whatever is decided stays so: knowing more never changes an answer. Without `changed`, all are looked at. */
function judge({ flow, variables, places }: Plan, draft: Draft, before: Judged, changed?: string): Judged {
  const judged = [...before];
  const fields: { [name: string]: FieldValue | Unknown } = {};
  const scope = scopeOf(draft, fields);
  const look = (condition: Condition, at: typeof scope): boolean | string | undefined => {
    const place = places.get(condition) ?? 0;
    if (typeof judged[place] === 'boolean') return judged[place];
    if (changed === undefined || variables.needs.get(condition)?.has(changed)) {
      const answer = condition.judge(at);
      judged[place] = isUnknown(answer) ? answer.unknown : answer;
    }
    return judged[place];
  };
  const onForm = { ...scope, duration: draft.duration };
  for (const { name, condition } of flow.fields) {
    if (condition && look(condition, onForm) === false) continue;
    const answer = draft.answers.has(name) ? draft.answers.get(name) : open;
    if (answer !== undefined) fields[name] = answer;
  }
  for (const { condition } of flow.approval.steps) if (condition) look(condition, scope);
  for (const { condition } of flow.rules) look(condition, scope);
  return judged;
}

type Variable = Variables['list'][number];

/** Undefined where nothing more would be decided. */
function nextVariable(plan: Plan, draft: Draft, judged: Judged): Variable | undefined {
  const { variables, places } = plan;
  const undecided: ReadonlySet<string>[] = [];
  for (const [condition, names] of variables.needs)
    if (typeof judged[places.get(condition) ?? 0] === 'string') undecided.push(names);
  if (undecided.length === 0) return undefined;
  return variables.list.find(
    (variable) =>
      !isChosen(draft, variable.name) &&
      isAsked(variable, plan, judged) !== false &&
      undecided.some((names) => names.has(variable.name)),
  );
}

/** Undefined where that depends on more. */
function isAsked({ condition }: Variable, { places }: Plan, judged: Judged): boolean | undefined {
  return answerTo(condition, places, judged);
}

function answerTo(
  condition: Condition | undefined,
  places: Plan['places'],
  judged: Judged,
): boolean | undefined {
  const answer = condition === undefined || judged[places.get(condition) ?? 0];
  return typeof answer === 'boolean' ? answer : undefined;
}

function possibility({ flow, places }: Plan, draft: Draft, judged: Judged): Possibility {
  return {
    holds: (condition) => answerTo(condition, places, judged),
    unknown: (condition) => {
      const answer = judged[places.get(condition) ?? 0];
      return typeof answer === 'string' ? answer : undefined;
    },
    isReal: draft.isReal && mayCome(flow, draft),
    mayBeOf: (person) => isOpenTo(draft, person),
    where: () => wordsOf(draft),
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
