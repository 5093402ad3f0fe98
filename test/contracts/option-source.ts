// What every source of options keeps to: all of the list in its order, and words in the place of a list that cannot be had.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { OptionsQuestion } from '../../src/domain/facts.ts';
import type { LiveOption, OptionsSource, Settings } from '../../src/domain/flow.ts';
import { deskId, instant, personId, type Milliseconds } from '../../src/domain/names.ts';
import type { Clock } from '../../src/engine/ports/clock.ts';
import type { OptionLists } from '../../src/engine/ports/flows.ts';
import { createOptionLists, type OptionListParts } from '../../src/prefetch/option-lists.ts';
import { optionSources } from '../../src/prefetch/index.ts';
import type { Trouble } from './strategy.ts';

export interface OptionSourceSubject {
  readonly parts: Omit<OptionListParts, 'sources' | 'clock'>;
  readonly source: Omit<OptionsSource, 'with' | 'reads'>;
  /** What leads to a list of these, told to the source by the answer `which`. */
  readonly with: Settings;
  readonly which: string;
  readonly options: readonly LiveOption[];
  /** What leads to nothing that is there. */
  readonly nowhere: string;
  /** Secrets and addresses that no sentence may hold. */
  readonly secrets: readonly string[];
  /** How often the service was asked for the list. */
  asked(): number;
  trouble(kind: Trouble | undefined): void;
  close(): Promise<void>;
}

export function question(
  source: OptionsSource,
  told: OptionsQuestion['told'] = {},
  field = 'thing',
): OptionsQuestion {
  return { desk: deskId('github', 1), field, source, requester: personId('ann'), told };
}

/** A limit that is reached a hundred times as soon where a test says so, and much later where it does not. */
export function impatientClock(): Clock & { isImpatient: boolean } {
  const clock = {
    isImpatient: false,
    now: () => instant(Date.now()),
    sleep: (ms: Milliseconds, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, clock.isImpatient ? ms / 100 : ms * 12);
        signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      }),
  };
  return clock;
}

export function optionSourceContract(run: string, open: () => Promise<OptionSourceSubject>): void {
  describe(`the source ${run}`, () => {
    let subject: OptionSourceSubject;
    let lists: OptionLists;
    const clock = impatientClock();
    beforeAll(async () => {
      subject = await open();
      lists = createOptionLists({ ...subject.parts, sources: optionSources, clock });
    });
    afterEach(() => {
      subject.trouble(undefined);
      clock.isImpatient = false;
    });
    afterAll(() => subject.close());

    const ask = (which = subject.which, more: Settings = {}) =>
      lists.now(
        question({ ...subject.source, with: { ...subject.with, ...more }, reads: ['which'] }, { which }),
      );
    const whyNot = async (which?: string, more?: Settings): Promise<string> => {
      const found = await ask(which, more);
      if (!('unknown' in found)) throw new Error(`It was read: ${JSON.stringify(found)}`);
      expect(found.unknown).toMatch(/^[A-Z].*\.$/);
      for (const secret of [...subject.secrets, subject.nowhere]) expect(found.unknown).not.toContain(secret);
      return found.unknown;
    };

    test('lists what there is', async () => {
      expect(await ask()).toEqual(subject.options);
    });

    test('is asked anew each time, where it decides', async () => {
      const before = subject.asked();
      await ask();
      await ask();
      expect(subject.asked()).toBe(before + 2);
    });

    test('says so where it is led to nothing', async () => {
      await whyNot(subject.nowhere);
    });

    test.each<Trouble>([{ status: 500 }, { status: 503 }, { status: 403 }, { status: 404 }, 'answer-lost'])(
      'says so where it meets %j',
      async (trouble) => {
        subject.trouble(trouble);
        await whyNot();
        subject.trouble(undefined);
        expect(await ask()).toEqual(subject.options);
      },
    );

    test('is given up where it hangs', async () => {
      subject.trouble('hang');
      clock.isImpatient = true;
      expect(await whyNot()).toContain('did not answer in time');
    });

    test('is not asked with what its schema does not know', async () => {
      const before = subject.asked();
      expect(await whyNot(subject.which, { nonsense: 'x' })).toContain('nonsense');
      expect(subject.asked()).toBe(before);
    });
  });
}
