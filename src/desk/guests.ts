// Whether somebody is among declared guests: by workspace and user id first, or by an address that a link is sent to. An e-mail domain only narrows it.
import type { PersonId } from '../domain/names.ts';
import type { GuestGroup, Person } from './desk.ts';

/** A user of Slack; without a workspace, of the desk's own. */
export type SlackIdentity = NonNullable<Person['slack']>;

/** The desk's own workspace, where it is known, so that it is the same whether it is written out or not. */
type Own = string | undefined;

/** `email`: one that the desk's own files say is theirs, never what Slack says. */
export function isDeclaredGuest(
  { workspaces, users, people, emails }: GuestGroup,
  { id, slack, email }: { readonly id?: PersonId; readonly slack?: SlackIdentity; readonly email?: string },
  own: Own,
): boolean {
  if (id !== undefined && people.includes(id)) return true;
  if (email !== undefined && emails.includes(email.toLowerCase())) return true;
  if (slack === undefined) return false;
  const home = slack.workspace ?? own;
  return (
    // All of the desk's own workspace are no guests, whatever a list says.
    (home !== undefined && home !== own && workspaces.includes(home)) ||
    users.some(({ workspace = own, user }) => user === slack.user && workspace === home)
  );
}

const addressAccount = 'email:';

/** The address that an account is; undefined where it is another kind of account. */
export function addressOf(account: string): string | undefined {
  return account.startsWith(addressAccount) ? account.slice(addressAccount.length).toLowerCase() : undefined;
}

/** Whether an address is of one of these domains; no domains narrow nothing. */
export function isInDomains(email: string | undefined, domains: readonly string[]): boolean {
  if (domains.length === 0) return true;
  const domain = email?.slice(email.lastIndexOf('@') + 1).toLowerCase();
  return domain !== undefined && domains.includes(domain);
}
