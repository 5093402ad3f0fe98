// Makes the domain happen: takes commands durably, decides them one by one, records what was decided, and wakes who acts on it.
import type { Command, CommandOf, PersonCommand, Voice } from '../domain/commands.ts';
import { decide } from '../domain/decide.ts';
import { speaker } from '../domain/commands.ts';
import type { NewEntry } from '../domain/entries.ts';
import { sealEntries } from '../domain/entry-line.ts';
import { evolve, refusalKey } from '../domain/evolve.ts';
import type { FlowRef } from '../domain/flow.ts';
import {
  earlier,
  type Account,
  type DeskId,
  type Milliseconds,
  type PersonId,
  type RequestId,
} from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import { liveGrant, type Request } from '../domain/request.ts';
import type { Verdict } from '../domain/verdict.ts';
import { createDeskRecorder } from './desk-recorder.ts';
import { GatheredFacts, type Sources } from './gather.ts';
import { createInOrder } from './in-order.ts';
import { Failure } from './ports/failure.ts';
import { keyOf, StaleChangeError, type Change, type Envelope, type Stored } from './ports/store.ts';
import type { Clock, Ids } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Outcome, Receipt } from './ports/reception.ts';
import type { Surface } from './ports/surface.ts';
import { requestIdOf } from './request-id.ts';
import { createTurnstile } from './turnstile.ts';

export interface EngineParts extends Sources {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly surface: Surface;
}

/** Told after something was recorded. */
export interface Listener {
  recorded(request: Request, entries: readonly NewEntry[]): void;
  deskRecorded(desk: DeskId): void;
}

export type Recorded =
  | { readonly request: Request; readonly entries: readonly NewEntry[] }
  | { readonly refusal: Refusal; readonly request: Request | undefined };

/** More rounds of questions than any decision needs. */
const maxRounds = 8;
/** How often somebody else may record first before we wait for the next tick. */
const maxRaces = 20;
/** A crowd of strangers can fill neither a request's file nor its thread with refusals: after so many we fall silent. */
const maxRefusalsRecorded = 50;

export interface Engine {
  accept(command: PersonCommand, about?: RequestId): Promise<Receipt>;
  outcome(receipt: Receipt, within: Milliseconds): Promise<Outcome>;
  /** Decides a command of the clock or the reconciler at once. */
  submit(id: RequestId, command: Exclude<Command, PersonCommand>): Promise<Recorded | undefined>;
  /** The same, after every command of people that was accepted before; a `Failure` where one of them cannot be decided now. */
  submitInTurn(id: RequestId, command: Exclude<Command, PersonCommand>): Promise<Recorded | undefined>;
  /** Takes up whatever was accepted and is not settled: after a start, and whatever failed since. */
  resume(): Promise<void>;
  listen(listener: Listener): void;
  /** Resolves once nothing is being decided. */
  idle(): Promise<void>;
}

/** Of a command that was taken just now: what becomes of it is told once. */
class Expectant implements Receipt {
  readonly state = 'accepted';
  readonly request: RequestId;
  readonly #told: Promise<Outcome>;

  constructor(request: RequestId, told: Promise<Outcome>) {
    this.request = request;
    this.#told = told;
  }

  get told(): Promise<Outcome> {
    return this.#told;
  }
}

