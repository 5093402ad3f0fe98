// A small world for decisions: who is who, who belongs where, what is held. Answers every question from it.
import type { Answers, Facts, QuestionKind, QuestionOf } from '../../src/domain/facts.ts';
import { noIncident, type Flow } from '../../src/domain/flow.ts';
import { account, personId, type Account } from '../../src/domain/names.ts';
import { goOn } from '../../src/domain/hooks.ts';
import { aFlow } from './flow.ts';

export interface World {
  readonly flows: readonly Flow[];
  /** Account name → person. */
  readonly people: { readonly [account: string]: string };
  /** Group → its people; `down` where it cannot be looked up. */
  readonly groups: { readonly [group: string]: readonly string[] | 'down' };
  readonly access: Answers['access'];
  /** The same whoever asks. */
  readonly history: Answers['history'];
  readonly reviews: Answers['reviews'];
  /** By field. */
  readonly options: { readonly [field: string]: Answers['options'] };
  /** The same whichever is asked for. */
  readonly incident: Answers['incident'];
  /** What the code of a flow answers, by hook. */
  readonly code: { readonly [hook: string]: Answers['hook'] };
  /** The same whatever is asked. */
  readonly approval: Answers['approval'];
  readonly available: Answers['available'];
}

export const accountOf = (name: string): Account => account('github', name);

export function aWorld(overrides: Partial<World> = {}): World {
  return {
    flows: [aFlow()],
    people: { 'ann-o': 'ann', 'bob-l': 'bob', 'dora-k': 'dora', 'max-p': 'max' },
    groups: {
      'team:acme/engineering': ['ann', 'bob'],
      'team:acme/data': ['bob'],
      'team:acme/security': ['dora'],
      'role:admin': ['max'],
    },
    access: {
      resource: 'toy:prod',
      account: 'toy:ann',
      wanted: 'member',
      holds: 'none',
      covered: false,
      live: [],
    },
    history: { requests: 0, granted: 0, denied: 0 },
    reviews: [],
    options: {},
    incident: noIncident,
    code: {},
    approval: { unknown: 'it has no such answer' },
    available: 'open',
    ...overrides,
  };
}

export function factsOf(world: World): Facts {
  const answers: { [K in QuestionKind]: (question: QuestionOf<K>) => Answers[K] } = {
    person: (question) => {
      const person = world.people[question.account.replace('github:', '')];
      return person === undefined ? null : personId(person);
    },
    belongs: ({ person, group }) => {
      const members = world.groups[group] ?? [];
      return members === 'down' ? { unknown: 'GitHub does not answer.' } : members.includes(person);
    },
    flow: ({ name }) => {
      const flow = world.flows.find(({ ref }) => ref.name === name);
      return flow ? { flow } : { missing: 'unknown-flow', known: world.flows.map(({ ref }) => ref.name) };
    },
    access: () => world.access,
    history: () => world.history,
    reviews: () => world.reviews,
    options: ({ field }) => world.options[field] ?? { unknown: 'It does not answer.' },
    incident: () => world.incident,
    hook: ({ hook }) => world.code[hook] ?? goOn,
    approval: () => world.approval,
    available: () => world.available,
  };
  return {
    get<K extends QuestionKind>(question: QuestionOf<K>): Answers[K] | undefined {
      return answers[question.ask](question);
    },
  };
}

/** Nothing is known: every question becomes a need. */
export const noFacts: Facts = { get: () => undefined };
