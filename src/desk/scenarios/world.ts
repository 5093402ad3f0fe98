// The world of one scenario: who is in which group, what is asked, what is held. It answers every question of a decision.
import type { Answers, Facts, QuestionKind, QuestionOf } from '../../domain/facts.ts';
import { noIncident, type Flow } from '../../domain/flow.ts';
import { goOn, type HookQuestion } from '../../domain/hooks.ts';
import {
  account,
  group,
  instant,
  personId,
  requestId,
  type Account,
  type Group,
  type PersonId,
} from '../../domain/names.ts';
import { readAnsweredSteps } from '../compile/read-answered-steps.ts';
import type { People } from '../desk.ts';
import type { GivenFile } from '../schema/scenarios-schema.ts';
import { demandAnswer, type CodeBook, type CodeCame } from './code-book.ts';

export interface World {
  readonly flow: Flow;
  readonly people: People;
  /** Of the settings. */
  readonly admins: readonly Group[];
  /** Who is in a group; `unavailable` where it cannot be looked up. */
  readonly groups: NonNullable<GivenFile['groups']>;
  readonly history: GivenFile['history'];
  readonly review: GivenFile['review'];
  /** Of fields whose options are read live. */
  readonly options: NonNullable<GivenFile['options']>;
  readonly incidents: GivenFile['incidents'];
  /** What the flow's code answers, by hook. */
  readonly code: NonNullable<GivenFile['code']>;
  /** What answers the code as it runs; undefined where it does not run. */
  readonly outside: GivenFile['outside'];
  /** What it came to; undefined where no code is run. */
  readonly book: CodeBook | undefined;
  /** What it answers in the place of YAML. */
  readonly answers: NonNullable<GivenFile['answers']>;
  /** Who asks. */
  readonly requester: string;
  /** Why what is `unavailable` cannot be looked up, as people read it. */
  readonly unavailable: string;
  readonly access: NonNullable<GivenFile['access']>;
  /** What becomes of what runs after the approval, by its name; it runs where nothing is said. */
  readonly actions: NonNullable<GivenFile['actions']>;
}

const service = 'person';

/** In a scenario everybody has one account, and it is theirs. */
export function accountOf(person: string): Account {
  return account(service, person);
}

/** No question stays open: what a scenario does not give is not there. */
export function factsOf(world: World): Facts {
  const answers: { [K in QuestionKind]: (question: QuestionOf<K>) => Answers[K] } = {
    person: ({ account: asked }) => personId(asked.slice(service.length + 1)),
    belongs: ({ person, group: asked }) => belongs(world, person, asked),
    flow: () => ({ flow: world.flow }),
    access: ({ person, settings }) => ({
      resource: JSON.stringify(settings),
      account: person,
      wanted: 'granted',
      holds: world.access === 'held' ? 'granted' : 'none',
      covered: world.access === 'held',
      live: [],
    }),
    history: () => historyOf(world),
    reviews: () => reviewsOf(world),
    options: ({ field }) => optionsOf(world, field),
    incident: ({ id, person }) => incidentOf(world, id, person),
    hook: ({ ask: _, desk: __, ...question }) => saidBy(world, question),
    approval: () => stepsBy(world),
    available: () => availabilityBy(world),
  };
  return {
    get<K extends QuestionKind>(question: QuestionOf<K>): Answers[K] | undefined {
      return answers[question.ask](question);
    },
  };
}

const admin = group('role:admin');

/** As the directory answers: a guest is in groups of guests alone, and every other person of `people.yml` is a member. */
function belongs(world: World, person: PersonId, asked: Group): Answers['belongs'] {
  const known = world.people.persons.get(person);
  if (known === undefined || asked.startsWith('guest:') !== (known.role === 'guest')) return false;
  if (asked === 'role:member') return true;
  if (asked.startsWith('manager:')) return isManagerOf(world, person, asked);
  if (asked.startsWith('person:')) return asked === `person:${person}`;
  const members = Object.hasOwn(world.groups, asked) ? world.groups[asked] : undefined;
  if (typeof members === 'string') return { unknown: world.unavailable };
  if (members !== undefined) return members.includes(person);
  return asked === admin && isAdmin(world, person);
}

