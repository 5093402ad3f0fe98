// The only place that knows everything: puts the parts together from the settings, and nothing else.
import { randomBytes } from 'node:crypto';
import { actionKinds } from '../actions/index.ts';
import { createActions } from '../actions/run-actions.ts';
import { createDeskSafety, type AcceptableRisk } from '../clients/github/desk-safety.ts';
import { createDeskSource, repositoryId } from '../clients/github/desk-source.ts';
import { withRecentPlaces } from '../clients/github/recent-places.ts';
import { standingGrants } from '../desk/change/pair-flows.ts';
import { createDeskReader } from '../desk/desk-reader.ts';
import { createDesks, disabledFlows } from '../desk/desks.ts';
import type { DeskId } from '../domain/names.ts';
import { describe } from '../engine/engine.ts';
import { createErrorChannel, type ErrorChannel } from '../engine/error-channel.ts';
import { joinDoors } from '../engine/doors.ts';
import { createHeart, type Heart } from '../engine/heart.ts';
import type { Clock, Ids } from '../engine/ports/clock.ts';
import type { Flows } from '../engine/ports/flows.ts';
import type { Log } from '../engine/ports/log.ts';
import type { Problem } from '../engine/problems.ts';
import { createPrompts } from '../engine/prompts.ts';
import { watchDesks, type DeskWatch } from '../engine/watch-desks.ts';
import { watchDrift, type DriftWatch } from '../engine/watch-drift.ts';
import { watchCode } from '../engine/watch-code.ts';
import { watchLookups } from '../engine/watch-lookups.ts';
import { watchRequests } from '../engine/watch-requests.ts';
import { ledgerScribe } from '../ledger/scribe.ts';
import { linksIn } from '../engine/link-book.ts';
import { recentRequests } from '../engine/recent-requests.ts';
import { createDirectory } from '../people/directory.ts';
import { createLinking } from '../people/linking.ts';
import { createRoster } from '../people/roster.ts';
import { isDamaged } from '../store/damage.ts';
import type { Disk } from '../store/disk.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { createOptionLists } from '../prefetch/option-lists.ts';
import { optionSources } from '../prefetch/index.ts';
import { createAccessControl } from '../strategies/access-control.ts';
import { strategies } from '../strategies/index.ts';
import { sealingKey } from '../strategies/seal.ts';
import { connectGitHub, type GitHubConnection } from '../surfaces/github/connect-github.ts';
import type { Fetch } from '../clients/http/fetch.ts';
import type { SlackApp } from '../clients/slack/slack-app.ts';
import type { SlackConnection } from '../surfaces/slack/connect-slack.ts';
import type { Deafness } from '../surfaces/slack/surface.ts';
import { botLoginOf, gitHubApp, ledgersOf } from './github-half.ts';
import { createGitHubPages } from './github-pages.ts';
import { createLookUpGroup } from './look-up-group.ts';
import { createLookUpSlack } from './look-up-slack.ts';
import { createJudge } from '../surfaces/github/flow-check/judge-apart.ts';
import { createDeskLookups } from './desk-lookups.ts';
import { filesNow } from './files-now.ts';
import { seeCode } from '../hooks/see-code.ts';
import { openCode } from './open-code.ts';
import { groupKinds } from './group-kinds.ts';
import { secretGrants } from './secrets/secrets.ts';
import { openOutside } from './open-outside.ts';
import { plugIns } from './plug-ins.ts';
import { openMail, type MailHalf } from './mail-half.ts';
import { rebuild } from './rebuild.ts';
import { remembered } from './remembered.ts';
import type { Settings } from './settings.ts';
import { createSlackErrors, forwardingRooms, type SlackErrors } from './slack-errors.ts';
import { connectToSlack, openSlack, postsOfCode } from './slack-half.ts';

export interface Surroundings {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly fetch: typeof globalThis.fetch;
  /** For what a desk names; absent: guarded against this machine and its network. */
  readonly fetchForDesks?: Fetch;
  readonly disk: Disk;
  /** Whether what people do on Slack reaches us. */
  readonly deafness?: Deafness;
}

