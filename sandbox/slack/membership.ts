// Coming to a channel, leaving it, and taking the app out of a workspace: with what apps are told of it.
import { there, type Company } from './company.ts';
import type { Hands } from './people.ts';
import type { ChannelRow, UserRow } from './rows.ts';

interface Move {
  readonly user: string;
  readonly channel: string;
}

export function join(hands: Hands, company: Company, move: Move): void {
  const { channel, isMember } = before(hands, move);
  if (isMember) return;
  company.changeChannel(channel.id, { members: [...channel.members, move.user] });
  tell(hands, 'member_joined_channel', move);
}

export function leave(hands: Hands, company: Company, move: Move): void {
  const { channel, isMember } = before(hands, move);
  if (!isMember) return;
  tell(hands, 'member_left_channel', move);
  company.changeChannel(channel.id, { members: channel.members.filter((id) => id !== move.user) });
}

export function uninstall(hands: Hands, company: Company, appId: string): void {
  const { state } = hands.world;
  const app = there(state.apps.get(appId), 'app', appId);
  hands.events.tell({
    name: 'app_uninstalled',
    team: app.team_id,
    onlyApp: app,
    event: { type: 'app_uninstalled', event_ts: state.newTs() },
  });
  company.changeApp(appId, { installed: false });
}

interface Before {
  readonly channel: ChannelRow;
  readonly person: UserRow;
  readonly isMember: boolean;
}

function before({ world }: Hands, { user, channel }: Move): Before {
  const row = there(world.state.channels.get(channel), 'channel', channel);
  const person = there(world.state.users.get(user), 'user', user);
  return { channel: row, person, isMember: row.members.includes(user) };
}

function tell(hands: Hands, type: 'member_joined_channel' | 'member_left_channel', move: Move): void {
  const { channel, person } = before(hands, move);
  hands.events.tell({
    name: type,
    team: channel.team_id,
    channel,
    event: {
      type,
      ...move,
      channel_type: channel.kind === 'public' ? 'C' : 'G',
      team: person.team_id,
      event_ts: hands.world.state.newTs(),
    },
  });
}
