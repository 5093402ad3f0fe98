// Makes workspaces, people, channels and apps: a sandbox and a test say what they want, and the rest is as usual.
import type { AppRow, ChannelKind, ChannelRow, GroupRow, Shortcut, UserRow, WorkspaceRow } from './rows.ts';
import type { State } from './state.ts';

export interface NewUser {
  /** Of the home workspace. */
  readonly workspace: string;
  readonly id?: string;
  /** `ann`: what the client calls the username. */
  readonly name: string;
  readonly realName?: string;
  readonly email?: string;
  readonly tz?: string;
  readonly isAdmin?: boolean;
  /** `single`: sees one channel, and has no slash commands. `multi`: sees the channels that they were added to. */
  readonly guest?: 'single' | 'multi';
}

export interface NewChannel {
  readonly workspace: string;
  readonly id?: string;
  readonly name: string;
  readonly private?: boolean;
  readonly members?: readonly string[];
  /** Workspaces that share it over Slack Connect. */
  readonly sharedWith?: readonly string[];
  readonly general?: boolean;
  readonly topic?: string;
}

export interface NewApp {
  readonly workspace: string;
  readonly id?: string;
  readonly name?: string;
  readonly scopes?: readonly string[];
  readonly commands?: readonly string[];
  readonly shortcuts?: readonly Shortcut[];
  readonly events?: readonly string[];
  readonly requestUrl?: string;
  readonly socketMode?: boolean;
  /** Made up unless given, as all secrets. */
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  readonly botUserId?: string;
}

export interface NewGroup {
  readonly workspace: string;
  readonly id?: string;
  readonly handle: string;
  readonly name?: string;
  readonly users: readonly string[];
}

export interface Company {
  addWorkspace(workspace: WorkspaceRow): WorkspaceRow;
  addUser(user: NewUser): UserRow;
  addChannel(channel: NewChannel): ChannelRow;
  addApp(app: NewApp): AppRow;
  addGroup(group: NewGroup): GroupRow;
  changeUser(id: string, change: Partial<UserRow>): UserRow;
  changeChannel(id: string, change: Partial<ChannelRow>): ChannelRow;
  changeApp(id: string, change: Partial<AppRow>): AppRow;
  changeGroup(id: string, change: Partial<GroupRow>): GroupRow;
}

/** All that a bot token can be given here: an app that names no scopes has them all. */
export const allScopes: readonly string[] = [
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'mpim:write',
  'team:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
];

/** All that it tells of: an app that names none hears them all. */
const allEvents: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'member_joined_channel',
  'member_left_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
];

export function createCompany(state: State, now: () => Date, changed: () => void): Company {
  const seconds = (): number => Math.floor(now().getTime() / 1000);
  const kept = <Row>(row: Row): Row => {
    changed();
    return row;
  };
  const company: Company = {
    addWorkspace: (workspace) => kept(state.workspaces.put(workspace)),
    addUser: (user) =>
      kept(
        state.users.put({
          id: user.id ?? state.newId('U'),
          team_id: there(state.workspaces.get(user.workspace), 'workspace', user.workspace).id,
          name: user.name,
          real_name: user.realName ?? user.name,
          email: user.email ?? null,
          tz: user.tz ?? 'Europe/Berlin',
          is_bot: false,
          deleted: false,
          is_admin: user.isAdmin ?? false,
          is_restricted: user.guest !== undefined,
          is_ultra_restricted: user.guest === 'single',
          updated: seconds(),
        }),
      ),
    addChannel: (channel) => {
      const kind: ChannelKind = channel.private ? 'private' : 'public';
      const [creator = ''] = channel.members ?? [];
      return kept(
        state.channels.put({
          id: channel.id ?? state.newId('C'),
          team_id: there(state.workspaces.get(channel.workspace), 'workspace', channel.workspace).id,
          kind,
          name: channel.name,
          members: channel.members ?? [],
          is_archived: false,
          is_general: channel.general ?? false,
          shared_with: channel.sharedWith ?? [],
          creator,
          created: seconds(),
          topic: channel.topic ?? '',
          purpose: '',
        }),
      );
    },
    addApp: (app) => {
      const id = app.id ?? state.newId('A');
      const bot = company.addUser({
        workspace: app.workspace,
        name: (app.name ?? 'Countersign').toLowerCase(),
        realName: app.name ?? 'Countersign',
        ...(app.botUserId ? { id: app.botUserId } : {}),
      });
      state.users.put({ ...bot, is_bot: true });
      return kept(
        state.apps.put({
          id,
          team_id: app.workspace,
          name: app.name ?? 'Countersign',
          bot_user_id: bot.id,
          bot_id: state.newId('B'),
          bot_token: app.botToken ?? `xoxb-${state.newSecret()}`,
          app_token: app.appToken ?? `xapp-1-${id}-${state.newSecret()}`,
          signing_secret: app.signingSecret ?? state.newSecret(),
          verification_token: state.newSecret(12),
          scopes: app.scopes ?? allScopes,
          commands: app.commands ?? ['/access'],
          shortcuts: app.shortcuts ?? [],
          events: app.events ?? allEvents,
          request_url: app.requestUrl ?? null,
          socket_mode: app.socketMode ?? false,
          installed: true,
        }),
      );
    },
    addGroup: (group) =>
      kept(
        state.groups.put({
          id: group.id ?? state.newId('S'),
          team_id: group.workspace,
          handle: group.handle,
          name: group.name ?? group.handle,
          users: group.users,
          date_delete: 0,
          date_create: seconds(),
        }),
      ),
    changeUser: (id, change) =>
      kept(state.users.put({ ...there(state.users.get(id), 'user', id), ...change, updated: seconds() })),
    changeChannel: (id, change) =>
      kept(state.channels.put({ ...there(state.channels.get(id), 'channel', id), ...change })),
    changeApp: (id, change) => kept(state.apps.put({ ...there(state.apps.get(id), 'app', id), ...change })),
    changeGroup: (id, change) =>
      kept(state.groups.put({ ...there(state.groups.get(id), 'user group', id), ...change })),
  };
  return company;
}

/** For whoever drives the sandbox: a name that is not there is a mistake of theirs. */
export function there<Row>(row: Row | undefined, kind: string, name: string): Row {
  if (row === undefined) throw new Error(`The embedded Slack has no ${kind} ${name}.`);
  return row;
}
