// One thread that runs a desk's code, seen from outside: one call at a time, watched, and ended where it does not behave.
import { Worker } from 'node:worker_threads';
import { between, type Milliseconds } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type {
  AnswerMessage,
  Asked,
  CallMessage,
  FromRoom,
  RoomOutcome,
  RoomWork,
  ToRoom,
  Turn,
} from './messages.ts';

export interface RoomCall {
  readonly message: CallMessage;
  /** Performs an outside call; never rejects. */
  perform(asked: Asked, signal: AbortSignal): Promise<AnswerMessage>;
  readonly signal?: AbortSignal;
}

export interface RoomResult {
  readonly outcome:
    RoomOutcome | { readonly kind: 'given-up'; readonly text: string; readonly isSound: false };
  readonly said: readonly string[];
  readonly unsaid: number;
}

export interface Room {
  /** Never rejects. After an outcome that is not sound the room is to be ended. */
  run(call: RoomCall): Promise<RoomResult>;
  end(): Promise<void>;
}

interface Current {
  readonly call: RoomCall;
  readonly said: string[];
  unsaid: number;
  /** Messages in the thread that it has not answered by a turn. */
  inside: number;
  waitLeft: Milliseconds;
  /** Ends the outside calls, once there are any. */
  over: AbortController | undefined;
  /** While it waits for the outside. */
  waiting: AbortController | undefined;
  resolve(result: RoomResult): void;
}

/** Beyond what the engine allows itself, before the thread is ended: a loop within the engine hears no interruption. */
const graceMs: Milliseconds = 1000;
/** Nothing of a desk runs before it has started: where that takes long, the machine is busy. */
const startMs: Milliseconds = 60_000;

export function openRoom(work: RoomWork, clock: Clock): Room {
  const { limits } = work;
  const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
    workerData: { entry: 'room-worker', work },
    env: {},
    execArgv: [],
    // What the engine prints as it breaks is of no use to anybody.
    stdout: true,
    stderr: true,
    // The sandbox's own memory lies outside of this.
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
  });
  // An idle room keeps no process alive; a call does, by its timer.
  worker.unref();
  let current: Current | undefined;
  let broken: RoomOutcome | undefined;
  let isReady = false;
  let watch: NodeJS.Timeout | undefined;

  worker.on('message', (message: FromRoom) => {
    if (message.type === 'turn') return take(message);
    isReady = true;
    if (current) send(current, current.call.message);
  });
  worker.on('error', (error) => {
    const isMemory = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    fail(isMemory ? 'memory' : 'crashed', 'The thread that ran it broke.');
  });
  worker.on('exit', () => fail('crashed', 'The thread that ran it ended.'));

  function send(to: Current, message: ToRoom): void {
    worker.postMessage(message);
    to.inside += 1;
    to.waiting?.abort();
    // Real time, whatever clock is injected: it is a real processor that is held.
    if (to.inside === 1) startWatch();
  }

  function startWatch(): void {
    clearTimeout(watch);
    const ms = limits.computeMs + graceMs;
    watch = setTimeout(() => fail('timeout', 'It went on computing, and was ended.'), ms);
  }

  function take({ asked = [], said = [], unsaid = 0, outcome }: Turn): void {
    const call = current;
    if (call === undefined) return;
    call.inside -= 1;
    call.said.push(...said);
    call.unsaid += unsaid;
    if (outcome) return finish(call, outcome);
    for (const each of asked) void perform(call, each);
    if (call.inside > 0) return startWatch();
    clearTimeout(watch);
    void wait(call);
  }

  async function perform(call: Current, asked: Asked): Promise<void> {
    const answer = await call.call.perform(asked, (call.over ??= new AbortController()).signal);
    if (current === call) send(call, answer);
  }

  /** By the injected clock: nothing runs here meanwhile, and it is others that are waited for. */
  async function wait(call: Current): Promise<void> {
    const waiting = new AbortController();
    call.waiting = waiting;
    const from = clock.now();
    await clock.sleep(call.waitLeft, waiting.signal);
    call.waitLeft -= between(from, clock.now());
    if (waiting.signal.aborted || current !== call) return;
    fail('timeout', `It waited for longer than ${limits.waitMs} ms for what it asked for.`);
  }

  function fail(kind: RoomOutcome['kind'] | 'given-up', message: string): void {
    const outcome = { kind, text: JSON.stringify({ message }), isSound: false } as const;
    if (kind !== 'given-up') broken ??= { ...outcome, kind };
    if (current) finish(current, outcome);
  }

  function finish(call: Current, outcome: RoomResult['outcome']): void {
    current = undefined;
    clearTimeout(watch);
    call.over?.abort();
    call.waiting?.abort();
    call.resolve({ outcome, said: call.said, unsaid: call.unsaid });
  }

  return {
    run(call) {
      return new Promise((resolve) => {
        const giveUp = (): void => fail('given-up', 'It was given up.');
        current = {
          call,
          said: [],
          unsaid: 0,
          inside: 0,
          waitLeft: limits.waitMs,
          over: undefined,
          waiting: undefined,
          resolve(result) {
            call.signal?.removeEventListener('abort', giveUp);
            resolve(result);
          },
        };
        if (broken) return finish(current, broken);
        if (call.signal?.aborted) return giveUp();
        call.signal?.addEventListener('abort', giveUp, { once: true });
        if (isReady) send(current, call.message);
        else watch = setTimeout(() => fail('crashed', 'The sandbox did not start in time.'), startMs);
      });
    },
    async end() {
      fail('crashed', 'The room was closed.');
      await worker.terminate();
    },
  };
}
