// What a call of a desk's hook costs against the same event as a bare message to a warm thread and back.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../src/app/system.ts';
import { deskId, parseInstant } from '../../src/domain/names.ts';
import { createCodeRooms, type CodeCall } from '../../src/hooks/code-rooms.ts';
import { exampleEvents } from '../../src/hooks/example-events.ts';
import type { Json } from '../../src/sdk/json.ts';
import type { Figure } from './figure.ts';

const rounds = 7;
const calls = 500;
const streak = 20;
/** The engine's own compiler has to have been through it. */
const warmUp = 2000;

const onCall = 'on call';
const code = `import { approve, type OnHook } from 'countersign/sdk';
export const on_request: OnHook<'request'> = async ({ request, flow }) => {
  const isOnCall = request.approvals.some(({ message = '' }) => message.includes('${onCall}'));
  return isOnCall && flow.environment === 'prod' ? approve({ reason: 'On call.' }) : undefined;
};
`;

export const hookVsMessage: Figure = {
  name: 'hook-vs-message',
  bar: 3,
  better: 'lower',
  meaning:
    'How many times what a bare message of some 2 KB takes, to a warm thread and back, a call of a hook with that event takes.',
  async measure() {
    const rooms = createCodeRooms({ capabilities: {}, clock: systemClock, log: silence });
    const letSleep = keepAwake();
    const echo = new Worker(new URL('./echo-thread.mjs', import.meta.url));
    const message = async (): Promise<void> => {
      const answered = once(echo, 'message');
      echo.postMessage(event);
      await answered;
    };
    const hook = async (): Promise<void> => {
      const ran = await rooms.run(call);
      if (!ran.ok || JSON.stringify(ran.answer) !== '{"answer":"approve","reason":"On call."}')
        throw new Error('The hook did not answer as it should.');
    };
    try {
      // Warm, both of them.
      for (let n = 0; n < warmUp; n += 1) await hook().then(message);
      const ratios: number[] = [];
      for (let round = 0; round < rounds; round += 1) ratios.push(await ratioOf(hook, message));
      return ratios;
    } finally {
      letSleep();
      await Promise.all([rooms.stop(), echo.terminate()]);
    }
  },
};

/**
 * A core that dozes off while it waits takes longer to wake than either of the two takes, and dozes deeper the longer it
 * waits: that would measure the machine. Whoever computes on it in the least important way keeps it from that.
 */
function keepAwake(): () => void {
  const idlers = Array.from({ length: availableParallelism() }, () => {
    const idler = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    if (idler.pid !== undefined) setPriority(idler.pid, constants.priority.PRIORITY_LOW);
    return idler;
  });
  return () => idlers.forEach((idler) => idler.kill('SIGKILL'));
}

const event = longEvent();
const call: CodeCall = {
  desk: deskId('bench', 1),
  commit: 'bench',
  files: { 'flows/bench.ts': code },
  file: 'flows/bench.ts',
  export: 'on_request',
  input: event,
  at: parseInstant(exampleEvents.request.at) ?? fail(),
};

/** As requests of pull requests are: what was written in the form, where it came from, who said what. */
function longEvent(): Json {
  const { request, ...rest } = exampleEvents.request;
  const { decision } = exampleEvents.approve;
  const reason = 'Order 4711 was booked twice, and the second booking has to be taken back by hand. '.repeat(
    6,
  );
  const context = {
    repository: 'acme/app',
    pull_request: 1204,
    sha: '9f3c'.repeat(10),
    labels: ['migration', 'urgent'],
  };
  const approvals = ['security', 'data-owner'].map((step) => ({
    ...decision,
    steps: [step],
    message: `I am ${onCall}, and looked at it.`,
  }));
  return JSON.parse(
    JSON.stringify({
      ...rest,
      request: { ...request, fields: { ...request.fields, reason }, context, approvals },
    }),
  );
}

/** A few of each in turn, so that whatever else the machine does slows both. */
async function ratioOf(work: () => Promise<void>, floor: () => Promise<void>): Promise<number> {
  const times: { readonly work: number[]; readonly floor: number[] } = { work: [], floor: [] };
  for (let n = 0; n < calls; n += streak) {
    for (let each = 0; each < streak; each += 1) times.work.push(await timeOf(work));
    for (let each = 0; each < streak; each += 1) times.floor.push(await timeOf(floor));
  }
  return medianOf(times.work) / medianOf(times.floor);
}

/** Microseconds. */
async function timeOf(work: () => Promise<void>): Promise<number> {
  const from = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - from) / 1000;
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function fail(): never {
  throw new Error('The example has no moment.');
}

const silence = { info: () => undefined, warn: () => undefined, error: () => undefined };
