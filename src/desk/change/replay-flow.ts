// A flow as it is replayed: what was not asked then is unknown to its conditions, and what they cannot tell is noted or assumed.
import type { RawForm } from '../../domain/commands.ts';
import { printDuration, printGrantedFor } from '../../domain/duration.ts';
import { isUnknown } from '../../domain/facts.ts';
import type { Condition, Field, FieldValue, Flow, Scope } from '../../domain/flow.ts';
import { checkForm, confirmation } from '../../domain/form.ts';
import type { FormProblem } from '../../domain/refusals.ts';
import type { Request } from '../../domain/request.ts';
import { asker, targetAsker, type Doubts } from './replay-facts.ts';

export interface ReplayedForm {
  readonly flow: Flow;
  readonly raw: RawForm;
  /** Why it would not be accepted, whoever asks; empty where it would. */
  readonly problems: readonly FormProblem[];
  /** Something that it takes was not asked then. */
  readonly lacks?: string;
}

/** The same answers to another form. What is asked no more is left out; what is asked newly is unknown. */
export function replayForm(
  request: Request,
  flow: Flow,
  inForce: Flow | undefined,
  doubts: Doubts,
): ReplayedForm {
  const answered = (name: string): boolean => Object.hasOwn(request.form.fields, name);
  const isNew = ({ name }: Field): boolean =>
    inForce !== undefined && !inForce.fields.some((field) => field.name === name);
  const unknown = new Set(
    flow.fields.filter((field) => !answered(field.name) && isNew(field)).map(({ name }) => name),
  );
  const unasked = new Set<string>();
  for (;;) {
    const replayed = prepare(flow, unknown, doubts);
    const raw = rawForm(request, replayed, unasked, inForce);
    const checked = checkForm(replayed, raw);
    const before = unknown.size + unasked.size;
    if (checked.ok) {
      for (const name of Object.keys(checked.form.fields)) if (!answered(name)) unknown.add(name);
    } else {
      for (const { at, code } of checked.problems.filter((problem) => isOfField(problem, replayed)))
        if (code === 'required') unknown.add(at);
        else if (code === 'not-asked') unasked.add(at);
    }
    if (unknown.size + unasked.size > before) continue;
    const problems = checked.ok ? [] : checked.problems;
    const lacks = problems.find(
      ({ code, at }) => code === 'unbound' || (code === 'required' && at === 'target'),
    )?.at;
    return { flow: replayed, raw, problems, ...(lacks !== undefined && { lacks }) };
  }
}

function isOfField({ at }: FormProblem, { fields }: Flow): boolean {
  return fields.some(({ name }) => name === at);
}

function prepare(flow: Flow, unknown: ReadonlySet<string>, doubts: Doubts): Flow {
  const wrap = (condition: Condition): Condition => withDoubts(condition, unknown, doubts);
  const withWrapped = <T extends { readonly condition?: Condition }>(part: T): T =>
    part.condition ? { ...part, condition: wrap(part.condition) } : part;
  return {
    ...flow,
    requesters: [asker],
    ...(flow.access && {
      access: {
        ...flow.access,
        targets: flow.access.targets.map((target) =>
          target.requesters ? { ...target, requesters: [targetAsker] } : target,
        ),
      },
    }),
    fields: flow.fields.filter(({ name }) => !unknown.has(name)).map(withWrapped),
    approval: { ...flow.approval, steps: flow.approval.steps.map(withWrapped) },
    rules: flow.rules.map((rule) => ({ ...rule, condition: wrap(rule.condition) })),
  };
}

/** What cannot be judged whatever is recorded is no doubt: it could not be judged then either. */
function withDoubts(condition: Condition, unknown: ReadonlySet<string>, doubts: Doubts): Condition {
  const { source } = condition;
  const fields = Object.fromEntries(
    [...unknown].map((name) => [name, { unknown: `what was to be answered to the field ${name}` }]),
  );
  const [field] = Object.values(fields);
  return {
    source,
    judge(scope: Scope) {
      const asked = doubts.missed.length;
      const answer = condition.judge({ ...scope, fields: { ...scope.fields, ...fields } });
      const missed = doubts.missed[asked] ?? field?.unknown;
      if (!isUnknown(answer) || missed === undefined) return answer;
      const assumed = doubts.assumed.get(source);
      if (assumed === undefined) doubts.found.set(source, missed);
      return assumed ?? answer;
    },
  };
}

/** As it would be typed again, by somebody who knows what this form asks. */
function rawForm(
  { form }: Request,
  flow: Flow,
  unasked: ReadonlySet<string>,
  inForce: Flow | undefined,
): RawForm {
  const fields: Record<string, unknown> = {};
  for (const field of flow.fields) {
    const value = Object.hasOwn(form.fields, field.name) ? form.fields[field.name] : undefined;
    if (value !== undefined && !unasked.has(field.name)) fields[field.name] = typed(field, value, inForce);
  }
  const target = flow.access ? form.target?.name : undefined;
  if (flow.confirm === 'typed') fields[confirmation] = flow.access ? target : flow.ref.name;
  const duration = flow.access ? form.duration : undefined;
  return {
    fields,
    ...(target !== undefined && { target }),
    ...(duration !== undefined && { duration: printGrantedFor(duration) }),
  };
}

/** A duration was kept as its milliseconds. */
function typed({ name, type }: Field, value: FieldValue, inForce: Flow | undefined): unknown {
  const was = inForce?.fields.find((field) => field.name === name)?.type ?? type;
  return type === 'duration' && was === 'duration' && typeof value === 'number'
    ? printDuration(value)
    : value;
}
