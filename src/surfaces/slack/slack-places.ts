// Where on Slack a message goes: from the destination that a flow names to a channel of a workspace.
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import { personId, type Destination, type DeskId, type PersonId } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import { toRequester } from '../../domain/routes.ts';
import { Failure } from '../../engine/ports/failure.ts';

export interface SlackPlace {
  readonly connection: SlackConnection;
  readonly workspace: string;
  /** By its id. */
  readonly channel: string;
}

export interface SlackAccount {
  readonly team: string;
  readonly user: string;
}

/** What Slack cannot know of a desk's people. */
export interface SlackPeople {
  /** The account they are linked to. */
  slackOf(desk: DeskId, person: PersonId): Promise<SlackAccount | undefined>;
  managerOf(desk: DeskId, person: PersonId): Promise<PersonId | undefined>;
  /** The workspace that the desk's channels and people are in, where it does not say another. */
  workspaceOf(desk: DeskId): Promise<string | undefined>;
}

export interface PlaceParts {
  readonly slack: SlackApp;
  readonly people: SlackPeople;
}

/** Throws `Failure` where there is no such place, or Slack does not say. */
export async function placeFor(parts: PlaceParts, request: Request, to: Destination): Promise<SlackPlace> {
  if (to === toRequester) return directWith(parts, request.desk, [requesterOf(request)]);
  if (to !== 'origin') return namedPlace(parts, request.desk, to);
  const { origin } = request;
  if (origin === undefined) throw cannot('It was not asked for in a channel of Slack.');
  return inChannel(parts, origin.workspace, origin.channel);
}

/** One that is the same whatever is asked: a channel, or people. Throws `Failure` as `placeFor` does. */
export async function namedPlace(parts: PlaceParts, desk: DeskId, to: Destination): Promise<SlackPlace> {
  const { people } = parts;
  const [kind = '', ...rest] = to.split(':');
  const id = rest.join(':');
  switch (kind) {
    case 'slack-channel':
      return channelOf(parts, desk, id);
    case 'person':
      return directWith(parts, desk, [await accountOf(people, desk, personId(id))]);
    case 'manager': {
      const manager = await people.managerOf(desk, personId(id));
      if (manager === undefined) throw cannot(`The people of the desk name no manager of ${id}.`);
      return directWith(parts, desk, [await accountOf(people, desk, manager)]);
    }
    case 'people':
      return directWith(parts, desk, await accountsOf(people, desk, id.split(',').map(personId)));
    default:
      throw cannot(`Nobody can be told at “${to}”.`);
  }
}

async function channelOf(parts: PlaceParts, desk: DeskId, named: string): Promise<SlackPlace> {
  const [, other, name = named] = /^(T[A-Z0-9]+)\/(.+)$/.exec(named) ?? [];
  const workspace = other ?? (await parts.people.workspaceOf(desk));
  if (workspace === undefined)
    throw cannot('The desk does not say which workspace it is in: slack.workspace of countersign.yml.');
  return inChannel(parts, workspace, name);
}

async function inChannel({ slack }: PlaceParts, workspace: string, nameOrId: string): Promise<SlackPlace> {
  const connection = await connectionTo(slack, workspace);
  const channel = await connection.channel(nameOrId);
  if (channel === undefined)
    throw cannot(`There is no channel ${nameOrId} that the app can see: invite it there.`);
  if (channel.isArchived) throw cannot(`The channel ${nameOrId} is archived.`);
  return { connection, workspace, channel: channel.id };
}

async function accountOf(people: SlackPeople, desk: DeskId, person: PersonId): Promise<SlackAccount> {
  const found = await people.slackOf(desk, person);
  if (found === undefined) throw cannot(`No account on Slack is known of ${person}.`);
  return found;
}

/** Those who can be found; it is told to them together. */
async function accountsOf(
  people: SlackPeople,
  desk: DeskId,
  persons: readonly PersonId[],
): Promise<readonly SlackAccount[]> {
  const found = await Promise.all(persons.map((person) => people.slackOf(desk, person)));
  const known = found.flatMap((each) => each ?? []);
  if (known.length === 0) throw cannot(`No account on Slack is known of ${persons.join(', ')}.`);
  return known;
}

async function directWith(
  { slack, people }: PlaceParts,
  desk: DeskId,
  accounts: readonly SlackAccount[],
): Promise<SlackPlace> {
  // Whoever is of another workspace is seen from ours through a shared channel.
  const own = (await people.workspaceOf(desk)) ?? accounts[0]?.team ?? '';
  const workspaces = [...new Set([...accounts.map(({ team }) => team), own])];
  const connections = await Promise.all(workspaces.map((team) => slack.connection(team)));
  const index = connections.findIndex((each) => each !== undefined);
  const connection = connections[index];
  const workspace = workspaces[index];
  if (connection === undefined || workspace === undefined)
    throw cannot('The app is not installed in the workspace of whoever is to be told.');
  const channel = await connection.openDirect(accounts.map(({ user }) => user));
  return { connection, workspace, channel };
}

/** Throws `Failure` where the app is not installed there, or Slack does not say. */
export async function connectionTo(slack: SlackApp, workspace: string): Promise<SlackConnection> {
  const connection = await slack.connection(workspace);
  if (connection === undefined) throw cannot(`The app is not installed in the workspace ${workspace}.`);
  return connection;
}

function requesterOf({ requester }: Request): SlackAccount {
  const [, team, user] = /^slack:([^/]+)\/(.+)$/.exec(requester.via.account) ?? [];
  if (team === undefined || user === undefined) throw cannot('It was not asked for on Slack.');
  return { team, user };
}

function cannot(why: string): Failure {
  return new Failure(why, { transient: false });
}
