// Puts the Slack half together, where Slack is set up: our app in its workspaces, who is who there, the surface.
import type { SlackApp } from '../clients/slack/slack-app.ts';
import { createSlackApp } from '../clients/slack/slack-app.ts';
import type { Desks } from '../desk/desks.ts';
import type { DeskId, Group } from '../domain/names.ts';
import type { Adoption, HandingOver, Overview, Reception } from '../engine/ports/reception.ts';
import type { Directory } from '../engine/ports/directory.ts';
import type { Flows, OptionLists } from '../engine/ports/flows.ts';
import type { Store } from '../engine/ports/store.ts';
import type { Prompts } from '../engine/prompts.ts';
import type { Remark } from '../engine/carrier.ts';
import { linksIn } from '../engine/link-book.ts';
import type { Linking } from '../engine/linking.ts';
import type { GroupKind } from '../people/group-kind.ts';
import { linkedAccount } from '../people/link.ts';
import { slackChannelGroup } from '../people/slack-channel.ts';
import { slackGroup } from '../people/slack-group.ts';
import type { SlackLookups } from '../people/slack-lookups.ts';
import { slackUserOf } from '../people/slack-person.ts';
import type { PostToSlack } from '../hooks/calls/slack-send.ts';
import { connectSlack, type SlackConnection } from '../surfaces/slack/connect-slack.ts';
import { namedPlace, type SlackPeople } from '../surfaces/slack/slack-places.ts';
import type { Deafness } from '../surfaces/slack/surface.ts';
import type { Surroundings } from './compose.ts';
import { redirectedFetch } from './endpoints.ts';
import { errorChannelsOf } from './error-channels.ts';
import type { GitHubPages } from './github-pages.ts';
import type { Settings } from './settings.ts';

/** What the directory needs of Slack. */
export interface SlackHalf {
  readonly app: SlackApp;
  readonly lookups: SlackLookups;
  readonly groups: readonly GroupKind[];
}

/** Undefined where Slack is not set up. */
export function openSlack(
  { slack, endpoints }: Settings,
  { clock, log, fetch }: Pick<Surroundings, 'clock' | 'log' | 'fetch'>,
  desks: Pick<Desks, 'desk'>,
): SlackHalf | undefined {
  if (slack === undefined) return undefined;
  const app = createSlackApp({
    ...slack,
    fetch: redirectedFetch({ endpoints, there: fetch, otherwise: fetch }),
    clock,
    log,
  });
  const lookups: SlackLookups = {
    async of(desk) {
      const named = (await desks.desk(desk)).settings?.slack?.workspace;
      const [only, ...others] = app.connections;
      if (named !== undefined) {
        const connection = await app.connection(named);
        return connection && { workspace: named, lookUps: connection };
      }
      // With several, the desk has to say which is its own.
      if (only === undefined || others.length > 0) return undefined;
      return { workspace: (await only.identity()).team, lookUps: only };
    },
  };
  const parts = { slack: lookups };
  return { app, lookups, groups: [slackGroup(parts), slackChannelGroup(parts)] };
}

export interface SlackSurroundings {
  readonly desks: Pick<Desks, 'desk'>;
  readonly served: readonly DeskId[];
  readonly deskNames: ReadonlyMap<DeskId, string>;
  readonly directory: Directory;
  readonly flows: Flows;
  readonly options: OptionLists;
  readonly prompts: Prompts;
  readonly admins: (desk: DeskId) => Promise<readonly Group[]>;
  readonly pages: GitHubPages;
  readonly reception: () => Reception & Adoption & Overview & HandingOver;
  readonly store: Pick<Store, 'bookmark' | 'setBookmark'>;
  readonly linking: Linking;
  readonly overheard: (remark: Remark) => void;
}

export function connectToSlack(
  { app, lookups }: SlackHalf,
  { clock, log, deafness = neverDeaf }: Surroundings,
  around: SlackSurroundings,
): SlackConnection {
  const { desks, admins, pages, served, store, ...rest } = around;
  return connectSlack({
    ...rest,
    slack: app,
    desks: served,
    people: { ...slackPeople(desks, lookups, linksIn(store)), admins },
    ...pages,
    errorChannels: errorChannelsOf({ desks, slack: lookups, store, clock }),
    deafness,
    clock,
    log,
  });
}

/** What code of a desk sends: once, and behind whatever people wait for. */
export function postsOfCode(
  { app, lookups }: SlackHalf,
  desks: Pick<Desks, 'desk'>,
  store: Parameters<typeof linksIn>[0],
): PostToSlack {
  const parts = { slack: app, people: slackPeople(desks, lookups, linksIn(store)) };
  return async (desk, { to, body, signal }) => {
    const { connection, channel } = await namedPlace(parts, desk, to);
    await connection.postMessage({ channel, body, lane: 'notice', signal });
  };
}

/** For where nobody listens, as in a test. */
const neverDeaf: Deafness = { since: () => undefined, endedAt: () => undefined };

function slackPeople(
  desks: Pick<Desks, 'desk'>,
  lookups: SlackLookups,
  links: ReturnType<typeof linksIn>,
): SlackPeople {
  return {
    async slackOf(desk, id) {
      const files = await desks.desk(desk);
      const person = files.people?.persons.get(id);
      const workspace = await lookups.of(desk);
      if (person === undefined) return guestAccount(id);
      const own = files.settings?.slack?.workspace ?? workspace?.workspace;
      if (person.slack) {
        const { workspace: team = own, user } = person.slack;
        return team === undefined ? undefined : { team, user };
      }
      const linked =
        files.people && own !== undefined && linkedAccount(await links(desk), id, files.people, own);
      const found =
        workspace && (await slackUserOf({ person, files, signal: new AbortController().signal }, workspace));
      if (found && workspace) return { team: workspace.workspace, user: found.id };
      return linked ? { team: linked.workspace, user: linked.user } : undefined;
    },
    async managerOf(desk, id) {
      return (await desks.desk(desk)).people?.persons.get(id)?.manager;
    },
    async workspaceOf(desk) {
      return (await lookups.of(desk))?.workspace;
    },
  };
}

/** A guest who is in no file by name is called by their account. */
function guestAccount(id: string): { readonly team: string; readonly user: string } | undefined {
  const [, team, user] = /^slack:([A-Z0-9]+)\/([A-Z0-9]+)$/.exec(id) ?? [];
  return team === undefined || user === undefined ? undefined : { team, user };
}
