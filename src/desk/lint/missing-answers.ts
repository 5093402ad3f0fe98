// A condition that needs a number or duration which perhaps nobody gives: it can then not be judged.
import type { Condition, Field, Flow } from '../../domain/flow.ts';
import { noAnswerTo } from '../condition/facts.ts';
import type { Report } from '../diagnostic.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { Lint } from './lint.ts';
import type { Possibility } from './possibilities.ts';

export const missingAnswers: Lint = ({ flow, possibilities }, report) => {
  const perhapsMissing = flow.fields.filter(mayBeMissing);
  if (perhapsMissing.length === 0) return;
  for (const { at, condition, then } of conditionsOf(flow))
    for (const field of perhapsMissing) {
      const reason = noAnswerTo(field.name);
      // Where something else denies it, nothing is held.
      const isMissed = ({ isReal, unknown, holds }: Possibility): boolean =>
        isReal && unknown(condition) === reason && !(then === held && isDenied(flow, holds));
      if (condition.source.includes(field.name) && possibilities().some(isMissed))
        tell(field, { at, condition, then }, report);
    }
};

function mayBeMissing({ type, condition, required, default: otherwise }: Field): boolean {
  const isOptional = !required && otherwise === undefined;
  return (type === 'int' || type === 'duration') && (condition !== undefined || isOptional);
}

const held = 'the request is held';

interface Judged {
  readonly at: string;
  readonly condition: Condition;
  /** What comes of a condition that cannot be judged. */
  readonly then: string;
}

/** Not those of rules that approve: what cannot be judged approves nothing, and that is as it should be. */
function conditionsOf({ fields, approval, rules }: Flow): readonly Judged[] {
  return [
    ...fields.map(({ name, condition }) => ({
      at: pointerTo('fields', name, 'if'),
      condition,
      then: 'this field is asked',
    })),
    ...approval.steps.map(({ condition }, index) => ({
      at: `/approval/steps/${index}/if`,
      condition,
      then: 'this step is asked',
    })),
    ...rules.map(({ condition, then }, index) => ({
      at: `/rules/${index}/if`,
      condition: 'deny' in then ? condition : undefined,
      then: held,
    })),
  ].flatMap(({ condition, ...rest }) => (condition ? [{ ...rest, condition }] : []));
}

function isDenied({ rules }: Flow, holds: Possibility['holds']): boolean {
  return rules.some(({ condition, then }) => 'deny' in then && holds(condition) === true);
}

function tell(field: Field, { at, condition, then }: Judged, report: Report): void {
  const offset = Math.max(0, condition.source.search(new RegExp(`\\b${field.name}\\b`)));
  report.add({ at, offset }, 'answer-may-be-missing', {
    field: field.name,
    then,
    ...(field.condition && { askedIf: field.condition.source }),
  });
}
