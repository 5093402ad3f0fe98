// A desk as an operator's command sees it: its files, its people's accounts, its targets and its ledger, by the app's own settings and beside it.
import { randomBytes } from 'node:crypto';
import { createDeskSource, repositoryId } from '../clients/github/desk-source.ts';
import type { GitHubApp } from '../clients/github/github-app.ts';
import { gitHubPace } from '../clients/github/pace.ts';
import type { AccountSources } from '../clients/find-account.ts';
import type { Fetch } from '../clients/http/fetch.ts';
import type { Outside } from '../clients/outside.ts';
import { createDeskReader } from '../desk/desk-reader.ts';
import type { Desk, DeskSettings, People } from '../desk/desk.ts';
import { createDesks } from '../desk/desks.ts';
import type { LiveGrant } from '../domain/drift.ts';
import { noIdentities, type Identities } from '../domain/identities.ts';
import { noLinks, type Links } from '../domain/links.ts';
import type { DeskId, PersonId } from '../domain/names.ts';
import { liveGrant, type Request } from '../domain/request.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { AccessControl, AccessReports } from '../engine/ports/access.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Directory } from '../engine/ports/directory.ts';
import type { Ledger } from '../engine/ports/ledger.ts';
import type { Log } from '../engine/ports/log.ts';
import { rebuild } from '../ledger/rebuild.ts';
import { createDirectory } from '../people/directory.ts';
import type { SlackLookups } from '../people/slack-lookups.ts';
import { createAccessControl } from '../strategies/access-control.ts';
import { strategies } from '../strategies/index.ts';
import { sealingKey } from '../strategies/seal.ts';
import { createDeskLookups } from './desk-lookups.ts';
import { gitHubApp, ledgersOf } from './github-half.ts';
import { createGitHubPages, type GitHubPages } from './github-pages.ts';
import { groupKinds } from './group-kinds.ts';
import { createKeptAccounts } from './kept-accounts.ts';
import { openCode } from './open-code.ts';
import { plugIns } from './plug-ins.ts';
import { openOutside } from './open-outside.ts';
import {
  readGitHubSettings,
  readSettings,
  type DeskSetting,
  type Environment,
  type Settings,
} from './settings.ts';
import { openSlack } from './slack-half.ts';

export interface OperatorDesk {
  readonly id: DeskId;
  readonly name: string;
  /** As it is at the head of the default branch, with the files that everything here needs. */
  readonly files: Desk & { readonly settings: DeskSettings; readonly people: People };
  readonly clock: Clock;
  readonly access: AccessControl & AccessReports;
  readonly outside: Outside;
  readonly github: GitHubApp;
  readonly slack?: SlackLookups;
  readonly directory: Pick<Directory, 'belongs'>;
  readonly pages: Pick<GitHubPages, 'deskPage'>;
  /** What is known of somebody's accounts besides people.yml, as the ledger says it. Throws `Failure` as `ledger` does. */
  accountSources(person: PersonId): Promise<AccountSources>;
  /** What the ledger says now. Throws `Failure` where it cannot be read, or not be believed. */
  ledger(): Promise<LedgerNow>;
}

/** What can be known of it with the app's own key to GitHub alone; Slack only where more was opened. */
export type DeskOnGitHub = Pick<
  OperatorDesk,
  'id' | 'name' | 'files' | 'clock' | 'github' | 'pages' | 'slack'
>;

export interface LedgerNow {
  /** Whatever may be out there by a grant of ours. */
  readonly grants: readonly LiveGrant[];
  readonly identities: Identities;
  readonly links: Links;
}

export interface OperatorDeskParts {
  readonly environment: Environment;
  readonly fetch: typeof globalThis.fetch;
  /** For what a desk names; absent: guarded against this machine and its network. */
  readonly fetchForDesks?: Fetch;
  readonly clock: Clock;
}

/** Which desk was meant cannot be told. */
export class NoSuchDesk extends Error {
  override readonly name = 'NoSuchDesk';
}

/** Nobody is waiting for a log, and whoever sits and waits is told of an outage at once. */
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const pace = { ...gitHubPace, tries: 1, patience: 10_000 };

