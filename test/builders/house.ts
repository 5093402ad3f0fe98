// The engine's surroundings for tests: a real store on a disk in memory, a clock that a test moves, and doubles for the world.
import { goOn } from '../../src/domain/hooks.ts';
import type { PersonCommand } from '../../src/domain/commands.ts';
import type { GitHubThread, Thread } from '../../src/domain/entries.ts';
import type { Destination, Instant, RequestId } from '../../src/domain/names.ts';
import type { Refusal } from '../../src/domain/refusals.ts';
import type { Request, Status } from '../../src/domain/request.ts';
import { doorOf } from '../../src/domain/routes.ts';
import type { HeartParts } from '../../src/engine/heart.ts';
import type { AccessControl, SettleCall } from '../../src/engine/ports/access.ts';
import type { ActionCall, Actions } from '../../src/engine/ports/actions.ts';
import type { Flows } from '../../src/engine/ports/flows.ts';
import type { Ledger } from '../../src/engine/ports/ledger.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { Surface } from '../../src/engine/ports/surface.ts';
import { ledgerScribe } from '../../src/ledger/scribe.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createMemoryDisk, type MemoryDisk } from '../../src/store/memory-disk.ts';
import { createMemoryBranch, type MemoryBranch } from '../simulation/memory-ledger.ts';
import { createVirtualClock, type VirtualClock } from '../virtual-clock.ts';
import { silentCode } from './code.ts';
import { accountOf, aWorld, factsOf, type World } from './facts.ts';
import { aDesk } from './history.ts';

export interface Doubles {
  readonly surface?: Partial<Surface>;
  readonly access?: Partial<AccessControl>;
  readonly actions?: Actions;
  readonly ledger?: Partial<Ledger>;
  readonly flows?: Partial<Flows>;
  readonly disk?: MemoryDisk;
  readonly branch?: MemoryBranch;
  readonly clock?: VirtualClock;
}

/** What the doubles were told, in order. */
export interface Heard {
  readonly calls: SettleCall[];
  readonly runs: ActionCall[];
  readonly cards: { readonly status: Status; readonly to: Destination; readonly ref: string | undefined }[];
  readonly notices: string[];
  readonly answers: Refusal['code'][];
  readonly warnings: string[];
}

export interface House {
  readonly parts: HeartParts;
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly branch: MemoryBranch;
  readonly disk: MemoryDisk;
  readonly heard: Heard;
  /** Who is who now; a test may put another in its place. */
  world: World;
  /** What each account holds in the target. */
  readonly holdings: Map<string, string>;
  /** Who is no longer among the people. */
  readonly gone: Set<string>;
  /** A command as the surface hands it over. */
  says(name: string, type: 'approve' | 'deny' | 'revoke' | 'cancel', at?: Instant): PersonCommand;
  asks(name: string): PersonCommand;
  load(id: RequestId): Promise<Request>;
}

/** Signed ids never repeat, not even between two lives of the app. */
let said = 0;

export async function aHouse(doubles: Doubles = {}): Promise<House> {
  const clock = doubles.clock ?? createVirtualClock();
  const disk = doubles.disk ?? createMemoryDisk();
  const branch = doubles.branch ?? createMemoryBranch();
  const heard: Heard = { calls: [], runs: [], cards: [], notices: [], answers: [], warnings: [] };
  const log = {
    info: () => undefined,
    warn: (message: string) => void heard.warnings.push(message),
    error: (message: string) => void heard.warnings.push(message),
  };
  const store = await openEmbeddedStore({ disk, log });
  const ledger: Ledger = { ...branch.ledger, ...doubles.ledger };
  let minted = 0;
  const voice = (name: string, at = clock.now()): PersonCommand['voice'] => {
    said += 1;
    return { surface: 'github', account: accountOf(name), name, ref: `R${said}`, at };
  };
  const house: House = {
    store,
    clock,
    branch,
    disk,
    heard,
    world: aWorld(),
    holdings: new Map(),
    gone: new Set(),
    says: (name, type, at) => ({ type, voice: voice(name, at) }),
    asks: (name) => ({
      type: 'request',
      desk: aDesk,
      flow: 'production',
      form: { fields: {} },
      voice: voice(name),
      thread: threadOf(said),
    }),
    async load(id) {
      const stored = await store.load(id);
      if (stored === undefined) throw new Error(`There is no request ${id}.`);
      return stored.request;
    },
    parts: {
      clock,
      log,
      store,
      ids: { mint: () => `01JD${String((minted += 1)).padStart(22, '0')}` },
      scribe: ledgerScribe,
      ledger: () => ledger,
      desks: [aDesk],
      options: {
        now: async (question) => factsOf(house.world).get({ ask: 'options', ...question }) ?? [],
        lately: async (question) => factsOf(house.world).get({ ask: 'options', ...question }) ?? [],
      },
      code: {
        ...silentCode,
        hook: async (question) => factsOf(house.world).get({ ask: 'hook', ...question }) ?? goOn,
        approval: async () => house.world.approval,
        available: async () => house.world.available,
      },
      directory: {
        person: async (_desk, account) => factsOf(house.world).get({ ask: 'person', account }) ?? null,
        belongs: async (_desk, person, group) =>
          factsOf(house.world).get({ ask: 'belongs', person, group }) ?? false,
      },
      flows: {
        current: async (desk, name) =>
          factsOf(house.world).get({ ask: 'flow', desk, name }) ?? { missing: 'unknown-flow', known: [] },
        list: async () => house.world.flows,
        risks: async () => [],
        ...doubles.flows,
      },
      roster: { isHere: async (_desk, person) => !house.gone.has(person) },
      access: { ...accessOf(() => house), ...doubles.access },
      actions: doubles.actions ?? actionsOf(heard),
      surface: { ...surfaceOf(heard), ...doubles.surface },
    },
  };
  return house;
}

function threadOf(issue: number): GitHubThread {
  return { surface: 'github', repository: 'acme/access', issue };
}

/** On Slack, each destination is a channel of its own. */
export function threadFor(to: Destination): Thread {
  if (doorOf(to) === 'github') return threadOf(1);
  return { surface: 'slack', workspace: 'T07ACME00', channel: to, message: '1.1' };
}

function accessOf(house: () => House): AccessControl {
  return {
    look: async (_desk, _strategy, _settings, person) => {
      const account = `toy:${person}`;
      const holds = house().holdings.get(account) ?? 'none';
      return { resource: 'toy:prod', account, wanted: 'member', holds, covered: holds === 'member' };
    },
    handOver: async ({ account, request }) => ({ password: `the word of ${account} for ${request}` }),
    settle: async (call) => {
      house().heard.calls.push(call);
      const holds = [call.before, ...call.wanted].includes('member') ? 'member' : 'none';
      house().holdings.set(call.account, holds);
      return { verified: 'read-back', holds };
    },
  };
}

function actionsOf({ runs }: Heard): Actions {
  return {
    run: async (call) => {
      runs.push(call);
      return { recorded: { run: `run-${runs.length}` } };
    },
  };
}

function surfaceOf({ cards, notices, answers }: Heard): Surface {
  return {
    openThread: async () => threadOf(1),
    showCard: async ({ phase }, to, { known }) => {
      cards.push({ status: phase.status, to, ref: known?.ref });
      return known ?? { thread: threadFor(to), ref: `card-${cards.length}` };
    },
    sendNotice: async (_request, { notice, to }) => {
      notices.push(notice);
      return { thread: threadFor(to), ref: `notice-${notices.length}` };
    },
    answer: async (_command, refusal) => void answers.push(refusal.code),
    reread: async () => undefined,
  };
}
