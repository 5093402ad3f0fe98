// Looks up what a proposed change names on Slack, as far as Slack shows it to the app in the desk's own workspace.
import type { SlackChannel, SlackUser } from '../clients/slack/answers.ts';
import type { SlackApp } from '../clients/slack/slack-app.ts';
import type { SlackConnection } from '../clients/slack/slack-connection.ts';
import type { NamedOnSlack } from '../desk/change/named-on-slack.ts';
import { defaultErrorChannel } from '../desk/change/slack-diagnostics.ts';
import type { SeenChannel, SeenUser, SlackSeen } from '../desk/change/slack-seen.ts';
import type { DeskId, Milliseconds } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { SlackLookups } from '../people/slack-lookups.ts';

export interface SlackLookUpParts {
  readonly app: SlackApp;
  readonly lookups: SlackLookups;
  readonly clock: Clock;
}

/** For all of it: a check waits, and so does whoever proposed the change. */
const patience: Milliseconds = 60_000;

export type LookUpSlack = (desk: DeskId, named: NamedOnSlack, asked: () => void) => Promise<SlackSeen>;

/** Never throws `Failure`: what could not be asked is said. Without parts, Slack is not set up. */
export function createLookUpSlack(parts: SlackLookUpParts | undefined): LookUpSlack {
  return async (desk, named, asked) => {
    const seen = { ...nothing(), ...tooMany(named) };
    if (parts === undefined || !named.isAny) return seen;
    const { app, lookups, clock } = parts;
    try {
      seen.connected = await Promise.all(app.connections.map(async (each) => (await each.identity()).team));
      const own = await lookups.of(desk);
      const connection = own && (await app.connection(own.workspace));
      if (own === undefined || connection === undefined) return seen;
      seen.workspace = own.workspace;
      await withinTime({ clock, ms: patience, who: 'Slack' }, (signal) =>
        lookUp(connection, named, { seen, signal, asked }),
      );
      return seen;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // What was found before is true all the same.
      return { ...seen, unanswered: `${error.message.replace(/\.$/, '')}.` };
    }
  };
}

/** Filled as answers come in. */
type Filling = { -readonly [K in keyof SlackSeen]: SlackSeen[K] } & {
  channels: Record<string, SeenChannel | null>;
  groups: Record<string, 'there' | 'disabled' | null>;
  users: Record<string, SeenUser | null>;
};

function nothing(): Filling {
  return {
    connected: [],
    channels: {},
    groups: {},
    users: {},
    known: { channels: [], groups: [] },
    hasDefaultErrors: false,
  };
}

function tooMany({ left }: NamedOnSlack): { readonly unanswered?: string } {
  return left === 0 ? {} : { unanswered: `so much is new that ${left} were left out.` };
}

interface LookingUp {
  readonly seen: Filling;
  readonly signal: AbortSignal;
  readonly asked: () => void;
}

/** One after the other: people wait for other answers more urgently than a check does. */
async function lookUp(
  connection: SlackConnection,
  { channels, groups, users }: NamedOnSlack,
  { seen, signal, asked }: LookingUp,
): Promise<void> {
  asked();
  const own = (await connection.ownChannels(signal)).filter(({ isArchived }) => !isArchived);
  seen.hasDefaultErrors = own.some(({ name }) => name === defaultErrorChannel);
  const neighbours = neighboursIn(own);
  if (neighbours) seen.neighbours = neighbours;
  for (const name of channels) {
    asked();
    const found = await connection.channel(name, signal);
    seen.channels[name] = found && !found.isDirect ? seenChannel(found) : null;
  }
  for (const name of groups) {
    asked();
    const found = await connection.group(name, signal);
    seen.groups[name] = found === undefined ? null : found.isDisabled ? 'disabled' : 'there';
  }
  for (const id of users) {
    asked();
    const found = await connection.user(id, signal);
    seen.users[id] = found ? seenUser(found, seen.workspace) : null;
  }
  seen.known = {
    channels: own.map(({ name }) => name),
    groups: groups.length === 0 ? [] : await connection.groupHandles(signal),
  };
}

/** Undefined where Slack does not say of each shared channel with whom. */
function neighboursIn(own: readonly SlackChannel[]): readonly string[] | undefined {
  const shared = own.filter(({ isShared }) => isShared);
  if (shared.some(({ sharedWith }) => sharedWith === undefined)) return undefined;
  return [...new Set(shared.flatMap(({ sharedWith = [] }) => sharedWith))];
}

function seenChannel({ isPrivate, isShared, isArchived, isMember }: SlackChannel): SeenChannel {
  return { isPrivate, isShared, isArchived, isMember };
}

function seenUser({ team, isBot, isDeactivated, ...user }: SlackUser, own: string | undefined): SeenUser {
  const isGuest = user.isRestricted || user.isUltraRestricted || user.isStranger || team !== own;
  return { isBot, isDeactivated, isGuest };
}
