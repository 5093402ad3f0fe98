// The methods about people, their groups, and what the app itself is.
import { botIcons, channelBody, groupBody, teamBody, userBody } from '../bodies.ts';
import { SlackProblem } from '../problem.ts';
import { acquaintance, appSees } from '../sight.ts';
import { paged } from './arguments.ts';
import { kindsOf } from './conversations.ts';
import { tier1, tier2, tier3, tier4, type Method } from './method.ts';

const authTest: Method = {
  name: 'auth.test',
  scopes: [],
  token: 'bot',
  rate: { calls: 300, perMs: 60_000 },
  run({ world, app }) {
    const team = world.state.workspaces.get(app.team_id);
    return {
      url: `https://${team?.domain ?? ''}.slack.com/`,
      team: team?.name ?? '',
      user: world.state.users.get(app.bot_user_id)?.name ?? '',
      team_id: app.team_id,
      user_id: app.bot_user_id,
      bot_id: app.bot_id,
      is_enterprise_install: false,
    };
  },
};

const usersInfo: Method = {
  name: 'users.info',
  scopes: ['users:read'],
  token: 'bot',
  rate: tier4,
  run({ world, app, args }) {
    const id = args.text('user');
    const user = id === undefined ? undefined : world.state.users.get(id);
    if (!user || acquaintance(world.state, app, user) === 'unknown') {
      throw new SlackProblem('user_not_found');
    }
    return { user: userBody(world.state, app, user) };
  },
};

const lookupByEmail: Method = {
  name: 'users.lookupByEmail',
  scopes: ['users:read.email'],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const email = args.needed('email').toLowerCase();
    // Slack finds people of the own workspace alone, and nobody who was deactivated.
    const user = world.state.users
      .in(app.team_id)
      .find((row) => row.email?.toLowerCase() === email && !row.deleted);
    if (!user) throw new SlackProblem('users_not_found');
    return { user: userBody(world.state, app, user) };
  },
};

const usersConversations: Method = {
  name: 'users.conversations',
  scopes: [],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const kinds = kindsOf(args, app);
    const user = args.text('user') ?? app.bot_user_id;
    if (!world.state.users.get(user)) throw new SlackProblem('user_not_found');
    const all = world.state.channels
      .all()
      .filter((row) => kinds.includes(row.kind) && appSees(app, row) && row.members.includes(user))
      .filter((row) => !(args.flag('exclude_archived') && row.is_archived));
    const page = paged(all, args.page(999));
    return {
      channels: page.items.map((row) => channelBody(world.state, app, row)),
      response_metadata: page.response_metadata,
    };
  },
};

const groupsList: Method = {
  name: 'usergroups.list',
  scopes: ['usergroups:read'],
  token: 'bot',
  rate: tier2,
  run({ world, app, args }) {
    const groups = world.state.groups
      .all()
      .filter((row) => row.team_id === app.team_id)
      .filter((row) => args.flag('include_disabled') || row.date_delete === 0);
    return { usergroups: groups.map((row) => groupBody(row, args.flag('include_users'))) };
  },
};

const groupUsers: Method = {
  name: 'usergroups.users.list',
  scopes: ['usergroups:read'],
  token: 'bot',
  rate: tier2,
  run({ world, app, args }) {
    const group = world.state.groups.get(args.needed('usergroup'));
    if (!group || group.team_id !== app.team_id) throw new SlackProblem('no_such_subteam');
    if (group.date_delete !== 0 && !args.flag('include_disabled')) throw new SlackProblem('subteam_disabled');
    return { users: group.users };
  },
};

const botsInfo: Method = {
  name: 'bots.info',
  scopes: ['users:read'],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const id = args.text('bot') ?? app.bot_id;
    const found = world.state.apps.find((row) => row.bot_id === id);
    if (!found) throw new SlackProblem('bot_not_found');
    return {
      bot: {
        id: found.bot_id,
        deleted: !found.installed,
        name: found.name,
        updated: 0,
        app_id: found.id,
        user_id: found.bot_user_id,
        icons: botIcons,
      },
    };
  },
};

const teamInfo: Method = {
  name: 'team.info',
  scopes: ['team:read'],
  token: 'bot',
  rate: tier3,
  run({ world, app, args }) {
    const id = args.text('team') ?? app.team_id;
    const isMet =
      id === app.team_id ||
      world.state.channels.find((row) => row.shared_with.includes(id) && appSees(app, row)) !== undefined;
    const team = isMet ? world.state.workspaces.get(id) : undefined;
    if (!team) throw new SlackProblem('team_not_found');
    return { team: teamBody(team) };
  },
};

const connectionsOpen: Method = {
  name: 'apps.connections.open',
  scopes: [],
  token: 'app',
  rate: { ...tier1, calls: 10 },
  run({ world, app }) {
    if (!app.socket_mode) throw new SlackProblem('socket_mode_not_enabled');
    return { url: world.sockets.ticket(app) };
  },
};

export const peopleMethods: readonly Method[] = [
  authTest,
  usersInfo,
  lookupByEmail,
  usersConversations,
  groupsList,
  groupUsers,
  botsInfo,
  teamInfo,
  connectionsOpen,
];
