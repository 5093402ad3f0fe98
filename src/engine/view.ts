// A request as people may see it: nothing that the ledger must prove first is shown before it does.
import { evolveLine } from '../domain/evolve.ts';
import { parseLine } from '../domain/entry-line.ts';
import { provenBeforeShown } from '../domain/outstanding.ts';
import type { Request } from '../domain/request.ts';
import type { Stored } from './ports/store.ts';

/** The first entry that the ledger has to hold before anybody reads it; undefined where it lacks none. */
export function unprovenSeq({ lines, committedSeq }: Stored): number | undefined {
  for (const line of lines.slice(committedSeq)) {
    const read = parseLine(line);
    if ('entry' in read && provenBeforeShown.has(read.entry.type)) return read.entry.seq;
  }
  return undefined;
}

export function viewOf(stored: Stored): Request {
  const unproven = unprovenSeq(stored);
  if (unproven === undefined) return stored.request;
  const shown = stored.lines.slice(0, unproven - 1).reduce<Request | undefined>(evolveLine, undefined);
  return shown ?? stored.request;
}
