// Who is told, against who may decide: somebody who may not, nobody at all, or only when it is too late.
import { printDuration } from '../../domain/duration.ts';
import type { Flow, Route } from '../../domain/flow.ts';
import { personId, type Destination, type Group, type PersonId } from '../../domain/names.ts';
import type { DeskSettings, Person } from '../desk.ts';
import { isDeclaredGuest } from '../guests.ts';
import type { Lint, LintSubject } from './lint.ts';

export const told: Lint = (subject, report) => {
  const { flow, file, people } = subject;
  for (const [index, { name, approvers, routes = [] }] of flow.approval.steps.entries()) {
    const at = `/approval/steps/${index}`;
    if (routes.length === 0 && isAskedOnSlackAlone(flow))
      report.add({ at: `${at}/name` }, 'nobody-told', name);
    // What the environment or the desk says is told of every step: some of them may be no business of theirs.
    if (file.approval.steps[index]?.notify === undefined) continue;
    for (const [route, { to }] of routes.entries())
      for (const person of to.flatMap(peopleIn)) {
        const known = people?.persons.get(person);
        if (known && !approvers.some((group) => mayBeIn(group, known, subject)))
          report.add({ at: `${at}/notify/${route}` }, 'told-not-deciding', person);
      }
    const late = lateRoute(routes, flow);
    if (late !== undefined)
      report.add(
        { at: `${at}/notify/${late}/after` },
        'told-too-late',
        printDuration(flow.approval.lapseAfter),
      );
  }
};

function isAskedOnSlackAlone({ sources }: Flow): boolean {
  return sources !== undefined && sources.includes('slack') && !sources.includes('github');
}

/** `person:bob`, `people:ann,bob`. */
function peopleIn(to: Destination): readonly PersonId[] {
  const [kind, id = ''] = to.split(':');
  return kind === 'person' || kind === 'people' ? id.split(',').map(personId) : [];
}

function lateRoute(routes: readonly Route[], { approval }: Flow): number | undefined {
  const index = routes.findIndex(({ after }) => after !== undefined && after >= approval.lapseAfter);
  return index < 0 ? undefined : index;
}

/** As far as the files tell: of who is in a team, only GitHub knows. */
function mayBeIn(group: Group, person: Person, { members, people, settings }: LintSubject): boolean {
  if (group.startsWith('guest:')) return person.role === 'guest' && isGuestOf(group, person, settings);
  if (person.role === 'guest') return false;
  if (group.startsWith('manager:')) {
    const of = group.slice('manager:'.length);
    const led = [...(people?.persons.values() ?? [])].filter(({ manager }) => manager === person.id);
    return led.some(({ id }) => of === 'requester' || id === of);
  }
  return members(group)?.has(person.id) ?? true;
}

function isGuestOf(group: Group, person: Person, settings: DeskSettings | undefined): boolean {
  const guests = settings?.guests.get(group.slice('guest:'.length));
  return guests === undefined || isDeclaredGuest(guests, person, settings?.slack?.workspace);
}

/** Guests are let in, and no step is theirs. */
export const guestsWithoutStep: Lint = ({ flow, file }, report) => {
  const named = flow.approval.steps.flatMap(({ approvers }) => approvers);
  if (file.allow_guests && !named.some((group) => group.startsWith('guest:')))
    report.add({ at: '/allow_guests', on: 'key' }, 'guests-without-step');
};
