// What was recorded of a request, as answers to what a decision asks: whatever was not looked up then is unknown, and never guessed.
import {
  isUnknown,
  type Access,
  type Answers,
  type Facts,
  type QuestionKind,
  type QuestionOf,
  type Unknown,
} from '../../domain/facts.ts';
import { printDuration } from '../../domain/duration.ts';
import type { FactValue } from '../../domain/entries.ts';
import {
  incidentStatuses,
  type Flow,
  type History,
  type Incident,
  type OptionsSource,
  type Target,
} from '../../domain/flow.ts';
import { incidentCall } from '../../domain/rules.ts';
import { group, personId, type Group, type PersonId } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import { groups as groupWords } from './change-words.ts';
import { isSame } from './compare-parts.ts';
import { usable } from './membership.ts';

/** Whoever asked then may ask now, or not: in the place of the groups of the flow and of the target. */
export const asker = group('replay:may-ask');
export const targetAsker = group('replay:may-ask-for-target');

/** One of the two desks, and the one that is in force, under which it was asked. */
export interface Setting {
  readonly desk: Desk;
  readonly inForce: Desk;
}

/** What could not be told while it was replayed. */
export interface Doubts {
  /** Conditions taken for granted by their source, in turn one way and the other. */
  readonly assumed: ReadonlyMap<string, boolean>;
  /** The others that cannot be told, and for want of what. */
  readonly found: Map<string, string>;
  /** Each fact that was asked for and not recorded. */
  readonly missed: string[];
}

export type Answer = boolean | Unknown;

/** What is recorded of whoever asked. */
export function recordedOf(
  request: Request,
  { desk, inForce }: Setting,
): {
  person(): PersonId | null;
  belongs(group: Group): Answer;
  history(within: number): History | Unknown;
  incident(id: string, integration?: string): Incident | Unknown;
  options(field: string, source: OptionsSource): Answers['options'];
} {
  const { person } = request.requester;
  const facts = request.judged?.facts ?? {};
  const fact = (name: string): FactValue | undefined =>
    Object.hasOwn(facts, name) ? facts[name] : undefined;
  const [was, is] = [inForce.people?.persons.get(person), desk.people?.persons.get(person)];
  const hasLeft = desk.people !== undefined && was !== undefined && is === undefined;
  const isGuestNow = was?.role === 'member' && is?.role === 'guest';
  // Whoever is in no file of the desk asks for nothing.
  const isMember = is && is.role === 'member';
  const areAdminsTheSame = isSame(inForce.settings?.admins, desk.settings?.admins, { isSet: true });

  function belongs(asked: Group): Answer {
    if (hasLeft || isGuestNow) return false;
    if (asked.startsWith('person:')) return personId(asked.slice('person:'.length)) === person;
    if (asked === 'role:admin' && !areAdminsTheSame) return isAdminNow();
    const recorded = fact(`requester.belongs_to('${asked}')`);
    if (typeof recorded === 'boolean') return recorded;
    const byRole =
      fromRole(asked, fact('requester.role')) ?? (asked === 'role:member' ? isMember : undefined);
    return byRole ?? { unknown: `whether they belonged to ${groupWords([asked])}` };
  }

  /** By the admins that the desk would have. */
  function isAdminNow(): Answer {
    const answers = (desk.settings?.admins ?? []).filter((each) => each !== 'role:admin').map(belongs);
    if (answers.includes(true)) return true;
    return answers.find((answer) => typeof answer === 'object') ?? false;
  }

  return {
    person: () => (hasLeft ? null : person),
    belongs,
    history(within) {
      const span = `('${printDuration(within)}')`;
      const [requests, granted, denied] = ['requests', 'granted', 'denied'].map((what) =>
        fact(`requester.${what}${span}`),
      );
      return typeof requests === 'number' && typeof granted === 'number' && typeof denied === 'number'
        ? { requests, granted, denied }
        : { unknown: `how many requests they had made within ${printDuration(within)}` };
    },
    incident(id, integration) {
      const call = incidentCall(id, integration);
      const part = (name: string): FactValue | undefined => fact(`${call}.${name}`);
      const [status, urgency, service] = [part('status'), part('urgency'), part('service')];
      const assigned = part('assigned_to_requester');
      const known =
        typeof assigned === 'boolean' && typeof service === 'string'
          ? incidentOf({ status, urgency, service, assigned })
          : undefined;
      return known ?? { unknown: `what there was of the incident ${id}` };
    },
    /** What was chosen was offered, by the source of then: what another one would have offered nobody knows. */
    options(field, source) {
      const chosen = request.form.offered?.[field];
      const isSourceSame = desk === inForce || isSame(sourceIn(inForce, request, field), source);
      return chosen && isSourceSame
        ? chosen
        : { unknown: `what was offered for the field ${field} when it was asked` };
    },
  };
}