function isManagerOf({ people }: World, person: PersonId, asked: Group): boolean {
  return people.persons.get(personId(asked.slice('manager:'.length)))?.manager === person;
}

function isAdmin(world: World, person: PersonId): Answers['belongs'] {
  const answers = world.admins.filter((each) => each !== admin).map((each) => belongs(world, person, each));
  return answers.includes(true) || (answers.find((answer) => typeof answer === 'object') ?? false);
}

/** Of whoever asks, from long before. */
function reviewsOf({ review, requester, flow, unavailable }: World): Answers['reviews'] {
  if (review === undefined) return [];
  if (review === 'unavailable') return { unknown: unavailable };
  const person = personId(requester);
  const account = accountOf(requester);
  return [{ request: before, flow: flow.ref.name, person, account, deadline: longAgo }];
}

function optionsOf({ options, unavailable }: World, field: string): Answers['options'] {
  const given = Object.hasOwn(options, field) ? options[field] : undefined;
  if (given === undefined)
    return { unknown: 'The scenario gives none: add them below `given: { options }`.' };
  if (typeof given === 'string') return { unknown: unavailable };
  return given.map((value) => ({ value, label: value }));
}

/** What a scenario does not give goes on. */
export function saidBy(world: World, question: HookQuestion): Answers['hook'] {
  const { code, unavailable, outside } = world;
  const given = Object.hasOwn(code, question.hook) ? code[question.hook] : undefined;
  if (given === undefined) return outside === undefined ? goOn : demandAnswer(saidByCode(world, question));
  if (typeof given === 'string') return { unknown: unavailable };
  const { approve, deny, ignore } = given;
  if (deny !== undefined) return { answer: 'deny', reason: deny };
  if (ignore !== undefined) return { answer: 'ignore', message: ignore };
  if (approve === undefined || approve === false) return goOn;
  const reason = 'The scenario says so.';
  return typeof approve === 'boolean'
    ? { answer: 'approve', reason }
    : { answer: 'approve', steps: approve, reason };
}

/** What the code itself says; undefined where that is not known yet. */
function saidByCode(world: World, question: HookQuestion): CodeCame | undefined {
  const { book, groups, outside = [] } = world;
  return book?.look(question, {
    groups,
    outside,
    belongs: (person, asked) => belongs(world, person, asked),
  });
}

/** As the code would answer, held against the same schema; where a scenario does not give it, the steps of the flow are asked. */
function stepsBy({ answers: { approval }, flow, people, unavailable }: World): Answers['approval'] {
  if (approval === undefined || typeof approval === 'string') return { unknown: unavailable };
  return readAnsweredSteps(approval, flow, { people });
}

function availabilityBy({ answers: { available }, unavailable }: World): Answers['available'] {
  if (available === undefined) return 'open';
  return typeof available === 'string' ? { unknown: unavailable } : available;
}

const before = requestId('00000000000000000000000000');
const longAgo = instant(0);

/** Whatever integration it is asked by. */
function incidentOf(
  { incidents = {}, unavailable }: World,
  id: string,
  person: PersonId,
): Answers['incident'] {
  if (typeof incidents === 'string') return { unknown: unavailable };
  const given = Object.hasOwn(incidents, id) ? incidents[id] : undefined;
  if (given === undefined) return noIncident;
  const { status, urgency = 'high', service = '', assigned_to: assignees = [] } = given;
  return { status, urgency, service, assignedToRequester: assignees.includes(person) };
}

function historyOf({ history = {}, unavailable }: World): Answers['history'] {
  if (typeof history !== 'object') return { unknown: unavailable };
  const { requests = 0, granted = 0, denied = 0 } = history;
  return { requests, granted, denied };
}
