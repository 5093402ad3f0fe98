// `slack-group:data-owners`: somebody of a user group of the desk's own Slack workspace.
import type { GroupKind } from './group-kind.ts';
import type { SlackLookups } from './slack-lookups.ts';
import { slackUserOf } from './slack-person.ts';
import { notConnected } from './slack-words.ts';

export function slackGroup({ slack }: { readonly slack: SlackLookups }): GroupKind {
  return {
    kind: 'slack-group',
    async belongs(question) {
      const { desk, id, signal } = question;
      const workspace = await slack.of(desk);
      if (workspace === undefined) return notConnected;
      const group = await workspace.lookUps.group(id, signal);
      if (group === undefined || group.isDisabled)
        return { unknown: `There is no Slack group ${id}, or the app may not see it.` };
      const user = await slackUserOf(question, workspace);
      if (user === undefined) return false;
      return (await workspace.lookUps.groupMembers(group.id, signal)).includes(user.id);
    },
  };
}
