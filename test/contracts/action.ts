// What every kind of action has to do, whatever it calls: run once, tell what may be tried again, and never run what is not wanted.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Settings } from '../../src/domain/flow.ts';
import { deskId, plus, requestId } from '../../src/domain/names.ts';
import { Failure } from '../../src/engine/ports/failure.ts';
import type { ActionCall, Actions } from '../../src/engine/ports/actions.ts';
import type { Clock } from '../../src/engine/ports/clock.ts';
import type { Trouble } from './strategy.ts';

export interface ActionSubject {
  readonly actions: Actions;
  readonly clock: Clock;
  /** What is called; its texts are found in no error. */
  readonly action: Omit<ActionCall['action'], 'name' | 'with'>;
  with(key: string): Settings;
  /** How often it took effect for this key. */
  ran(key: string): number;
  trouble(kind: Trouble | undefined): void;
  close(): Promise<void>;
}

export function actionContract(name: string, open: () => Promise<ActionSubject>): void {
  describe(name, () => {
    let subject: ActionSubject;
    let made = 0;
    beforeAll(async () => void (subject = await open()));
    beforeEach(() => subject.trouble(undefined));
    afterAll(() => subject.close());

    function aCall(more: Partial<ActionCall> = {}): ActionCall {
      made += 1;
      const key = `01JD${String(made).padStart(22, '0')}-1`;
      const now = subject.clock.now();
      return {
        request: requestId(key.slice(0, -2)),
        desk: deskId('github', 1),
        commit: 'c0ffee',
        action: { name: 'it', ...subject.action, with: subject.with(key) },
        key,
        startedAt: now,
        isRepeated: false,
        notAfter: plus(now, 3_600_000),
        isWanted: async () => true,
        signal: new AbortController().signal,
        ...more,
      };
    }

    async function failureOf(call: ActionCall): Promise<Failure> {
      const thrown = await subject.actions.run(call).catch((error: unknown) => error);
      if (!(thrown instanceof Failure)) throw new Error(`It should have failed, and gave ${String(thrown)}.`);
      for (const text of textsOf(call.action.with))
        expect(thrown.message.includes(text), thrown.message).toBe(false);
      return thrown;
    }

    test('runs once, and says where to look', async () => {
      const call = aCall();
      const { recorded = {} } = await subject.actions.run(call);
      expect(recorded['url']).toMatch(/^https?:\/\//);
      expect(subject.ran(call.key)).toBe(1);
    });

    test('where the answer is lost, it is tried again and has run once', async () => {
      const call = aCall();
      subject.trouble('answer-lost');
      const failure = await failureOf(call);
      expect(failure).toMatchObject({ transient: true, isUntouched: false });
      expect(subject.ran(call.key)).toBe(1);
      subject.trouble(undefined);
      const { recorded = {} } = await subject.actions.run({ ...call, isRepeated: true });
      expect(recorded['url']).toMatch(/^https?:\/\//);
      expect(subject.ran(call.key)).toBe(1);
    });

    test('what never arrived is run by the next try, although that knows nothing of it', async () => {
      const call = aCall({ isRepeated: true });
      await subject.actions.run(call);
      expect(subject.ran(call.key)).toBe(1);
    });

    test.each([500, 503])('%i may pass', async (status) => {
      subject.trouble({ status });
      expect((await failureOf(aCall())).transient).toBe(true);
    });

    test.each([403, 404, 422])('%i does not pass', async (status) => {
      subject.trouble({ status });
      expect((await failureOf(aCall())).transient).toBe(false);
    });

    test('a call that hangs is given up', async () => {
      subject.trouble('hang');
      const stop = new AbortController();
      const failed = failureOf(aCall({ signal: stop.signal }));
      setTimeout(() => stop.abort(), 30);
      expect((await failed).transient).toBe(true);
    });

    test('what is not wanted any more is not run', async () => {
      const call = aCall({ isWanted: async () => false });
      expect(await failureOf(call)).toMatchObject({ transient: true, isUntouched: true });
      expect(subject.ran(call.key)).toBe(0);
    });

    test('nothing runs after the end of the approval', async () => {
      const call = aCall({ notAfter: plus(subject.clock.now(), -1) });
      await failureOf(call);
      expect(subject.ran(call.key)).toBe(0);
    });

    test('what its schema does not know is not called', async () => {
      const call = aCall();
      const odd = {
        ...call,
        action: { ...call.action, with: { ...call.action.with, nonsense: 'x-nonsense-x' } },
      };
      expect(await failureOf(odd)).toMatchObject({ transient: false, isUntouched: true });
      expect(subject.ran(call.key)).toBe(0);
    });
  });
}

/** Long enough not to be part of any sentence by chance. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.length > 8 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
