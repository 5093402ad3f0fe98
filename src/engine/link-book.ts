// Who has shown which account on Slack to be theirs, in each desk: recorded in its stream, and kept beside it for who asks at every decision.
import { linksAfter, noLinks, type Link, type Links } from '../domain/links.ts';
import type { NewDeskEntry } from '../domain/desk-entries.ts';
import type { Account, DeskId } from '../domain/names.ts';
import { createDeskWriter, startOfDay, type DeskWriterParts } from './desk-writer.ts';
import type { Store } from './ports/store.ts';

export interface LinkBook {
  /** As it is now. */
  of(desk: DeskId): Promise<Links>;
  /**
   * `say` sees the links as they are when it is recorded, and says nothing where they do not allow it. `frozen`: nothing
   * can be recorded at the moment; `too-many`: no more of it today.
   */
  record(
    desk: DeskId,
    say: (links: Links) => LinkEntry | undefined,
  ): Promise<'recorded' | 'nothing' | 'frozen' | 'too-many'>;
}

type LinkEntry = Extract<NewDeskEntry, { type: 'linked' | 'unlinked' }>;

/** In one day and desk: who links and unlinks for ever does not fill the ledger. */
const maxPerDay = 200;

export function createLinkBook(
  parts: DeskWriterParts & { readonly recorded: (desk: DeskId) => void },
): LinkBook {
  const writer = createDeskWriter(parts);
  const read = linksIn(parts.store);
  return {
    of: read,
    async record(desk, say) {
      let isTooMuch = false;
      let isFrozen = false;
      const said = await writer.write(desk, async (past, now) => {
        const links = await read(desk);
        const entry = say(links);
        // While the ledger cannot be trusted nobody becomes anybody; to be nobody again is possible.
        isFrozen = entry?.type === 'linked' && (await parts.store.cursor(desk))?.diverged !== undefined;
        const today = past(startOfDay(now)).filter(({ type }) => type === 'linked');
        isTooMuch = entry?.type === 'linked' && today.length >= maxPerDay;
        return {
          entries: entry === undefined || isTooMuch || isFrozen ? [] : [entry],
          bookmark: (entries) => ({
            name: linksBookmark(desk),
            value: printLinks(entries.reduce(linksAfter, links)),
          }),
        };
      });
      if (said === 'written') parts.recorded(desk);
      if (said === 'broken' || isFrozen) return 'frozen';
      if (said === 'nothing') return isTooMuch ? 'too-many' : 'nothing';
      return 'recorded';
    },
  };
}

/** Reads them; a text is read once. */
export function linksIn(store: Pick<Store, 'bookmark'>): (desk: DeskId) => Promise<Links> {
  const known = new Map<DeskId, { readonly text: string; readonly links: Links }>();
  return async (desk) => {
    const text = (await store.bookmark(linksBookmark(desk))) ?? '';
    const before = known.get(desk);
    if (before?.text === text) return before.links;
    const links = readLinks(text);
    known.set(desk, { text, links });
    return links;
  };
}

export function linksBookmark(desk: DeskId): string {
  return `links ${desk}`;
}

export function printLinks(links: Links): string {
  return JSON.stringify([...links]);
}

/** Ours, as it was written. */
function readLinks(text: string): Links {
  if (text === '') return noLinks;
  const read: readonly (readonly [Account, Link])[] = JSON.parse(text);
  return new Map(read);
}