/** The only desk, unless named. Throws `NoSuchDesk`, and `Failure` where something cannot be read. */
export async function openOperatorDesk(parts: OperatorDeskParts, named?: string): Promise<OperatorDesk> {
  const read = readSettings(parts.environment);
  if (!('settings' in read))
    throw new Failure('The settings are not whole: countersign doctor says what is missing.', {
      transient: false,
    });
  const { settings } = read;
  const { id, name } = onlyDesk(settings, named);
  const around = { ...parts, log: silent, pace };
  const github = gitHubApp(settings.app, settings, around);
  const desks = desksOn(github, parts);
  const ledger = readOnce(ledgersOf(github)(id), id);
  // What a command finds is kept by nobody: it only looks.
  const book = {
    of: async () => (await ledger()).identities,
    found: async () => undefined,
  };
  const outside = openOutside(settings, around, desks, () => book);
  const store = forgetful();
  const access = createAccessControl({
    ...createDeskLookups({ desks, github, store, clock: parts.clock }),
    strategies,
    clock: parts.clock,
    outside,
    ...(settings.grantsApp && { grantsApp: gitHubApp(settings.grantsApp, settings, around) }),
    sealing: {
      keys: [settings.sealingKey].flatMap((text) => sealingKey(text ?? '') ?? []),
      nonce: () => randomBytes(12),
    },
    code: (...run) => code.ofStrategies(...run),
  });
  const slack = openSlack(settings, around, desks);
  const sources = createKeptAccounts({ desks, book: () => book });
  const directory = createDirectory({
    ...{ desks, outside, clock: parts.clock },
    groups: groupKinds({ github, ...(slack && { slack }) }),
    links: async () => (await ledger()).links,
    ...(slack && { slack: slack.lookups }),
  });
  const code = openCode(around, { desks, directory, outside, github, settings, store });
  return {
    ...{ id, name, access, outside, github, directory, ledger, clock: parts.clock },
    files: demandWhole(await desks.desk(id), name),
    ...(slack && { slack: slack.lookups }),
    pages: createGitHubPages({ github, baseUrl: settings.baseUrl }),
    accountSources: (person) => sources(id, person),
  };
}

/** For commands that need no more of the app than its key to GitHub. Throws as `openOperatorDesk` does. */
export async function openDeskOnGitHub(
  parts: Pick<OperatorDeskParts, 'environment' | 'fetch' | 'clock'>,
  named?: string,
): Promise<DeskOnGitHub> {
  const read = readGitHubSettings(parts.environment);
  if ('problems' in read)
    throw new Failure(`What leads to the desk on GitHub is not whole. ${read.problems.join(' ')}`, {
      transient: false,
    });
  const { settings } = read;
  const { id, name } = onlyDesk(settings, named);
  const github = gitHubApp(settings.app, settings, { ...parts, log: silent, pace });
  return {
    ...{ id, name, github, clock: parts.clock },
    files: demandWhole(await desksOn(github, parts).desk(id), name),
    pages: createGitHubPages({ github, baseUrl: settings.baseUrl }),
  };
}

function onlyDesk({ desks }: Pick<Settings, 'desks'>, named: string | undefined): DeskSetting {
  const names = desks.map(({ name }) => name);
  const [only, ...others] = desks.filter(({ name }) => named === undefined || name === named);
  if (only === undefined) throw new NoSuchDesk(`There is no desk “${named ?? ''}”: ${names.join(', ')}.`);
  if (others.length > 0) throw new NoSuchDesk(`Say which desk: --desk ${names.join(', or --desk ')}.`);
  return only;
}

function desksOn(
  github: GitHubApp,
  { clock }: Pick<OperatorDeskParts, 'clock'>,
): ReturnType<typeof createDesks> {
  return createDesks({
    source: createDeskSource({ github }),
    reader: createDeskReader(plugIns),
    clock,
    log: silent,
  });
}

/** A command is over soon: what it has read holds until then. */
function readOnce(ledger: Ledger, id: DeskId): () => Promise<LedgerNow> {
  let read: Promise<LedgerNow> | undefined;
  async function fromHead(): Promise<LedgerNow> {
    const head = await ledger.head();
    return head === undefined
      ? { grants: [], identities: noIdentities, links: noLinks }
      : ledgerAt(rebuild(ledger, head, id));
  }
  return () => (read ??= fromHead());
}

/** The number of its repository. */
export function repositoryOf({ id }: Pick<OperatorDesk, 'id'>): number {
  return repositoryId(id);
}

function demandWhole(desk: Desk, name: string): OperatorDesk['files'] {
  const { settings, people } = desk;
  if (settings && people) return { ...desk, settings, people };
  const file = settings ? 'people.yml' : 'countersign.yml';
  throw new Failure(`flows/${file} of ${name} is missing or broken: countersign validate says where.`, {
    transient: false,
  });
}

async function ledgerAt(files: ReturnType<typeof rebuild>): Promise<LedgerNow> {
  const grants: LiveGrant[] = [];
  let identities = noIdentities;
  let links = noLinks;
  for await (const file of files) {
    if (!file.ok)
      throw new Failure(
        `The ledger cannot be believed: ${file.problem.path}, line ${file.problem.line}. countersign audit verify says more.`,
        { transient: false },
      );
    if ('identities' in file) ({ identities, links } = file);
    else grants.push(...grantOf(file.request));
  }
  return { grants, identities, links };
}

function grantOf(request: Request): LedgerNow['grants'] {
  const grant = liveGrant(request);
  if (grant === undefined) return [];
  const { id, requester, flow, phase } = request;
  const { resource, account, wanted, before } = grant;
  const until = phase.status === 'active' ? phase.expiresAt : undefined;
  return [
    {
      ...{ request: id, person: requester.person, flow: flow.name, resource, account, wanted, before },
      ...(until && { until }),
    },
  ];
}

/** The app has its store to itself: what is remembered here is forgotten at the end. */
function forgetful(): Parameters<typeof createDeskLookups>[0]['store'] {
  const bookmarks = new Map<string, string>();
  return {
    load: async () => undefined,
    bookmark: async (name) => bookmarks.get(name),
    setBookmark: async (name, value) => void bookmarks.set(name, value),
  };
}
