// What `decide` may know beyond the request itself. It asks; what is not yet known becomes a question to the engine.
import type { Holding } from './entries.ts';
import type {
  Flow,
  History,
  Incident,
  LiveOption,
  OptionsSource,
  Settings,
  Step,
  StrategyRef,
} from './flow.ts';
import type { Told } from './live-options.ts';
import type { AnswerQuestion, Availability, HookAnswer, HookQuestion } from './hooks.ts';
import type { Account, DeskId, Group, Instant, Milliseconds, PersonId, RequestId } from './names.ts';

export interface Unknown {
  readonly unknown: string;
}

/** The answers by the kind of question. */
export interface Answers {
  /** The person an account is linked to, by the links as they are now. */
  person: PersonId | null;
  belongs: boolean | Unknown;
  /** The flow at the head of the desk's default branch. */
  flow:
    | { readonly flow: Flow }
    | { readonly missing: 'unknown-flow'; readonly known: readonly string[] }
    | { readonly missing: 'unavailable'; readonly why: string };
  access: Access;
  history: History | Unknown;
  reviews: readonly OpenReview[] | Unknown;
  /** What may be answered at this moment. */
  options: readonly LiveOption[] | Unknown;
  incident: Incident | Unknown;
  /** Of a hook: unknown where the code came to no answer. */
  hook: HookAnswer | Unknown;
  /** As the flow's code answers them, validated like YAML. */
  approval: readonly Step[] | Unknown;
  available: Availability | Unknown;
}

/** A review that is still to be given, and of whose access. */
export interface OpenReview {
  readonly request: RequestId;
  readonly flow: string;
  /** As linked when they asked. */
  readonly person: PersonId;
  /** They may be somebody else by now. */
  readonly account: Account;
  readonly deadline: Instant;
}

export type Access =
  | {
      readonly resource: string;
      readonly account: string;
      /** The integration by which it was found, as the desk has it now. */
      readonly integration?: Settings;
      readonly wanted: Holding;
      /** What the account holds now, ours included. */
      readonly holds: Holding;
      /** What it can do from all sources together, where that is more: through a team, say. It is never put back. */
      readonly effective?: Holding;
      /** Whether what it holds already covers what is wanted. */
      readonly covered: boolean;
      /** Something for the requester alone goes with it. */
      readonly handsOver?: true;
      /** Our own grants on this resource and account that have not ended, oldest first. */
      readonly live: readonly { readonly request: RequestId; readonly before: Holding }[];
    }
  | { readonly missing: 'no-identity'; readonly service: string; readonly why: string }
  | { readonly missing: 'unavailable'; readonly why: string }
  /** The code of the flow was to say whose account it is, and came to no answer. */
  | { readonly missing: 'unanswered'; readonly why: string }
  | { readonly missing: 'impossible'; readonly why: string };

export type Question =
  | { readonly ask: 'person'; readonly account: Account }
  | { readonly ask: 'belongs'; readonly person: PersonId; readonly group: Group }
  | { readonly ask: 'flow'; readonly desk: DeskId; readonly name: string }
  | {
      readonly ask: 'access';
      readonly strategy: StrategyRef;
      readonly settings: Settings;
      readonly person: PersonId;
      /** Where nothing is stored, the flow's code says whose account it is. */
      readonly identity?: AnswerQuestion;
    }
  | ({ readonly ask: 'history' } & HistoryQuestion)
  /** All of a desk: there are few. */
  | { readonly ask: 'reviews'; readonly desk: DeskId }
  | ({ readonly ask: 'options' } & OptionsQuestion)
  | ({ readonly ask: 'hook'; readonly desk: DeskId } & HookQuestion)
  | ({ readonly ask: 'approval'; readonly desk: DeskId } & AnswerQuestion)
  | ({ readonly ask: 'available'; readonly desk: DeskId } & AnswerQuestion)
  | ({ readonly ask: 'incident' } & IncidentQuestion);