export function createEngine(parts: EngineParts): Engine {
  const { clock, ids, log, store, surface } = parts;
  const turnstile = createTurnstile();
  const listeners: Listener[] = [];
  const deskRecorder = createDeskRecorder(parts);
  /** Who waits for what becomes of a command. */
  const untold = new Map<number, (outcome: Outcome) => void>();

  async function accept(command: PersonCommand, about?: RequestId): Promise<Receipt> {
    const receivedAt = clock.now();
    const voice: Voice = { ...command.voice, at: earlier(command.voice.at, receivedAt) };
    const key = keyOf(voice);
    const request = about ?? requestIdOf(key, voice.at);
    const taken = await store.accept({ key, request, receivedAt, command: { ...command, voice } });
    if ('known' in taken) return { request: taken.known, state: 'known' };
    const told = new Promise<Outcome>((resolve) => untold.set(taken.accepted.position, resolve));
    inOrder.take(taken.accepted);
    return new Expectant(request, told);
  }

  const inOrder = createInOrder({
    clock,
    log,
    turnstile,
    waiting: () => store.waiting(),
    decide: settle,
    isEnding: ({ command }) => endings.has(command.type),
    async hasAccess(request) {
      const status = (await store.load(request))?.request.phase.status;
      return status === 'approved' || status === 'escalating' || status === 'active';
    },
    async answer({ command, position }, refusal) {
      await answer(command, refusal);
      await store.save({ settles: position });
    },
  });

  async function settle(envelope: Envelope): Promise<Refusal | undefined> {
    const { position, request: id, command } = envelope;
    const recorded = await conclude(id, command, position);
    if (recorded === undefined) return undefined;
    const logged = { command: command.type, door: command.voice.surface, request: id };
    if ('refusal' in recorded) {
      log.info('A command was refused', { ...logged, refusal: recorded.refusal.code });
      tell(position, { refused: recorded.refusal });
      return recorded.refusal;
    }
    log.info('A command was recorded', logged);
    tell(position, { done: recorded.request });
    return undefined;
  }

  async function answer(command: PersonCommand, refusal: Refusal): Promise<void> {
    try {
      await surface.answer(command, refusal);
    } catch (error) {
      if (!(error instanceof Failure) || error.transient) throw error;
      log.warn('A refusal could not be answered', { code: refusal.code, error: error.message });
    }
  }

  /** Decides and records, again from the start where somebody else recorded first. */
  async function conclude(id: RequestId, command: Command, position?: number): Promise<Recorded | undefined> {
    for (let others = 0; ; others += 1) {
      const stored = await store.load(id);
      try {
        return await concludeOnce(id, command, stored, position);
      } catch (error) {
        if (!(error instanceof StaleChangeError) || others >= maxRaces) throw error;
      }
    }
  }

  async function concludeOnce(
    id: RequestId,
    command: Command,
    stored: Stored | undefined,
    position?: number,
  ): Promise<Recorded | undefined> {
    const settles = position === undefined ? {} : { settles: position };
    if (stored === undefined && command.type !== 'request') {
      await store.save(settles);
      return undefined;
    }
    const desk = stored?.request.desk ?? deskOf(command);
    const hindrance = await hindered(command, stored, desk);
    const verdict = hindrance
      ? { refusal: hindrance, flow: undefined }
      : await judge(command.type === 'request' ? { ...command, id } : command, stored?.request, desk);
    if ('refusal' in verdict) return refuse(command, verdict.refusal, stored, position);
    if (verdict.entries.length === 0) {
      await store.save(settles);
      return stored && { request: stored.request, entries: [] };
    }
    const flow = stored?.request.flow ?? verdict.flow;
    if (flow === undefined) throw new Error(`A request was made without a flow: ${id}.`);
    const request = await record(id, flow, verdict.entries, stored?.request, settles);
    return { request, entries: verdict.entries };
  }

  /** What keeps a whole desk from deciding or taking requests. Ending access is never hindered. */
  async function hindered(
    command: Command,
    stored: Stored | undefined,
    desk: DeskId,
  ): Promise<Refusal | undefined> {
    if (!decisive.has(command.type) || !('voice' in command)) return undefined;
    if (command.type === 'deny' && stored && liveGrant(stored.request)) return undefined;
    const cursor = await store.cursor(desk);
    if (cursor?.diverged !== undefined) return { code: 'desk-frozen', why: cursor.diverged };
    const rebuiltAt = await store.bookmark(rebuiltBookmark(desk));
    if (
      stored &&
      rebuiltAt !== undefined &&
      command.voice.at < rebuiltAt &&
      command.voice.at < stored.request.lastAt
    )
      if (!stored.request.heard.includes(command.voice.ref)) return { code: 'please-repeat' };
    if (command.type !== 'request') return undefined;
    const risks = await parts.flows.risks(desk);
    return risks.length > 0 ? { code: 'desk-unsafe', risks } : undefined;
  }

  async function judge(
    command: Command,
    request: Request | undefined,
    desk: DeskId,
  ): Promise<Verdict & { readonly flow?: FlowRef }> {
    const facts = new GatheredFacts(desk, parts);
    for (let round = 0; round < maxRounds; round += 1) {
      const decision = decide(command, request, facts, clock.now());
      if (!('needs' in decision)) return { ...decision, ...flowOf(command, facts) };
      await facts.answer(decision.needs);
    }
    throw new Error(`The decision on ${command.type} keeps asking.`);
  }

  async function record(
    id: RequestId,
    flow: FlowRef,
    entries: readonly NewEntry[],
    before: Request | undefined,
    also: Pick<Change, 'settles' | 'refuses'>,
  ): Promise<Request> {
    const now = clock.now();
    const lines = sealEntries(entries, {
      request: id,
      flow,
      after: before,
      at: now,
      mint: () => ids.mint(now),
    });
    const request = lines.reduce<Request | undefined>(
      (state, { entry, line }) => evolve(state, entry, line),
      before,
    );
    if (request === undefined) throw new Error(`Nothing was recorded of ${id}.`);
    await store.save({ ...also, append: { request, lines, afterSeq: before?.seq ?? 0 } });
    for (const listener of listeners) listener.recorded(request, entries);
    return request;
  }

  /** Refused attempts are entries too: once for each account and reason. The answer is owed until it was given. */
  async function refuse(
    command: Command,
    refusal: Refusal,
    stored: Stored | undefined,
    position?: number,
  ): Promise<Recorded | undefined> {
    const request = stored?.request;
    if (!('voice' in command) || position === undefined) return { refusal, request };
    const { account } = command.voice;
    const isSaid = request?.refused.includes(refusalKey(account, refusal.code)) ?? false;
    if (isSaid || (request && request.refused.length >= maxRefusalsRecorded)) {
      await store.save({ settles: position });
      tell(position, { refused: refusal });
      return undefined;
    }
    const also = { refuses: { position, refusal } };
    if (request === undefined && command.type === 'request') {
      await refuseAtDesk(command, refusal, also);
      return { refusal, request };
    }
    if (request === undefined) {
      await store.save(also);
      return { refusal, request };
    }
    const person = await parts.directory.person(request.desk, account);
    const by = speaker(command.voice, person);
    const entry: NewEntry = { type: 'refused', by, data: { command: command.type, code: refusal.code } };
    return { refusal, request: await record(request.id, request.flow, [entry], request, also) };
  }

  /** What never became a request is recorded by the desk. */
  async function refuseAtDesk(
    { desk, flow, voice }: CommandOf<'request'>,
    { code }: Refusal,
    also: Pick<Change, 'refuses'>,
  ): Promise<void> {
    const by = speaker(voice, await personIfKnown(desk, voice.account));
    await deskRecorder.refused(desk, { by, flow, code }, also);
    for (const listener of listeners) listener.deskRecorded(desk);
  }

  /** Nobody was let in, so the account says enough: a lookup that fails does not keep the answer back. */
  async function personIfKnown(desk: DeskId, account: Account): Promise<PersonId | null> {
    try {
      return await parts.directory.person(desk, account);
    } catch (error) {
      if (error instanceof Failure) return null;
      throw error;
    }
  }

  function tell(position: number, outcome: Outcome): void {
    untold.get(position)?.(outcome);
    untold.delete(position);
  }

  async function outcome(receipt: Receipt, within: Milliseconds): Promise<Outcome> {
    const told = receipt instanceof Expectant ? receipt.told : standing(receipt);
    const stop = new AbortController();
    const tooLong = clock.sleep(within, stop.signal).then((): Outcome => ({ working: true }));
    const first = await Promise.race([told, tooLong]);
    stop.abort();
    return first;
  }

  /** Of what was said before, all that can be said is how the request stands. */
  async function standing({ request }: Receipt): Promise<Outcome> {
    const stored = await store.load(request);
    return stored ? { done: stored.request } : { working: true };
  }

  return {
    accept,
    outcome,
    submit: (id, command) => conclude(id, command),
    async submitInTurn(id, command) {
      const upTo = await inOrder.past(id);
      return turnstile.pass(id, async () => {
        const waiting = await store.waiting(id);
        if (waiting.some(({ refusal, position }) => refusal === undefined && position <= upTo))
          throw new Failure('What people said about it waits to be decided first.', { transient: true });
        return conclude(id, command);
      });
    },
    resume: inOrder.resume,
    listen: (listener) => void listeners.push(listener),
    idle: inOrder.idle,
  };
}

/** What gives access, makes it last, lets somebody have it again or takes a wish away; all else only ends it, or says what came of it. */
const decisive: ReadonlySet<Command['type']> = new Set(['request', 'approve', 'deny', 'extend', 'review']);

/** Once there is access, these take it away, or the wish for more. */
const endings: ReadonlySet<Command['type']> = new Set(['revoke', 'cancel', 'deny']);

/** When a desk was last rebuilt from its ledger: older commands may have been decided before and forgotten. */
export function rebuiltBookmark(desk: DeskId): string {
  return `rebuilt ${desk}`;
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

function deskOf(command: Command): DeskId {
  if (command.type !== 'request') throw new Error(`A ${command.type} names no desk.`);
  return command.desk;
}

function flowOf(command: Command, facts: GatheredFacts): { readonly flow?: FlowRef } {
  if (command.type !== 'request') return {};
  const answer = facts.get({ ask: 'flow', desk: command.desk, name: command.flow });
  return answer && 'flow' in answer ? { flow: answer.flow.ref } : {};
}
