// Which channels of Slack a desk's files name for errors; remembered, so that an outage of GitHub is told of too.
import { isBroken, type Desk } from '../desk/desk.ts';
import { defaultErrorChannel } from '../desk/change/slack-diagnostics.ts';
import type { Desks } from '../desk/desks.ts';
import type { Destination, DeskId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Store } from '../engine/ports/store.ts';
import type { SlackLookups } from '../people/slack-lookups.ts';
import type { NamedErrorChannels } from '../surfaces/slack/error-channel.ts';
import { remembered } from './remembered.ts';

export interface ErrorChannelParts {
  readonly desks: Pick<Desks, 'desk'>;
  readonly slack: SlackLookups;
  readonly store: Pick<Store, 'bookmark' | 'setBookmark'>;
  readonly clock: Clock;
}

/** Throws `Failure` where nobody can say, and nobody could before. */
export function errorChannelsOf({
  desks,
  slack,
  ...around
}: ErrorChannelParts): (desk: DeskId) => Promise<NamedErrorChannels> {
  return async (desk) => {
    const text = await remembered(around, `error channels ${desk}`, async () => {
      const files = await desks.desk(desk);
      const workspace = (await slack.of(desk))?.workspace ?? files.settings?.slack?.workspace;
      return JSON.stringify(workspace === undefined ? null : channelsIn(files, workspace));
    });
    const read = parse(text);
    if (read) return read;
    throw new Failure(
      'Several workspaces are connected, and the desk does not say which is its own: slack.workspace in flows/countersign.yml',
      { transient: false },
    );
  };
}

function channelsIn({ settings, flows }: Desk, workspace: string): NamedErrorChannels {
  const named = settings?.errors;
  const own = roomOf(named, workspace);
  const ofFlow = [...flows].flatMap(([name, flow]) => {
    const environment = isBroken(flow) ? undefined : flow.environment;
    const found = [...(settings?.environments.values() ?? [])].find(({ label }) => label === environment);
    const room = found?.errors && roomOf(found.errors, workspace);
    return room === undefined ? [] : [[name, room] as const];
  });
  return {
    own: own ?? `${workspace}/${defaultErrorChannel}`,
    isNamed: own !== undefined,
    ofFlow: Object.fromEntries(ofFlow),
  };
}

function roomOf(channel: Destination | undefined, workspace: string): string | undefined {
  const name = channel?.slice('slack-channel:'.length);
  if (name === undefined) return undefined;
  return name.includes('/') ? name : `${workspace}/${name}`;
}

/** Ours, as it was written. */
function parse(text: string): NamedErrorChannels | undefined {
  const read: unknown = JSON.parse(text);
  if (typeof read !== 'object' || read === null || !('own' in read) || !('ofFlow' in read)) return undefined;
  const { own, ofFlow } = read;
  if (typeof own !== 'string' || typeof ofFlow !== 'object' || ofFlow === null) return undefined;
  const flows = Object.entries(ofFlow).filter(
    (each): each is [string, string] => typeof each[1] === 'string',
  );
  return { own, isNamed: 'isNamed' in read && read.isNamed === true, ofFlow: Object.fromEntries(flows) };
}
