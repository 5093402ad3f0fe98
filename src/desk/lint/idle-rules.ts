// A rule that changes nothing: another says the same whenever it holds, a denial beats it, or what it approves is not asked then.
import type { Flow, Rule } from '../../domain/flow.ts';
import type { Report } from '../diagnostic.ts';
import { conjunctsOf } from './conjuncts.ts';
import type { Lint } from './lint.ts';
import { isAlways, type Possibility } from './possibilities.ts';

export const idleRules: Lint = ({ flow, possibilities }, report) => {
  const { rules } = flow;
  if (rules.length === 0) return;
  const all = possibilities();
  const applying = rules.filter(({ condition }) => !isAlways(all, condition, false));
  for (const [index, rule] of rules.entries())
    if (applying.includes(rule)) lintRule(rule, index, { flow, applying, all, report });
};

interface Around {
  readonly flow: Flow;
  /** Those that can hold at all. */
  readonly applying: readonly Rule[];
  readonly all: readonly Possibility[];
  readonly report: Report;
}

function lintRule(rule: Rule, index: number, around: Around): void {
  const { applying, all, report } = around;
  const at = `/rules/${index}/if`;
  const others = applying.filter((other) => other !== rule);
  const isEarlier = (other: Rule): boolean => applying.indexOf(other) < applying.indexOf(rule);
  if ('deny' in rule.then) {
    // People are told the reason of the first rule that denies: a later one takes nothing from it.
    const other = others.find((each) => 'deny' in each.then && isEarlier(each) && isImplied(rule, each, all));
    if (other) report.add({ at }, 'rule-covered', 'denies', other.name);
    return;
  }
  const denial = others.find((each) => 'deny' in each.then && isImplied(rule, each, all));
  if (denial) {
    // That everything is denied is told of the rule that does it.
    if (!isAlways(all, denial.condition, true)) report.add({ at }, 'rule-always-denied', denial.name);
    return;
  }
  if (areUnasked(rule, rule.then.approve, index, around)) return;
  const other = others.find((each) => approvesAll(rule, each, around));
  // Of two that say the same, the later one is told.
  if (other && (isEarlier(other) || !approvesAll(other, rule, around)))
    report.add({ at }, 'rule-covered', 'approves the same', other.name);
}

/** Tells each step that is not asked when the rule holds; whether none is left. */
function areUnasked(
  rule: Rule,
  steps: readonly string[],
  index: number,
  { flow, all, report }: Around,
): boolean {
  let left = steps.length;
  for (const [place, name] of steps.entries()) {
    const step = flow.approval.steps.find((each) => each.name === name);
    // A step that is never asked is told of as such.
    if (step?.condition === undefined || isAlways(all, step.condition, false)) continue;
    if (all.some(({ holds }) => holds(rule.condition) !== false && holds(step.condition) !== false)) continue;
    report.add({ at: `/rules/${index}/approve/${place}` }, 'rule-approves-unasked', name);
    left -= 1;
  }
  return left === 0;
}

function approvesAll(rule: Rule, other: Rule, { all }: Around): boolean {
  const { then } = other;
  if (!('approve' in then) || !('approve' in rule.then)) return false;
  return rule.then.approve.every((step) => then.approve.includes(step)) && isImplied(rule, other, all);
}

/** Whether the other rule holds whenever this one does. */
function isImplied(rule: Rule, other: Rule, all: readonly Possibility[]): boolean {
  const own = conjunctsOf(rule.condition.source);
  if (conjunctsOf(other.condition.source).every((part) => own.includes(part))) return true;
  return all.every(({ holds }) => holds(rule.condition) === false || holds(other.condition) === true);
}
