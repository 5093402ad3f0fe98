// What people said about a request is decided in the order of its receipt: what cannot be decided now is not overtaken.
import type { RequestId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import { createBackOff } from './back-off.ts';
import type { Clock, Envelope, Log } from './ports.ts';
import type { Turnstile } from './turnstile.ts';

export interface InOrderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly turnstile: Turnstile;
  /** Throws where it cannot be decided now. The refusal, where one is owed. */
  decide(envelope: Envelope): Promise<Refusal | undefined>;
  /** Throws where it cannot be said now. */
  answer(envelope: Envelope, refusal: Refusal): Promise<void>;
  /** Accepted and not yet settled, in order of receipt; of one request, where it is named. */
  waiting(about?: RequestId): Promise<readonly Envelope[]>;
}

export interface InOrder {
  /** As soon as all that was said before it is decided. */
  take(envelope: Envelope): void;
  /** Takes up again what could not be decided or answered, ever less often. */
  resume(): Promise<void>;
  idle(): Promise<void>;
}

export function createInOrder(parts: InOrderParts): InOrder {
  const { clock, log, turnstile } = parts;
  const backOff = createBackOff();
  const working = new Map<number, Promise<void>>();
  const catching = new Set<Promise<void>>();
  const undecided = new Map<RequestId, Set<number>>();

  function take(envelope: Envelope): void {
    const { position, request } = envelope;
    const isBehind = begin(envelope);
    if (!isBehind || envelope.refusal !== undefined) return;
    const run = catchUp(request, position)
      .catch((error: unknown) =>
        log.warn('What waits could not be looked up', { request, error: say(error) }),
      )
      .finally(() => catching.delete(run));
    catching.add(run);
  }

  /** Whether something that was said before it is not decided yet. */
  function begin(envelope: Envelope): boolean {
    const { position, request } = envelope;
    if (working.has(position)) return false;
    if (envelope.refusal === undefined)
      undecided.set(request, (undecided.get(request) ?? new Set()).add(position));
    const work = settle(envelope)
      .catch((error: unknown) => {
        // It stays waiting, and is taken up again with a later tick.
        log.warn('A command could not be decided now', { request, error: say(error) });
      })
      .finally(() => working.delete(position));
    working.set(position, work);
    return isOvertaking(request, position);
  }

  /** Whoever says something more does not wait for the next tick: what was said before is tried again. */
  async function catchUp(request: RequestId, position: number): Promise<void> {
    await working.get(position);
    for (const envelope of await parts.waiting(request)) if (envelope.refusal === undefined) begin(envelope);
  }

  function isOvertaking(request: RequestId, position: number): boolean {
    // Mostly the first tells: a crowd must not be counted for each of it.
    for (const other of undecided.get(request) ?? []) if (other < position) return true;
    return false;
  }

  /** Only deciding is done in turn: an answer may wait for GitHub for long, and a revoke must not wait for an answer. */
  async function settle(envelope: Envelope): Promise<void> {
    const refusal =
      envelope.refusal ?? (await turnstile.pass(envelope.request, () => decideUnlessBehind(envelope)));
    if (refusal === undefined) return;
    await keepTrying(answerKey(envelope), () => parts.answer(envelope, refusal));
  }

  async function decideUnlessBehind(envelope: Envelope): Promise<Refusal | undefined> {
    const { position, request } = envelope;
    if (isOvertaking(request, position)) return undefined;
    const refusal = await keepTrying(request, () => decideInTurn(envelope));
    const left = undecided.get(request);
    left?.delete(position);
    if (left?.size === 0) undecided.delete(request);
    return refusal;
  }

  /** Wishes of one account come one by one: each is judged by how often they have asked. */
  async function decideInTurn(envelope: Envelope): Promise<Refusal | undefined> {
    const { command } = envelope;
    const decide = () => parts.decide(envelope);
    return command.type === 'request'
      ? turnstile.pass(`${command.desk} ${command.flow} ${command.voice.account}`, decide)
      : decide();
  }

  async function keepTrying<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      backOff.succeeded(key);
      return result;
    } catch (error) {
      backOff.failed(key, clock.now());
      throw error;
    }
  }

  return {
    take,
    async resume() {
      const now = clock.now();
      for (const envelope of await parts.waiting()) {
        const key = envelope.refusal === undefined ? envelope.request : answerKey(envelope);
        if (!backOff.isWaiting(key, now)) begin(envelope);
      }
    },
    async idle() {
      while (working.size + catching.size > 0) await Promise.all([...working.values(), ...catching]);
    },
  };
}

function say(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

function answerKey({ position }: Envelope): string {
  return `answer ${position}`;
}
