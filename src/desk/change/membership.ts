// Whether a person is in a group by the files of a desk, as far as that can be told from outside; and if not, what it hangs on.
import type { Flow, FlowStep, Target } from '../../domain/flow.ts';
import { personId, type Group, type PersonId } from '../../domain/names.ts';
import type { Desk, Person } from '../desk.ts';
import { isDeclaredGuest, isInDomains } from '../guests.ts';

/** `perhaps`: the groups of which it is not known. */
export type Membership = 'yes' | 'no' | { readonly perhaps: readonly Group[] };

export interface MembersView {
  readonly desk: Desk;
  readonly belongs: (person: PersonId, group: Group) => boolean | undefined;
}

export function memberOf(view: MembersView, person: PersonId, groups: readonly Group[]): Membership {
  const known = view.desk.people?.persons.get(person);
  if (known === undefined) return 'no';
  // Guests are in no internal group, and members are no guests.
  return any(
    groups
      .filter((group) => group.startsWith('guest:') === (known.role === 'guest'))
      .map((group) =>
        known.role === 'guest' ? amongGuests(view, known, group) : inGroup(view, person, group),
      ),
  );
}

function inGroup(view: MembersView, person: PersonId, group: Group): Membership {
  const [kind, id] = [group.slice(0, group.indexOf(':')), group.slice(group.indexOf(':') + 1)];
  if (kind === 'person') return personId(id) === person ? 'yes' : 'no';
  if (group === 'role:member') return 'yes';
  if (group === 'role:admin') {
    const admins = (view.desk.settings?.admins ?? []).filter((each) => each !== group);
    return any(admins.map((each) => inGroup(view, person, each)));
  }
  // Of the requester, whoever that will be.
  if (kind === 'manager') {
    const persons = [...(view.desk.people?.persons.values() ?? [])];
    const led = persons.filter(({ id: each }) => id === 'requester' || each === id);
    return led.some(({ manager }) => manager === person) ? 'yes' : 'no';
  }
  const known = view.belongs(person, group);
  return known === undefined ? { perhaps: [group] } : known ? 'yes' : 'no';
}

function amongGuests({ desk }: MembersView, person: Person, group: Group): Membership {
  const guests = desk.settings?.guests.get(group.slice('guest:'.length));
  const own = desk.settings?.slack?.workspace;
  if (guests === undefined || !isDeclaredGuest(guests, person, own)) return 'no';
  return isInDomains(person.email, guests.emailDomains) ? 'yes' : { perhaps: [group] };
}

function any(answers: readonly Membership[]): Membership {
  if (answers.includes('yes')) return 'yes';
  const perhaps = answers.flatMap((answer) => (typeof answer === 'object' ? answer.perhaps : []));
  return perhaps.length > 0 ? { perhaps: [...new Set(perhaps)] } : 'no';
}

function both(one: Membership, other: Membership): Membership {
  if (one === 'no' || other === 'no') return 'no';
  if (one === 'yes') return other;
  return other === 'yes' ? one : { perhaps: [...new Set([...one.perhaps, ...other.perhaps])] };
}

/** For this target; without one, for anything that the flow offers. */
export function mayAsk(view: MembersView, person: PersonId, flow: Flow, target?: Target): Membership {
  if (view.desk.closed !== undefined || flow.sources?.length === 0) return 'no';
  const asks = memberOf(view, person, flow.requesters);
  return target?.requesters ? both(asks, memberOf(view, person, target.requesters)) : asks;
}

export function mayApprove(view: MembersView, person: PersonId, step: FlowStep | undefined): Membership {
  return step && view.desk.closed === undefined ? memberOf(view, person, step.approvers) : 'no';
}

/** Newly `yes`, or newly hanging on something that it did not hang on before. */
export function gained(before: Membership, after: Membership): 'yes' | 'perhaps' | undefined {
  if (after === 'no' || before === 'yes') return undefined;
  if (after === 'yes') return before === 'no' ? 'yes' : 'perhaps';
  if (before === 'no') return 'perhaps';
  return after.perhaps.some((group) => !before.perhaps.includes(group)) ? 'perhaps' : undefined;
}

export function usable(flow: Flow | { readonly broken: unknown } | undefined): Flow | undefined {
  return flow === undefined || 'broken' in flow ? undefined : flow;
}