export interface Composition {
  readonly heart: Heart;
  readonly github: GitHubConnection;
  /** Absent where Slack is not set up. */
  readonly slack?: {
    readonly app: SlackApp;
    readonly connection: SlackConnection;
    readonly errors: SlackErrors;
  };
  /** Absent where mail is not set up. */
  readonly mail?: MailHalf;
  readonly store: EmbeddedStore;
  readonly errors: ErrorChannel;
  readonly watch: DeskWatch;
  readonly drift: DriftWatch;
  /** A desk's files changed. */
  invalidate(desk: DeskId): void;
  /** Ends the threads in which code of desks runs. */
  stopCode(): Promise<void>;
  /** Reads a desk as it is now, so that what is broken in it is recorded before anybody asks. Never throws. */
  look(desk: DeskId): Promise<void>;
}

/** Throws `Failure` where GitHub or the disk does not let us begin. */
export async function compose(settings: Settings, around: Surroundings): Promise<Composition> {
  const { clock, log } = around;
  const deskIds = settings.desks.map(({ id }) => id);
  const github = gitHubApp(settings.app, settings, around);
  const places = withRecentPlaces(github, clock);
  const ledger = ledgersOf(places);
  const store = await openEmbeddedStore({ disk: around.disk, log });
  await rebuild({
    ...around,
    store,
    isDamaged: isDamaged(store.recovery),
    ledger,
    desks: deskIds,
  });
  if (isDamaged(store.recovery)) await store.noteRebuilt();

  const errors: ErrorChannel = createErrorChannel({
    store,
    clock,
    log,
    desks: deskIds,
    place: {
      show: (...shown) => connection.errorPlace.show(...shown),
      tell: (...told) => connection.errorPlace.tell(...told),
    },
    ...(settings.slack && { rooms: forwardingRooms(() => onSlack?.errorRooms) }),
  });
  await errors.start();
  if (isDamaged(store.recovery)) for (const desk of deskIds) errors.raise(desk, storeRebuilt);
  const lookupWatch = watchLookups({ errors, clock });

  const botLogin = await remembered({ store, clock }, 'bot login', () => botLoginOf(github));
  const files = createDeskSource({ github });
  const source: typeof files = {
    ...files,
    head: (desk) => lookupWatch.seen(desk, deskFiles, () => files.head(desk)),
    read: (desk, commit) => lookupWatch.seen(desk, deskFiles, () => files.read(desk, commit)),
  };
  const reader = createDeskReader(plugIns);
  const desks = createDesks({
    source,
    reader,
    clock,
    log,
    headChanged(id, desk) {
      watch.noteFiles(id, filesNow(desk));
      heart.noteFiles(id);
      heart.noteDisabledFlows(id, desk.commit, disabledFlows(desk)).catch((error: unknown) => {
        log.error('Broken flows could not be recorded', { desk: id, error: describe(error) });
      });
    },
  });
  const lookups = createDeskLookups({ desks, github: places, store, clock });
  const safety = createDeskSafety({
    github,
    source,
    clock,
    accepted: (desk) => acceptedRisks(settings, desk),
  });
  const flows: Flows = {
    current: desks.current,
    list: desks.list,
    risks: async (desk) => (await safety.risks(desk)).map(({ sentence }) => sentence),
  };
  const outside = openOutside(settings, around, desks, () => heart.identities);
  const ways = {
    ...lookups,
    clock,
    outside,
    ...(settings.grantsApp && { grantsApp: gitHubApp(settings.grantsApp, settings, around) }),
  };
  const access = createAccessControl({
    ...ways,
    strategies,
    sealing: {
      keys: [settings.sealingKey].flatMap((text) => sealingKey(text ?? '') ?? []),
      nonce: () => randomBytes(12),
    },
    code: (...run) => code.ofStrategies(...run),
  });
  const options = lookupWatch.options(
    createOptionLists({
      ...ways,
      ...{ github, sources: optionSources },
      code: (...run) => code.options(...run),
    }),
  );
  const slack = openSlack(settings, around, desks);
  const directory = createDirectory({
    desks,
    groups: groupKinds({ github, ...(slack && { slack }) }),
    clock,
    outside,
    links: linksIn(store),
    ...(slack && { slack: slack.lookups }),
  });
  const watched = lookupWatch.directory(directory);
  const code = openCode(around, {
    ...{ desks, directory: watched, outside, github, settings, store },
    ...(slack && { post: postsOfCode(slack, desks, store) }),
  });
  const codeWatched = watchCode(errors, code.code);
  const linking = createLinking({
    ...{ desks, served: deskIds, directory, clock },
    book: () => heart.links,
    identities: () => heart.identities,
    ...(slack && { slack: slack.lookups }),
    secret: () => randomBytes(10).toString('hex').toUpperCase(),
    nameOf: async (workspace) =>
      (await (await slack?.app.connection(workspace))?.identity())?.teamName ?? workspace,
  });
  const requestWatch = watchRequests({ store, clock, errors, desks: deskIds });
  const watch = watchDesks({
    ...{ store, clock, flows, errors, desks: deskIds },
    longestWait: () => github.longestWait(),
  });
  const connection = connectGitHub({
    github: places,
    botLogin,
    desks: deskIds,
    people: lookups,
    flows,
    bookmarks: store,
    clock,
    log,
    reception: () => heart.reception,
    errors: () => errors,
    readFlowsAt: files.at,
    lookUpGroup: createLookUpGroup({ desks, directory }),
    seeCode: (desk, version) => seeCode(code.rooms, desk, version),
    lookUpSlack: createLookUpSlack(slack && { ...slack, clock }),
    inForce: async (desk) => ({
      grants: standingGrants(await desks.desk(desk)),
      requests: await recentRequests(store, desk),
      secrets: secretGrants(settings, desk),
    }),
    judge: createJudge({ ...plugIns, clock }),
    linking,
    overheard: (remark) => onSlack?.carry(remark),
  });
  const pages = createGitHubPages({ github: places, baseUrl: settings.baseUrl });
  const onSlack =
    slack &&
    connectToSlack(slack, around, {
      desks,
      flows,
      served: deskIds,
      deskNames: new Map(settings.desks.map(({ id, name }) => [id, name])),
      directory: watched,
      admins: lookups.admins,
      ...{ options, prompts: createPrompts({ code: codeWatched, clock }) },
      pages,
      reception: () => heart.reception,
      store,
      linking,
      overheard: (remark) => connection.carry(remark),
    });
  const slackErrors =
    slack &&
    onSlack &&
    createSlackErrors({
      ...{ app: slack.app, connection: onSlack, deafness: around.deafness },
      ...{ clock, errors, desks: deskIds },
    });
  const mail = openMail(settings, around, {
    directory: watched,
    flows,
    pages,
    reception: () => heart.reception,
  });
  const heart: Heart = createHeart({
    ...around,
    store,
    ledger,
    scribe: ledgerScribe,
    desks: deskIds,
    directory: watched,
    flows,
    access: lookupWatch.access(access),
    options,
    actions: createActions({ ...ways, kinds: actionKinds, code: code.actions }),
    code: codeWatched,
    surface: joinDoors({
      github: connection.surface,
      ...(onSlack && { slack: onSlack.surface }),
      ...(mail && { email: mail.surface }),
    }),
    recorded: requestWatch.recorded,
    roster: createRoster({ desks, directory: watched }),
  });
  requestWatch.start().catch((error: unknown) => {
    log.error('What a crash may have hidden could not be looked at', { error: describe(error) });
  });
  return {
    heart,
    github: connection,
    ...(slack &&
      onSlack &&
      slackErrors && { slack: { app: slack.app, connection: onSlack, errors: slackErrors } }),
    ...(mail && { mail }),
    store,
    errors,
    watch,
    drift: watchDrift({ ...around, store, desks: deskIds, flows, access, errors }),
    stopCode: () => code.rooms.stop(),
    invalidate(desk) {
      desks.invalidate(desk);
      places.forget(repositoryId(desk));
    },
    async look(desk) {
      await desks
        .desk(desk)
        .then(() => watch.lookOutside(desk))
        .catch((error: unknown) => log.warn('A desk cannot be read now', { desk, error: describe(error) }));
      await slackErrors?.lookAtChannels(desk).catch((error: unknown) => {
        log.warn('The error channels of a desk cannot be looked at now', { desk, error: describe(error) });
      });
    },
  };
}

const storeRebuilt: Problem = {
  key: 'store-rebuilt',
  kind: 'store-rebuilt',
  what: 'Part of the store on disk could not be read at the start; open requests, grants and deadlines came back from the ledger.',
  times: 'again',
};

function acceptedRisks({ desks }: Settings, desk: DeskId): readonly AcceptableRisk[] {
  return desks.find(({ id }) => id === desk)?.acceptedRisks ?? [];
}

const deskFiles = 'The files of the desk';
