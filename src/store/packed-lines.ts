// The lines of an open request while nobody looks at them: deflated, so that a hundred thousand fit in memory and are read in one breath.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { hashLine, type Line } from '../domain/entry-line.ts';
import { lineDictionary } from './line-dictionary.ts';

/** As they are, or deflated: then one character is one byte, which is the smallest that JavaScript keeps. */
export type KeptLines = readonly Line[] | string;

/** The same in a file: what is deflated is in base64, behind a mark. */
export type WrittenLines = readonly Line[] | string;

/** Deflated with the dictionary. No base64 begins so, and what has no mark is from before there was one. */
const mark = '1:';

/** A line, whole; in a list of its own where the link to the line before was cut off, which follows from that line. */
type Cut = Line | readonly [Line];

export function packLines(lines: readonly Line[]): KeptLines {
  const cut = lines.map((line, index): Cut => {
    const before = lines[index - 1];
    const link = before === undefined ? '' : linkTo(before);
    return link !== '' && line.endsWith(link) ? [line.slice(0, -link.length)] : line;
  });
  return deflateRawSync(JSON.stringify(cut), { dictionary: lineDictionary }).toString('latin1');
}

export function unpackLines(kept: KeptLines): readonly Line[] {
  if (typeof kept !== 'string') return kept;
  const inflated = inflateRawSync(Buffer.from(kept, 'latin1'), { dictionary: lineDictionary });
  const cut: readonly Cut[] = JSON.parse(inflated.toString());
  const lines: Line[] = [];
  for (const line of cut)
    lines.push(typeof line === 'string' ? line : `${line[0]}${linkTo(lines.at(-1) ?? '')}`);
  return lines;
}

/** Hashes cannot be deflated: they are most of what is left of a line. */
function linkTo(before: Line): string {
  return `"prev":"${hashLine(before)}"}`;
}

export function writtenLines(kept: KeptLines): WrittenLines {
  return typeof kept === 'string' ? `${mark}${Buffer.from(kept, 'latin1').toString('base64')}` : kept;
}

export function keptLines(written: WrittenLines): KeptLines {
  if (typeof written !== 'string') return written;
  if (!written.startsWith(mark)) {
    const lines: readonly Line[] = JSON.parse(inflateRawSync(Buffer.from(written, 'base64')).toString());
    return packLines(lines);
  }
  return Buffer.from(written.slice(mark.length), 'base64').toString('latin1');
}
