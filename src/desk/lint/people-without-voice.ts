// People who are named and cannot speak: guests, who are in no group, and those without an account.
import { group, type Group } from '../../domain/names.ts';
import type { People } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { pointerTo } from '../yaml/positions.ts';
import { personNamed } from './known-members.ts';
import type { DeskLint, Lint } from './lint.ts';

export const peopleWithoutVoice: Lint = ({ flow, file, people }, report) => {
  if (people === undefined) return;
  check(flow.requesters, '/requesters', { people, report, what: 'ask' });
  for (const [index, { approvers }] of flow.approval.steps.entries())
    check(approvers, `/approval/steps/${index}/approvers`, { people, report, what: 'decide' });
  const { who = [], reviewers = [] } = flow.breakGlass ?? {};
  check(who, '/break_glass/who', { people, report, what: 'ask' });
  check(reviewers, '/break_glass/reviewers', { people, report, what: 'decide' });
  for (const [name, { requesters = [] }] of Object.entries(file.targets ?? {}))
    check(requesters.map(group), pointerTo('targets', name, 'requesters'), { people, report, what: 'ask' });
};

export const adminsWithoutVoice: DeskLint = ({ settings, people }, report) => {
  if (people) check(settings.admins, '/admins', { people, report, what: 'decide' });
};

export const membersAmongGuests: DeskLint = ({ settings, people }, report) => {
  const members = [...(people?.persons.values() ?? [])].filter(({ role }) => role === 'member');
  for (const [name, guests] of settings.guests) {
    for (const [index, person] of guests.people.entries())
      if (members.some(({ id }) => id === person))
        report.add({ at: pointerTo('guests', name, 'people') + `/${index}` }, 'guests-member', person);
    for (const [index, address] of guests.emails.entries()) {
      const member = members.find(({ email }) => email?.toLowerCase() === address);
      if (member)
        report.add({ at: pointerTo('guests', name, 'emails') + `/${index}` }, 'guests-member', member.id);
    }
  }
};

interface Around {
  readonly people: People;
  readonly report: Report;
  /** What they are named for. */
  readonly what: 'ask' | 'decide';
}

function check(groups: readonly Group[], at: string, { people, report, what }: Around): void {
  for (const [index, named] of groups.entries()) {
    const person = personNamed(named, people);
    const place = { at: `${at}/${index}` };
    if (person?.role === 'guest') report.add(place, 'guest-named', person.id, what);
    else if (person && person.github === undefined && person.slack === undefined)
      report.add(place, 'no-account', person.id, what);
  }
}
