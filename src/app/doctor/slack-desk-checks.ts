// Step 7, for each desk: which workspace is its own, and is the app in the channels that its files name?
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import { defaultErrorChannel } from '../../desk/change/slack-diagnostics.ts';
import type { Desk } from '../../desk/desk.ts';
import { channelsOf, type DeskChannels } from './desk-channels.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

export async function deskChannelFindings(desk: Desk, app: SlackApp): Promise<readonly Finding[]> {
  const channels = channelsOf(desk);
  const named = desk.settings?.slack?.workspace;
  const all = [...new Set([...channels.errors, ...channels.told])];
  if (named === undefined && app.connections.length > 1)
    return all.length === 0
      ? [ok('names nothing on Slack')]
      : [
          failure(
            `${app.connections.length} workspaces are connected, and it does not say which is its own`,
            'Write slack: { workspace: T… } in its flows/countersign.yml.',
          ),
        ];
  const own = named ?? (await app.connections[0]?.identity())?.team;
  const connection = own === undefined ? undefined : await app.connection(own);
  if (own === undefined || connection === undefined)
    return [
      failure(
        `its own workspace ${own} is not connected`,
        'Correct slack.workspace in its flows/countersign.yml, or connect that workspace.',
      ),
    ];
  return lookAtChannels({ channels, all, own, app, connection });
}

async function lookAtChannels({
  channels,
  all,
  own,
  app,
  connection,
}: {
  readonly channels: DeskChannels;
  readonly all: readonly string[];
  readonly own: string;
  readonly app: SlackApp;
  readonly connection: SlackConnection;
}): Promise<readonly Finding[]> {
  const { teamName } = await connection.identity();
  const findings: Finding[] = [];
  for (const name of all) {
    const [workspace = own, channel = name] = isElsewhere(name) ? name.split('/') : [own, name];
    const problem = await problemOf(await app.connection(workspace), workspace, channel);
    if (problem) findings.push(problem);
  }
  if (channels.errors.length === 0) findings.push(...(await defaultFindings(connection)));
  const count = all.length;
  const well =
    count === 0
      ? 'it names no channel'
      : `the app is in all ${count} ${count === 1 ? 'channel' : 'channels'} that it names`;
  const isWell = findings.every(({ mark }) => mark !== 'failure');
  return [...(isWell ? [ok(`its own workspace is ${teamName} (${own}), and ${well}`)] : []), ...findings];
}

function isElsewhere(name: string): boolean {
  return name.includes('/');
}

async function problemOf(
  connection: SlackConnection | undefined,
  workspace: string,
  name: string,
): Promise<Finding | undefined> {
  if (connection === undefined)
    return failure(
      `it names a channel of the workspace ${workspace}, which is not connected`,
      'Correct the flow, or connect that workspace.',
    );
  const channel = await connection.channel(name);
  const shown = /^[CG][A-Z0-9]{7,}$/.test(name) ? name : `#${name}`;
  if (channel === undefined)
    return failure(
      `there is no channel ${shown} that the app can see`,
      'Correct its name in flows/, or invite the app there: /invite @Countersign.',
    );
  if (channel.isArchived) return failure(`${shown} is archived`, 'Unarchive it, or name another in flows/.');
  return channel.isMember
    ? undefined
    : failure(`the app is not in ${shown}`, 'Write there: /invite @Countersign.');
}

async function defaultFindings(connection: SlackConnection): Promise<readonly Finding[]> {
  const isThere = (await connection.ownChannels()).some(
    ({ name, isArchived }) => name === defaultErrorChannel && !isArchived,
  );
  return isThere
    ? []
    : [
        warning(
          `it names no error channel, and the app is in no #${defaultErrorChannel}`,
          `Write errors: slack-channel:NAME in flows/countersign.yml, or invite the app to #${defaultErrorChannel}. Until then what goes wrong is told on GitHub alone.`,
        ),
      ];
}
