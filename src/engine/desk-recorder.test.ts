import { describe, expect, test } from 'vitest';
import { aHouse, type House } from '../../test/builders/house.ts';
import { anEnvelope } from '../../test/builders/command.ts';
import { aDesk } from '../../test/builders/history.ts';
import { someone } from '../../test/builders/request.ts';
import type { DeskEntry } from '../domain/desk-entries.ts';
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import { hours, minutes } from '../domain/duration.ts';
import { createDeskRecorder, type DeskRecorder, type RefusedAttempt } from './desk-recorder.ts';
import { StaleChangeError, type Store } from './ports/store.ts';

interface Desk extends House {
  readonly recorder: DeskRecorder;
  entries(): Promise<readonly DeskEntry[]>;
}

async function aDeskWith(besides: (store: Store) => Partial<Store> = () => ({})): Promise<Desk> {
  const house = await aHouse();
  const store = { ...house.store, ...besides(house.store) };
  return Object.assign(house, {
    recorder: createDeskRecorder({ ...house.parts, store }),
    entries: async () =>
      ((await house.store.deskStream(aDesk))?.lines ?? []).flatMap((line) => {
        const parsed = parseDeskLine(line);
        return 'entry' in parsed ? [parsed.entry] : [];
      }),
  });
}

const attempt = (by = 'eve', more: Partial<RefusedAttempt> = {}): RefusedAttempt => ({
  by: { ...someone(by, `asked-by-${by}`), person: null },
  flow: 'quick',
  code: 'unlinked-account',
  ...more,
});

const refuse = ({ recorder }: Desk, one: RefusedAttempt): Promise<void> => recorder.refused(aDesk, one, {});

describe('a refused attempt', () => {
  test('says who asked for what, and why it was refused', async () => {
    const desk = await aDeskWith();
    await refuse(desk, attempt());
    expect(await desk.entries()).toMatchObject([
      {
        type: 'refused',
        seq: 1,
        at: desk.clock.now(),
        by: attempt().by,
        data: { command: 'request', flow: 'quick', code: 'unlinked-account' },
      },
    ]);
  });

  test('is recorded once a day for each account and reason', async () => {
    const desk = await aDeskWith();
    for (const one of [
      attempt('eve'),
      attempt('eve', { flow: 'other' }),
      attempt('eve', { code: 'unknown-flow' }),
      attempt('mallory'),
    ])
      await refuse(desk, one);
    expect(await desk.entries()).toHaveLength(3);
    await desk.clock.advance(hours(24));
    await refuse(desk, attempt('eve'));
    expect(await desk.entries()).toHaveLength(4);
  });

  test('is recorded at most two hundred times a day, whoever they are', async () => {
    const desk = await aDeskWith();
    await Promise.all(Array.from({ length: 203 }, (_, number) => refuse(desk, attempt(`eve-${number}`))));
    expect(await desk.entries()).toHaveLength(200);
    await desk.clock.advance(hours(24));
    await refuse(desk, attempt('eve-202'));
    expect(await desk.entries()).toHaveLength(201);
  });

  test('of which nothing more is recorded is refused all the same', async () => {
    const desk = await aDeskWith();
    await refuse(desk, attempt());
    const taken = await desk.store.accept(anEnvelope({ type: 'request', by: 'eve' }));
    if (!('accepted' in taken)) throw new Error('It was known.');
    const { position } = taken.accepted;
    await desk.recorder.refused(aDesk, attempt(), {
      refuses: { position, refusal: { code: 'unlinked-account', name: 'eve' } },
    });
    expect(await desk.entries()).toHaveLength(1);
    expect(await desk.store.waiting()).toMatchObject([{ refusal: { code: 'unlinked-account' } }]);
  });

  test('cannot bring in more than a short and harmless word', async () => {
    const desk = await aDeskWith();
    await refuse(desk, attempt('eve', { flow: `@team\u202e\n\nCountersign-Batch: <b>${'x'.repeat(500)}` }));
    const [entry] = await desk.entries();
    const flow = entry?.type === 'refused' ? entry.data.flow : '';
    expect(flow).toMatch(/^_team Countersign-Batch_ _b_x+…$/);
    expect([...flow]).toHaveLength(100);
  });

  test('is recorded after what another recorded first', async () => {
    let races = 3;
    const desk = await aDeskWith((store) => ({
      save: async (change) => {
        if (change.desk && races > 0) {
          races -= 1;
          throw new StaleChangeError('Somebody was first.');
        }
        return store.save(change);
      },
    }));
    await refuse(desk, attempt());
    expect(await desk.entries()).toHaveLength(1);
  });

  test('is not linked to a stream that cannot be believed', async () => {
    const desk = await aDeskWith();
    await desk.store.setCursor(aDesk, { head: 'x', diverged: 'A line is missing.', isBroken: true });
    await refuse(desk, attempt());
    expect(await desk.entries()).toEqual([]);
  });
});

describe('a ledger that is whole again', () => {
  test('is told once for each time that it was not', async () => {
    const desk = await aDeskWith();
    const since = desk.clock.now();
    await desk.clock.advance(minutes(10));
    for (let time = 0; time < 2; time += 1)
      await desk.recorder.healed(aDesk, { why: 'Somebody pushed.', since });
    expect(await desk.entries()).toMatchObject([
      { type: 'ledger-diverged', data: { why: 'Somebody pushed.', since, until: desk.clock.now() } },
    ]);
    await desk.recorder.healed(aDesk, { why: 'Again.', since: desk.clock.now() });
    expect(await desk.entries()).toHaveLength(2);
  });
});

describe('a flow that is broken', () => {
  const quick = { flow: 'quick', code: 'unknown-key', line: 3 };
  const other = { flow: 'other', code: 'file-empty', line: 1 };

  test('is recorded when it becomes so, with the commit and the first diagnostic', async () => {
    const desk = await aDeskWith();
    await desk.recorder.disabled(aDesk, 'c1', []);
    await desk.recorder.disabled(aDesk, 'c2', [quick]);
    await desk.recorder.disabled(aDesk, 'c2', [quick]);
    await desk.recorder.disabled(aDesk, 'c3', [quick, other]);
    expect((await desk.entries()).map(({ data }) => data)).toEqual([
      { ...quick, commit: 'c2' },
      { ...other, commit: 'c3' },
    ]);
  });

  test('is recorded again when it was mended and breaks anew, or breaks otherwise', async () => {
    const desk = await aDeskWith();
    await desk.recorder.disabled(aDesk, 'c1', [quick]);
    await desk.recorder.disabled(aDesk, 'c2', [{ ...quick, line: 4 }]);
    await desk.recorder.disabled(aDesk, 'c3', []);
    await desk.recorder.disabled(aDesk, 'c4', [quick]);
    expect((await desk.entries()).map(({ data }) => 'commit' in data && data.commit)).toEqual([
      'c1',
      'c2',
      'c4',
    ]);
  });

  test('is recorded once, though a crash came before that was known', async () => {
    let isDying = true;
    const desk = await aDeskWith((store) => ({
      setBookmark: async (name, value) => {
        if (isDying) throw new Error('The process dies here.');
        return store.setBookmark(name, value);
      },
    }));
    await expect(desk.recorder.disabled(aDesk, 'c1', [quick])).rejects.toThrow('dies');
    isDying = false;
    await desk.recorder.disabled(aDesk, 'c1', [quick]);
    expect(await desk.entries()).toHaveLength(1);
  });
});
