// The lines of an open request while nobody looks at them: deflated, so that a hundred thousand fit in memory and are read in one breath.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Line } from '../domain/entry-line.ts';

/** Deflated and in base64: one string, which a snapshot holds as it is. */
export type KeptLines = readonly Line[] | string;

export function packLines(lines: readonly Line[]): KeptLines {
  return deflateRawSync(JSON.stringify(lines), { level: 1 }).toString('base64');
}

export function unpackLines(kept: KeptLines): readonly Line[] {
  if (typeof kept !== 'string') return kept;
  const lines: readonly Line[] = JSON.parse(inflateRawSync(Buffer.from(kept, 'base64')).toString());
  return lines;
}
