// `slack-channel:data`: somebody who is in a private channel of the desk's own Slack workspace.
import type { SlackChannel } from '../clients/slack/answers.ts';
import type { GroupKind } from './group-kind.ts';
import type { SlackLookups } from './slack-lookups.ts';
import { slackUserOf } from './slack-person.ts';
import { notConnected } from './slack-words.ts';

export function slackChannelGroup({ slack }: { readonly slack: SlackLookups }): GroupKind {
  return {
    kind: 'slack-channel',
    async belongs(question) {
      const { desk, id, signal } = question;
      const workspace = await slack.of(desk);
      if (workspace === undefined) return notConnected;
      const channel = await workspace.lookUps.channel(id, signal);
      const problem = channel
        ? problemOf(channel)
        : `There is no channel ${shown(id)}, or the app is not in it.`;
      if (channel === undefined || problem !== undefined) return { unknown: problem ?? '' };
      const user = await slackUserOf(question, workspace);
      if (user === undefined) return false;
      return (await workspace.lookUps.members(channel.id, signal)).includes(user.id);
    },
  };
}

/** Why being in a channel does not let anybody decide: whoever wants to could join it, or nobody can tell. */
function problemOf({ id, name, ...channel }: SlackChannel): string | undefined {
  const which = shown(name === '' ? id : name);
  if (channel.isDirect) return `${which} is a direct message, and no channel.`;
  if (channel.isArchived) return `The channel ${which} is archived.`;
  if (!channel.isPrivate)
    return `The channel ${which} is public: anybody could join it and decide. Make it private.`;
  if (channel.isShared)
    return `The channel ${which} is shared with another workspace: who is in it, is not ours to say. Name one that is not.`;
  if (!channel.isMember) return `The app is not in the channel ${which}: invite it there.`;
  return undefined;
}

function shown(nameOrId: string): string {
  return /^[CDG][A-Z0-9]+$/.test(nameOrId) ? nameOrId : `#${nameOrId}`;
}
