// Which user of the desk's own workspace a person is, and which person a user: by people.yml, or by an e-mail address that is trusted.
import type { SlackUser } from '../clients/slack/answers.ts';
import type { Desk, Person } from '../desk/desk.ts';
import { isInDomains } from '../desk/guests.ts';
import type { PersonId } from '../domain/names.ts';
import type { GroupQuestion } from './group-kind.ts';
import type { SlackWorkspace } from './slack-lookups.ts';

/** Undefined where the person is none of the workspace's own people. */
export async function slackUserOf(
  { person, files, signal }: Pick<GroupQuestion, 'person' | 'files' | 'signal'>,
  slack: SlackWorkspace,
): Promise<SlackUser | undefined> {
  const user = await find();
  return user && isColleague(user, slack) ? user : undefined;

  async function find(): Promise<SlackUser | undefined> {
    if (person.slack) {
      const { workspace = slack.workspace, user: id } = person.slack;
      return workspace === slack.workspace ? slack.lookUps.user(id, signal) : undefined;
    }
    if (person.email === undefined || !isTrusted(person.email, files)) return undefined;
    const found = await slack.lookUps.userByEmail(person.email, signal);
    return found && personByEmail(found, files, slack) === person.id ? found : undefined;
  }
}

/** Not bots, nor who left, nor guests, nor people of other workspaces. */
export function isColleague(user: SlackUser, { workspace }: SlackWorkspace): boolean {
  return (
    user.team === workspace &&
    !user.isBot &&
    !user.isDeactivated &&
    !user.isRestricted &&
    !user.isUltraRestricted &&
    !user.isStranger
  );
}

/**
 * The person with this user's e-mail address, where the address proves it: the workspace's own people confirmed theirs,
 * what another workspace says proves nothing.
 */
export function personByEmail(
  user: SlackUser,
  { people, settings }: Desk,
  slack: SlackWorkspace,
): PersonId | undefined {
  const email = user.email?.toLowerCase();
  if (email === undefined || !user.isEmailConfirmed || !isColleague(user, slack)) return undefined;
  if (!isTrusted(email, { settings })) return undefined;
  const named = [...(people?.persons.values() ?? [])].filter(
    (person) => person.email?.toLowerCase() === email,
  );
  const [only] = named;
  return only && named.length === 1 && mayBe(only) ? only.id : undefined;
}

/** Whose account is written in people.yml, has no other. */
function mayBe({ role, slack }: Person): boolean {
  return role === 'member' && slack === undefined;
}

function isTrusted(email: string, { settings }: { readonly settings?: Desk['settings'] }): boolean {
  const domains = settings?.domains.linkByEmail ?? [];
  return domains.length > 0 && isInDomains(email, domains);
}
