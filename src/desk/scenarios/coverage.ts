// What of a flow no scenario reached: rules that never held, steps that were never asked, targets that nobody asked for.
import type { Entry } from '../../domain/entries.ts';
import type { Flow } from '../../domain/flow.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { openMatter, type Request } from '../../domain/request.ts';
import { list, plural } from '../../domain/words.ts';
import { standingsOf } from './expectation.ts';

export interface FlowCoverage {
  readonly flow: string;
  /** How many scenarios it has. */
  readonly scenarios: number;
  /** Names of rules that held in none. */
  readonly unheldRules: readonly string[];
  /** Names of steps that no person was asked for. */
  readonly unaskedSteps: readonly string[];
  /** Names of targets that nobody asked for. */
  readonly unaskedTargets: readonly string[];
}

/** What no scenario of a flow reached, as parts of a sentence; empty where all is reached. */
export function gapsOf({
  scenarios,
  unheldRules,
  unaskedSteps,
  unaskedTargets,
}: FlowCoverage): readonly string[] {
  if (scenarios === 0) return ['no scenarios'];
  const none = (names: readonly string[], noun: string, words: string): readonly string[] =>
    names.length === 0
      ? []
      : [`no scenario ${words.replace('…', `${plural(names.length, noun)} ${list(names, 'or')}`)}`];
  return [
    ...none(unheldRules, 'rule', 'where the … holds'),
    ...none(unaskedSteps, 'step', 'where the … is asked'),
    ...none(unaskedTargets, 'target', 'asks for the …'),
  ];
}

export interface Witness {
  /** Entries that were recorded together, and the request after them. */
  recorded(request: Request, entries: readonly Entry[]): void;
  refused(refusal: Refusal): void;
  /** A target, by its name or label; absent: the only one. */
  asked(target: string | undefined): void;
  coverage(scenarios: number): FlowCoverage;
}

/** Sees what happens in all scenarios of one flow. */
export function createWitness(flow: Flow): Witness {
  const rules = new Set<string>();
  const steps = new Set<string>();
  const targets = new Set<string>();
  const offered = flow.access?.targets ?? [];
  return {
    recorded(request, entries) {
      for (const entry of entries) for (const rule of heldBy(entry)) rules.add(rule);
      // Nobody is asked where somebody breaks the glass, until they want more of it.
      if (request.breakGlass && openMatter(request) === undefined) return;
      if (steps.size === flow.approval.steps.length) return;
      for (const { step, state, byRule } of standingsOf(request))
        if (state !== 'waiting' && !byRule) steps.add(step.name);
    },
    refused(refusal) {
      if (refusal.code === 'denied-by-rule') rules.add(refusal.rule);
    },
    asked(target) {
      const [only] = offered;
      const named = target === undefined && offered.length === 1 ? only?.name : target;
      for (const { name, label } of offered) if (name === named || label === named) targets.add(name);
    },
    coverage: (scenarios) => ({
      flow: flow.ref.name,
      scenarios,
      unheldRules: flow.rules.map(({ name }) => name).filter((name) => !rules.has(name)),
      unaskedSteps: flow.approval.steps.map(({ name }) => name).filter((name) => !steps.has(name)),
      unaskedTargets: offered.map(({ name }) => name).filter((name) => !targets.has(name)),
    }),
  };
}

function heldBy(entry: Entry): readonly string[] {
  if (entry.type === 'rule-applied')
    return ['approve', 'deny'].includes(entry.data.effect) ? [entry.data.rule] : [];
  if (entry.type !== 'requested' && entry.type !== 'extension-asked') return [];
  const judged = entry.data.judged?.rules ?? [];
  return judged.filter(({ result }) => result === 'holds').map(({ name }) => name);
}
