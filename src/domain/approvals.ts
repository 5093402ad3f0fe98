// Which steps are met, open or still to be asked: people are assigned to steps so that most are met, anew each time.
import type { FlowStep, Step } from './flow.ts';
import type { PersonId } from './names.ts';

/** A person whose approval counts now, with every step they could fill. */
export interface Voter {
  readonly person: PersonId;
  readonly eligible: readonly string[];
}

export interface StepStanding {
  readonly step: Step;
  /** `waiting` steps are asked once all that they need are met. */
  readonly state: 'met' | 'open' | 'waiting';
  readonly filledBy: readonly PersonId[];
  /** A rule stands for it, so it needs nobody. */
  readonly byRule?: true;
}

/**
 * Assigns each person to at most one place of one step, as a maximum matching. Places are filled in the order
 * of the steps, each by an augmenting path: a place once filled stays filled, so another approval never undoes a step.
 * `covered`: steps that a rule stands for.
 */
export function standings(
  steps: readonly Step[],
  voters: readonly Voter[],
  covered: ReadonlySet<string> = new Set(),
): StepStanding[] {
  const filled = new Map<PersonId, string>();
  const states = new Map<string, StepStanding['state']>();
  for (const step of inOrderOfNeed(steps)) {
    if (step.needs.some((name) => states.get(name) !== 'met')) {
      states.set(step.name, 'waiting');
      continue;
    }
    if (isCovered(step, covered)) {
      states.set(step.name, 'met');
      continue;
    }
    let places = 0;
    while (places < step.count && fill(step.name, voters, filled, new Set())) places += 1;
    states.set(step.name, places === step.count ? 'met' : 'open');
  }
  return steps.map((step) => {
    const state = states.get(step.name) ?? 'waiting';
    const filledBy = voters
      .filter(({ person }) => filled.get(person) === step.name)
      .map(({ person }) => person);
    if (state === 'met' && isCovered(step, covered)) return { step, state, filledBy, byRule: true };
    return { step, state, filledBy };
  });
}

/** The current flow may ask for people where a rule stood in. */
function isCovered({ name, peopleOnly }: Step, covered: ReadonlySet<string>): boolean {
  return !peopleOnly && covered.has(name);
}

/** How many places are filled: an approval that does not raise it adds nothing. */
export function filledPlaces(standing: readonly StepStanding[]): number {
  return standing.reduce((sum, { filledBy }) => sum + filledBy.length, 0);
}

export function allMet(standing: readonly StepStanding[]): boolean {
  return standing.length > 0 && standing.every(({ state }) => state === 'met');
}

/** Finds somebody for a place of `step`: a free person, or one whose present step finds somebody else. */
function fill(
  step: string,
  voters: readonly Voter[],
  filled: Map<PersonId, string>,
  tried: Set<PersonId>,
): boolean {
  for (const { person, eligible } of voters) {
    if (tried.has(person) || filled.get(person) === step || !eligible.includes(step)) continue;
    tried.add(person);
    const present = filled.get(person);
    if (present === undefined || fill(present, voters, filled, tried)) {
      filled.set(person, step);
      return true;
    }
  }
  return false;
}

/** Steps after all that they need; a step in a circle comes last and stays waiting. */
function inOrderOfNeed(steps: readonly Step[]): readonly Step[] {
  const ordered: Step[] = [];
  const placed = new Set<string>();
  let rest = steps;
  while (rest.length > 0) {
    const ready = rest.filter(({ needs }) => needs.every((name) => placed.has(name)));
    if (ready.length === 0) return [...ordered, ...rest];
    for (const step of ready) {
      ordered.push(step);
      placed.add(step.name);
    }
    rest = rest.filter((step) => !placed.has(step.name));
  }
  return ordered;
}

/**
 * The pinned steps, tightened by the current flow: a step that it adds is asked too, a count that it raises holds.
 * Groups are not merged here: a person must belong under the pinned and under the current step (see `decide`).
 */
export function tighten(pinned: readonly Step[], current: readonly Step[]): readonly Step[] {
  const now = new Map(current.map((step) => [step.name, step]));
  const before = new Set(pinned.map(({ name }) => name));
  const asked = new Set([...before, ...now.keys()]);
  /** What is not asked of this request cannot be waited for. */
  const known = (needs: readonly string[]): readonly string[] => needs.filter((name) => asked.has(name));
  const kept = pinned.map((step) => {
    const newer = now.get(step.name);
    if (newer === undefined) return step;
    return {
      ...step,
      count: Math.max(step.count, newer.count),
      needs: [...new Set([...step.needs, ...known(newer.needs)])],
      peopleOnly: step.peopleOnly || newer.peopleOnly,
    };
  });
  const added = current.filter(({ name }) => !before.has(name)).map(pinStep);
  return [...kept, ...added.map((step) => ({ ...step, needs: known(step.needs) }))];
}

/** The step without its condition, once that was judged. */
export function pinStep({ condition: _, ...step }: FlowStep): Step {
  return step;
}
