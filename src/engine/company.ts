// What waits for the ledger, sorted by haste: what nothing waits for goes along with something else, or alone after a while.
import { parseDeskLine } from '../domain/desk-entry-line.ts';
import { parseLine, type Line } from '../domain/entry-line.ts';
import type { Instant } from '../domain/names.ts';
import { mayWait, mayWaitOfDesk } from '../domain/urgency.ts';
import type { DeskStream, Uncommitted } from './ports/store.ts';

/** `now`, or since when it waits for company. */
export type Haste = 'now' | { readonly since: Instant };

export function hasteOf({ lines, committed }: Uncommitted): Haste {
  return hasteOfLines(lines.slice(committed), (line) => {
    const read = parseLine(line);
    return 'entry' in read && mayWait(read.entry.type) ? read.entry.at : undefined;
  });
}

export function hasteOfStream({ lines, end, committedSeq }: DeskStream): Haste {
  return hasteOfLines(lines.slice(committedSeq - end.seq), (line) => {
    const read = parseDeskLine(line);
    return 'entry' in read && mayWaitOfDesk(read.entry.type) ? read.entry.at : undefined;
  });
}

/** What a newer Countersign wrote may be anything. */
function hasteOfLines(lines: readonly Line[], patientSince: (line: Line) => Instant | undefined): Haste {
  const times = lines.map(patientSince);
  const [since] = times;
  return since === undefined || times.includes(undefined) ? 'now' : { since };
}
