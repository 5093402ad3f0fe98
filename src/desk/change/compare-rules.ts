// What decides in the place of people: the rules of a flow before and after a change.
import type { Flow, Rule } from '../../domain/flow.ts';
import type { Change, Effect, Place } from './change.ts';
import { longestCondition, names, quote, visible } from './change-words.ts';
import { contrast } from './contrast.ts';
import { compareNamed, compareParts, differenceOf, saidElsewhere, type Parts } from './compare-parts.ts';

interface RulePlace extends Place {
  readonly rule: Rule;
  /** Whether people are still asked where the rules hold. */
  readonly how: 'loud' | undefined;
}

const ruleParts: Parts<Rule, RulePlace> = {
  name: saidElsewhere,
  condition: {
    compare: (before, after, place) => {
      const { was, is } = contrast(before.source, after.source);
      const effect: Effect = approves(place.rule) ? 'easier' : 'other';
      const does = approves(place.rule) ? 'approves' : 'denies';
      return [
        place.change(
          'rule-condition',
          effect,
          `The rule ${place.rule.name} of ${place.of} ${does} under another condition: ${is}, where it was ${was}.`,
          'loud',
        ),
      ];
    },
  },
  then: {
    isSet: true,
    compare: (before, after, place) => {
      const rule = `The rule ${place.rule.name} of ${place.of}`;
      if (!('approve' in after))
        return [place.change('rule-effect', 'harder', `${rule} denies, where it approved.`)];
      if (!('approve' in before))
        return [
          place.change(
            'rule-effect',
            'easier',
            `${rule} approves ${names(after.approve)}, where it denied.`,
            'loud',
          ),
        ];
      const { added, removed } = differenceOf(before.approve, after.approve);
      return [
        ...(added.length > 0
          ? [place.change('rule-effect', 'easier', `${rule} newly approves ${names(added)}.`, place.how)]
          : []),
        ...(removed.length > 0
          ? [place.change('rule-effect', 'harder', `${rule} no longer approves ${names(removed)}.`)]
          : []),
      ];
    },
  },
  reason: {
    compare: (_, after, place) => [
      place.change(
        'text',
        'other',
        `The reason that the rule ${place.rule.name} of ${place.of} gives is ${after === undefined ? 'gone' : quote(after)}.`,
      ),
    ],
  },
};

export function compareRules(before: Flow, after: Flow, place: Place): readonly Change[] {
  return compareNamed(before.rules, after.rules, {
    added: (rule) => [added(rule, after, place)],
    removed: (rule) => [removed(rule, place)],
    kept: (was, is) => compareParts(ruleParts, was, is, { ...place, rule: is, how: loudness(is, after) }),
    reordered: () => [
      place.change(
        'order',
        'other',
        `The rules of ${place.of} stand in another order: all of them are judged.`,
      ),
    ],
  });
}

function added(rule: Rule, flow: Flow, place: Place): Change {
  const where = `where ${quote(rule.condition.source, longestCondition)}`;
  if (!('approve' in rule.then))
    return place.change('rule-added', 'harder', `A new rule of ${place.of}, ${rule.name}, denies ${where}.`);
  const isHidden = visible(rule.condition.source).length > longestCondition;
  return place.change(
    'rule-added',
    'easier',
    `A new rule of ${place.of}, ${rule.name}, approves ${names(rule.then.approve)} in the place of people ${where}.${whoIsLeft(rule, flow)}`,
    isHidden ? 'loud' : loudness(rule, flow),
  );
}

function whoIsLeft(rule: Rule, flow: Flow): string {
  if (standsForAll([rule], flow)) return ' Nobody else is asked then.';
  return loudness(rule, flow) ? ' Together the rules can approve every step: nobody else is asked then.' : '';
}

function removed(rule: Rule, place: Place): Change {
  const where = `where ${quote(rule.condition.source, longestCondition)}`;
  return approves(rule)
    ? place.change(
        'rule-removed',
        'harder',
        `The rule ${rule.name} of ${place.of} no longer approves in the place of people ${where}.`,
      )
    : place.change(
        'rule-removed',
        'easier',
        `The rule ${rule.name} of ${place.of} no longer denies ${where}.`,
        'loud',
      );
}

function approves({ then }: Rule): boolean {
  return 'approve' in then;
}

/** Where rules stand together for every step that is always asked, nobody may be. */
function loudness(rule: Rule, flow: Flow): 'loud' | undefined {
  return approves(rule) && standsForAll(flow.rules, flow) ? 'loud' : undefined;
}

function standsForAll(rules: readonly Rule[], { approval }: Flow): boolean {
  const approved = new Set(rules.flatMap(({ then }) => ('approve' in then ? then.approve : [])));
  return approval.steps.every(
    ({ name, condition, peopleOnly }) => !peopleOnly && (condition !== undefined || approved.has(name)),
  );
}
