// `guest:customer`: somebody from outside, declared in `countersign.yml` by workspace and user id; an e-mail domain only narrows it.
import type { GuestGroup } from '../desk/desk.ts';
import { isDeclaredGuest, isInDomains } from '../desk/guests.ts';
import type { Unknown } from '../domain/facts.ts';
import { list } from '../domain/words.ts';
import type { GroupKind, GroupQuestion } from './group-kind.ts';
import type { SlackLookups } from './slack-lookups.ts';
import { ownWorkspace } from './own-workspace.ts';

/** Without Slack, guests are who `people.yml` names. */
export function guestGroup({ slack }: { readonly slack?: SlackLookups }): GroupKind {
  return {
    kind: 'guest',
    async belongs(question) {
      const { desk, person, id, files } = question;
      if (files.settings === undefined) return { unknown: 'The file countersign.yml is missing or broken.' };
      const group = files.settings.guests.get(id);
      if (group === undefined) return { unknown: `There are no guests ${id} in countersign.yml.` };
      const own = await ownWorkspace(desk, files, slack);
      if (!isDeclaredGuest(group, person, own)) return false;
      return isStillThere(group, question, slack);
    },
  };
}

/** Whoever has an account on Slack is looked up there: a bot, or somebody who left, is no guest. */
async function isStillThere(
  { emailDomains }: GuestGroup,
  { desk, person, id, signal }: GroupQuestion,
  slack: SlackLookups | undefined,
): Promise<boolean | Unknown> {
  const workspace = person.slack && (await slack?.of(desk));
  const user = person.slack && (await workspace?.lookUps.user(person.slack.user, signal));
  if (workspace && user === undefined)
    return {
      unknown: `Slack does not show the app who ${person.name} is: nobody can tell whether they are still there.`,
    };
  if (user?.isBot || user?.isDeactivated) return false;
  const email = person.email ?? user?.email;
  if (emailDomains.length > 0 && email === undefined)
    return {
      unknown: `The guests ${id} need an e-mail address at ${list(emailDomains, 'or')}, and that of ${person.name} is not to be seen.`,
    };
  return isInDomains(email, emailDomains);
}
