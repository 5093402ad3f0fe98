// Guests who decide by a link in an e-mail: one that nobody is sent, and somebody who would count twice.
import type { GuestGroup, People } from '../desk.ts';
import type { Lint, LintSubject } from './lint.ts';

const place = { at: '/allow_guests/email_links' };

export const guestLinks: Lint = (subject, report) => {
  const { flow, settings } = subject;
  if (!flow.guestLinks || settings === undefined) return;
  const steps = flow.approval.steps.filter(({ byLink }) => byLink);
  // That no step is theirs is said elsewhere.
  if (steps.length === 0) return;
  const isSent = steps.some(({ approvers, routes = [] }) => {
    const addresses = groupsOf(approvers, subject).flatMap(({ emails }) => emails);
    return routes.some(({ to }) => to.some((each) => addresses.includes(mailedTo(each))));
  });
  if (!isSent) report.add(place, 'links-to-nobody');
  const asked = steps.reduce((sum, { count }) => sum + count, 0);
  const groups = steps.flatMap(({ approvers }) => groupsOf(approvers, subject));
  const stranger = asked > 1 && groups.some(hasSlack) ? strangerOf(groups, subject.people) : undefined;
  if (stranger !== undefined) report.add(place, 'guest-counts-twice', stranger);
};

function mailedTo(to: string): string {
  return to.startsWith('email:') ? to.slice('email:'.length).toLowerCase() : '';
}

function groupsOf(approvers: readonly string[], { settings }: LintSubject): readonly GuestGroup[] {
  return approvers.flatMap((each) =>
    each.startsWith('guest:') ? (settings?.guests.get(each.slice('guest:'.length)) ?? []) : [],
  );
}

function hasSlack({ workspaces, users }: GuestGroup): boolean {
  return workspaces.length + users.length > 0;
}

/** An address of which the files do not say who that is on Slack. */
function strangerOf(groups: readonly GuestGroup[], people: People | undefined): string | undefined {
  const known = new Set(
    [...(people?.persons.values() ?? [])].flatMap(({ email, slack }) =>
      email !== undefined && slack ? [email.toLowerCase()] : [],
    ),
  );
  return groups.flatMap(({ emails }) => emails).find((address) => !known.has(address));
}