/** What may be answered to a field whose options are read live. */
export interface OptionsQuestion {
  readonly desk: DeskId;
  /** The name of the field. */
  readonly field: string;
  readonly source: OptionsSource;
  readonly requester: PersonId;
  /** The answers that the source is told. */
  readonly told: Told;
}

/** An incident by its id or its number, and whether it is assigned to this person. */
export interface IncidentQuestion {
  readonly person: PersonId;
  readonly id: string;
  /** By name; absent: the only one that there is. */
  readonly integration?: string;
}

/** The requests of one flow that a person made by `until`, and no longer than `within` before it. */
export interface HistoryQuestion {
  readonly desk: DeskId;
  readonly flow: string;
  readonly person: PersonId;
  readonly within: Milliseconds;
  /** Included: surfaces tell the second, and a second is long enough for many requests. */
  readonly until: Instant;
  /** The request that is looked at, once it is one. */
  readonly except?: RequestId;
}

export type QuestionKind = Question['ask'];
export type QuestionOf<K extends QuestionKind> = Extract<Question, { ask: K }>;

/** Answers so far, by question. Give an answer once; it holds for one decision. */
export interface Facts {
  get<K extends QuestionKind>(question: QuestionOf<K>): Answers[K] | undefined;
}

/** Asks the facts, and remembers what they could not answer. */
export class Inquiry {
  readonly #facts: Facts;
  readonly #missing = new Map<string, Question>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Questions to be answered before the decision can stand; empty where it does. */
  get missing(): readonly Question[] {
    return [...this.#missing.values()];
  }

  /** Null where nobody knows yet: the caller goes on with its most careful guess, and the whole decision is taken again. */
  person(account: Account): PersonId | null {
    return this.#ask({ ask: 'person', account }) ?? null;
  }

  belongs(person: PersonId, group: Group): boolean | Unknown {
    return this.#ask({ ask: 'belongs', person, group }) ?? false;
  }

  flow(desk: DeskId, name: string): Answers['flow'] {
    return this.#ask({ ask: 'flow', desk, name }) ?? { missing: 'unavailable', why: 'not read yet' };
  }

  access(wanted: Omit<QuestionOf<'access'>, 'ask'>): Access {
    return (
      this.#ask({ ask: 'access', ...wanted }) ?? {
        missing: 'unavailable',
        why: 'not read yet',
      }
    );
  }

  history(question: HistoryQuestion): History | Unknown {
    return this.#ask({ ask: 'history', ...question }) ?? { unknown: 'not read yet' };
  }

  reviews(desk: DeskId): readonly OpenReview[] | Unknown {
    return this.#ask({ ask: 'reviews', desk }) ?? { unknown: 'not read yet' };
  }

  options(question: OptionsQuestion): readonly LiveOption[] | Unknown {
    return this.#ask({ ask: 'options', ...question }) ?? { unknown: 'not read yet' };
  }

  incident(question: IncidentQuestion): Incident | Unknown {
    return this.#ask({ ask: 'incident', ...question }) ?? { unknown: 'not read yet' };
  }

  hook(desk: DeskId, question: HookQuestion): HookAnswer | Unknown {
    return this.#ask({ ask: 'hook', desk, ...question }) ?? { unknown: 'not run yet' };
  }

  approval(desk: DeskId, question: AnswerQuestion): Answers['approval'] {
    return this.#ask({ ask: 'approval', desk, ...question }) ?? { unknown: 'not run yet' };
  }

  available(desk: DeskId, question: AnswerQuestion): Answers['available'] {
    return this.#ask({ ask: 'available', desk, ...question }) ?? { unknown: 'not run yet' };
  }

  #ask<K extends QuestionKind>(question: QuestionOf<K>): Answers[K] | undefined {
    const answer = this.#facts.get(question);
    if (answer === undefined) this.#missing.set(questionKey(question), question);
    return answer;
  }
}

/** Two questions are the same if their keys are. */
export function questionKey(question: Question): string {
  return JSON.stringify(question);
}

export function isUnknown(answer: unknown): answer is Unknown {
  return typeof answer === 'object' && answer !== null && 'unknown' in answer;
}
