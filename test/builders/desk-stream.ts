// A desk's own stream for tests: real entries in a real chain, with defaults.
import type { DeskEntry, NewDeskEntry } from '../../src/domain/desk-entries.ts';
import { deskChainEnd, sealDeskEntries } from '../../src/domain/desk-entry-line.ts';
import type { Speaker } from '../../src/domain/entries.ts';
import type { Line } from '../../src/domain/entry-line.ts';
import type { DeskId, Instant } from '../../src/domain/names.ts';
import type { Change, DeskStream } from '../../src/engine/ports/store.ts';
import { aDesk, someone } from './request.ts';

export type DeskLine = { readonly entry: DeskEntry; readonly line: Line };

type Refused = Extract<NewDeskEntry, { type: 'refused' }>;

export function aRefusal(
  by = 'eve',
  { flow = 'quick', code = 'unlinked-account' }: Partial<Refused['data']> = {},
): Refused & { readonly by: Speaker } {
  const speaker = { ...someone(by, `asked-by-${by}`), person: null };
  return { type: 'refused', by: speaker, data: { command: 'request', flow, code } };
}

/** As many refusals as there are moments, linked after those that came before. */
export function deskLines(
  moments: readonly Instant[],
  { desk = aDesk, before = [] }: { readonly desk?: DeskId; readonly before?: readonly DeskLine[] } = {},
): readonly DeskLine[] {
  return moments.reduce<readonly DeskLine[]>((lines, at, index) => {
    const last = [...before, ...lines].at(-1);
    const number = before.length + index + 1;
    const after = last && deskChainEnd(last.line);
    const sealed = sealDeskEntries([aRefusal(`eve-${number}`)], {
      desk,
      after,
      at,
      mint: () => `D${number}`,
    });
    return [...lines, ...sealed];
  }, []);
}

/** The change that appends the lines after the first `known`. */
export function noting(lines: readonly DeskLine[], known = 0): Change {
  const desk = lines[0]?.entry.desk ?? aDesk;
  return { desk: { desk, lines: lines.slice(known), afterSeq: known } };
}

/** The stream that ends with these lines. */
export function streamOf(lines: readonly DeskLine[], committedSeq = 0): DeskStream {
  const last = lines.at(-1);
  if (last === undefined) throw new Error('A stream has at least one line.');
  return {
    desk: last.entry.desk,
    lines: lines.map(({ line }) => line),
    end: deskChainEnd(last.line),
    committedSeq,
  };
}
