// Who sees what: people by membership, apps by where they are installed and what they were added to.
import type { AppRow, ChannelRow, UserRow } from './rows.ts';
import type { State } from './state.ts';

export function teamsOf(channel: ChannelRow): readonly string[] {
  return [channel.team_id, ...channel.shared_with];
}

export function isShared(channel: ChannelRow): boolean {
  return channel.shared_with.length > 0;
}

export function personSees(user: UserRow, channel: ChannelRow): boolean {
  if (user.deleted) return false;
  if (channel.members.includes(user.id)) return true;
  return channel.kind === 'public' && teamsOf(channel).includes(user.team_id) && !user.is_restricted;
}

export function appSees(app: AppRow, channel: ChannelRow): boolean {
  if (channel.members.includes(app.bot_user_id)) return true;
  return channel.kind === 'public' && teamsOf(channel).includes(app.team_id);
}

/** `known`: of the app's workspace, or met in a channel that it sees. `stranger`: of a workspace that shares one with it. */
export function acquaintance(state: State, app: AppRow, user: UserRow): 'known' | 'stranger' | 'unknown' {
  if (user.team_id === app.team_id) return 'known';
  const shared = state.channels
    .all()
    .filter((channel) => teamsOf(channel).includes(app.team_id) && channel.members.includes(user.id));
  if (shared.some((channel) => appSees(app, channel))) return 'known';
  return shared.length > 0 ? 'stranger' : 'unknown';
}

/** The direct message of exactly these people, if there is one. */
export function conversationOf(state: State, members: readonly string[]): ChannelRow | undefined {
  const wanted = [...members].sort().join();
  const kind = members.length === 2 ? 'im' : 'mpim';
  return state.channels.find((row) => row.kind === kind && [...row.members].sort().join() === wanted);
}

/** Opens it where there is none yet. */
export function openConversation(state: State, app: AppRow, people: readonly UserRow[]): ChannelRow {
  const members = [app.bot_user_id, ...people.map((user) => user.id)];
  const known = conversationOf(state, members);
  if (known) return known;
  const isDirect = people.length === 1;
  const names = people.map((user) => user.name).join('--');
  const elsewhere = new Set(people.map((user) => user.team_id).filter((team) => team !== app.team_id));
  return state.channels.put({
    id: state.newId(isDirect ? 'D' : 'C'),
    team_id: app.team_id,
    kind: isDirect ? 'im' : 'mpim',
    name: isDirect ? '' : `mpdm-${names}-1`,
    members,
    is_archived: false,
    is_general: false,
    shared_with: [...elsewhere],
    creator: app.bot_user_id,
    created: Math.floor(Number(state.newTs())),
    topic: '',
    purpose: '',
  });
}