function sourceIn({ flows }: Desk, { flow: { name } }: Request, field: string): OptionsSource | undefined {
  return usable(flows.get(name))?.fields.find((each) => each.name === field)?.optionsFrom;
}

function incidentOf({
  status,
  urgency,
  service,
  assigned,
}: {
  readonly status: FactValue | undefined;
  readonly urgency: FactValue | undefined;
  readonly service: string;
  readonly assigned: boolean;
}): Incident | undefined {
  const known = [...incidentStatuses, 'none' as const].find((each) => each === status);
  const urgent = (['high', 'low', 'none'] as const).find((each) => each === urgency);
  return known && urgent && { status: known, urgency: urgent, service, assignedToRequester: assigned };
}

function fromRole(asked: Group, role: FactValue | undefined): boolean | undefined {
  if (asked === 'role:admin') return typeof role === 'string' ? role === 'admin' : undefined;
  if (asked === 'role:member') return typeof role === 'string' ? role !== 'guest' : undefined;
  return undefined;
}

/** They could ask by the groups of then, so they were in one of those that they were not known to be outside of. */
export function mayStillAsk(
  before: readonly Group[] | undefined,
  after: readonly Group[],
  belongs: (group: Group) => Answer,
): Answer {
  const answers = after.map((each) => ({ each, answer: belongs(each) }));
  if (answers.some(({ answer }) => answer === true)) return true;
  const possible = before?.filter((each) => belongs(each) !== false) ?? [];
  if (possible.length > 0 && possible.every((each) => after.includes(each))) return true;
  const unknown = answers.flatMap(({ each, answer }) => (typeof answer === 'object' ? [each] : []));
  return unknown.length === 0 ? false : { unknown: `whether they belonged to ${groupWords(unknown, 'or')}` };
}

export interface ReplayedFlow {
  readonly answer: Answers['flow'];
  readonly asks: Answer;
  readonly asksForTarget: Answer;
}

/** No access is looked at: what somebody held then is not recorded, and decides nothing else. */
const notLookedAt: Access = { missing: 'unavailable', why: 'it is replayed' };

export function factsOf(request: Request, setting: Setting, flow: ReplayedFlow, { missed }: Doubts): Facts {
  const recorded = recordedOf(request, setting);
  const answers: { [K in QuestionKind]: (question: QuestionOf<K>) => Answers[K] } = {
    person: () => recorded.person(),
    belongs: ({ group: asked }) =>
      asked === asker ? flow.asks : asked === targetAsker ? flow.asksForTarget : recorded.belongs(asked),
    flow: () => flow.answer,
    access: () => notLookedAt,
    history: ({ within }) => recorded.history(within),
    // What did not wait then is replayed as if it had.
    reviews: () => [],
    options: ({ field, source }) => recorded.options(field, source),
    incident: ({ id, integration }) => recorded.incident(id, integration),
    // What code said then is recorded as what it decided.
    hook: () => ({ unknown: 'it is not run again' }),
    approval: () =>
      request.policy.stepsBy === 'code'
        ? request.policy.steps
        : { unknown: 'whom the code would have asked' },
    available: () => 'open',
  };
  return {
    get<K extends QuestionKind>(question: QuestionOf<K>): Answers[K] | undefined {
      const answer = answers[question.ask](question);
      if (isUnknown(answer)) missed.push(answer.unknown);
      return answer;
    },
  };
}

/** Under the flow in force they did ask; under another one, as far as that follows or was recorded. */
export function gateOf(
  request: Request,
  { flow, inForce }: { readonly flow: Flow; readonly inForce: Flow | undefined },
  setting: Setting,
): Pick<ReplayedFlow, 'asks' | 'asksForTarget'> {
  const { belongs } = recordedOf(request, setting);
  const named = ({ access }: Flow): Target | undefined =>
    access?.targets.find(({ name }) => name === request.form.target?.name);
  const [was, is] = [inForce && named(inForce), named(flow)];
  const isInForce = setting.desk === setting.inForce;
  return {
    asks: isInForce || mayStillAsk(inForce?.requesters, flow.requesters, belongs),
    asksForTarget:
      isInForce || is?.requesters === undefined || mayStillAsk(was?.requesters, is.requesters, belongs),
  };
}
