// Looks once a day at what targets hold, and tells where that is not what the ledger says. It changes nothing there.
import { setImmediate } from 'node:timers/promises';
import type { DriftItem } from '../domain/desk-entries.ts';
import { heldAccount, heldAccounts, type HeldAccount, type LiveGrant } from '../domain/drift.ts';
import { hours } from '../domain/duration.ts';
import type { Grant } from '../domain/entries.ts';
import { between, parseInstant, plus, type DeskId, type RequestId } from '../domain/names.ts';
import { offeredBy } from '../domain/offered-settings.ts';
import { liveGrant, type Request } from '../domain/request.ts';
import { createDeskWriter, type DeskWriterParts } from './desk-writer.ts';
import type { ErrorChannel } from './error-channel.ts';
import type { AccessReports, Holders } from './ports/access.ts';
import type { Flows } from './ports/flows.ts';

export interface DriftWatch {
  /** Whichever desks were not looked at for a day; a new one after an hour. Throws `Failure` where the flows of one cannot be read. */
  look(): Promise<void>;
}

export interface DriftWatchParts extends DeskWriterParts {
  readonly desks: readonly DeskId[];
  readonly flows: Pick<Flows, 'list'>;
  readonly access: AccessReports;
  readonly errors: Pick<ErrorChannel, 'raise' | 'clear'>;
}

const every = hours(24);
const firstAfter = hours(1);
/** Of all that a desk may have; the rest is looked at where somebody asks, by `countersign standing`. */
const mostKept = 2000;
const mostSaid = 100;
const perBreath = 100;

export function watchDrift(parts: DriftWatchParts): DriftWatch {
  const { store, clock, desks, flows, access } = parts;
  const writer = createDeskWriter(parts);

  async function lookAt(desk: DeskId): Promise<void> {
    const before = await grantsOf(desk);
    const { items, resources, isPartial } = await seenTargets(desk, before);
    const after = await grantsOf(desk);
    // What begins or ends now is on its way: of its account there is nothing new to say today.
    const isSettled = (place: Place): boolean => {
      const moves = movements(before, place);
      return moves === movements(after, place) && !moves.includes('escalating');
    };
    const known = readItems(await store.bookmark(driftBookmark(desk)));
    const isStillKnown = (item: DriftItem): boolean =>
      resources.has(item.resource) ? !isSettled(item) : isPartial;
    const found = [...items.filter(isSettled), ...known.filter(isStillKnown)];
    const now = [...new Map(found.map((item) => [keyOf(item), item])).values()]
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      .slice(0, mostKept);
    const changes = changesBetween(known, now);
    tell(desk, now, changes.appeared);
    if (changes.appeared.length + changes.gone.length > 0) await record(desk, now, changes);
  }

  async function grantsOf(desk: DeskId): Promise<readonly KnownGrant[]> {
    const found: KnownGrant[] = [];
    for (const [index, id] of (await store.unfinished({ desk }, Number.MAX_SAFE_INTEGER)).entries()) {
      // Whoever else waits for this thread is let in.
      if (index % perBreath === 0) await setImmediate();
      const request = (await store.load(id))?.request;
      const grant = request && liveGrant(request);
      if (request && grant) found.push({ request, grant });
    }
    return found;
  }

  async function seenTargets(desk: DeskId, known: readonly KnownGrant[]): Promise<Seen> {
    const live = known.flatMap(liveOf);
    const [items, resources]: [DriftItem[], Set<string>] = [[], new Set()];
    let isPartial = false;
    for (const listing of await listings(desk, known)) {
      if ('missing' in listing) isPartial ||= listing.missing === 'unavailable';
      else if (!resources.has(listing.resource)) {
        resources.add(listing.resource);
        items.push(...heldAccounts(listing, live).flatMap((each) => itemsOf(listing.resource, each)));
      }
    }
    const listed = new Set(resources);
    for (const { request, grant } of known) {
      const { resource, account } = grant;
      if (listed.has(resource)) continue;
      const held = await access.holding(desk, request.id, grant);
      if ('missing' in held) isPartial ||= held.missing === 'unavailable';
      else {
        resources.add(resource);
        const grants = live.filter((each) => each.resource === resource && each.account === account);
        const { standing: _, ...one } = heldAccount({ ...held, account, grants });
        items.push(...itemsOf(resource, one));
      }
    }
    return { items, resources, isPartial };
  }

  /** Of all that flows offer, and of what grants are on that no flow offers any more. */
  async function listings(desk: DeskId, known: readonly KnownGrant[]): Promise<readonly Holders[]> {
    const offered = (await flows.list(desk)).flatMap(offeredBy);
    const places = [
      ...offered.flatMap((each) => ('why' in each ? [] : [each])),
      ...known.map(({ grant }) => grant),
    ].map(({ strategy, settings }) => ({ strategy, settings }));
    const found: Holders[] = [];
    for (const { strategy, settings } of new Map(
      places.map((place) => [JSON.stringify(place), place]),
    ).values())
      found.push(await access.holders(desk, strategy, settings));
    return found;
  }

  function tell(desk: DeskId, now: readonly DriftItem[], appeared: readonly DriftItem[]): void {
    const lacking = now.filter(({ what }) => what === 'lacking');
    if (now.length === 0) return parts.errors.clear(desk, driftKey);
    // What stands is told once; what a grant says and nobody has is told until it is so no more.
    if (lacking.length === 0 && appeared.length === 0) return;
    const first = [...lacking, ...appeared.filter(({ what }) => what === 'standing')]
      .slice(0, 5)
      .map(sentence);
    const standing = now.length - lacking.length;
    const more = now.length > first.length ? ' `countersign standing` lists all of it.' : '';
    parts.errors.raise(desk, {
      key: driftKey,
      kind: 'drift-found',
      what: `Granted and not there: ${lacking.length}. There and not granted: ${standing}. ${first.join(' ')}${more}`,
    });
  }

  async function record(desk: DeskId, now: readonly DriftItem[], { appeared, gone }: Changes): Promise<void> {
    const lacking = now.filter(({ what }) => what === 'lacking').length;
    const data = {
      appeared: appeared.slice(0, mostSaid),
      gone: gone.slice(0, mostSaid),
      lacking,
      standing: now.length - lacking,
    };
    await writer.write(desk, async () => ({
      entries: [{ type: 'drift-found', by: { system: 'drift' }, data }],
      bookmark: () => ({ name: driftBookmark(desk), value: JSON.stringify(now) }),
    }));
  }

  return {
    async look() {
      const looks = desks.map(async (desk) => {
        const last = parseInstant((await store.bookmark(lookedBookmark(desk))) ?? '');
        // Whoever has just begun has other things to look at.
        if (last === undefined)
          return store.setBookmark(lookedBookmark(desk), plus(clock.now(), firstAfter - every));
        if (between(last, clock.now()) < every) return;
        await lookAt(desk);
        await store.setBookmark(lookedBookmark(desk), clock.now());
      });
      // One that cannot be looked at keeps no other from it.
      await Promise.allSettled(looks);
      await Promise.all(looks);
    },
  };
}

const driftKey = 'drift';

interface KnownGrant {
  readonly request: Request;
  readonly grant: Grant;
}

type Place = Pick<Grant, 'resource' | 'account'>;

interface Seen {
  readonly items: readonly DriftItem[];
  /** Those that were looked at. */
  readonly resources: ReadonlySet<string>;
  /** Some could not be looked at this time: what was known of them still is. */
  readonly isPartial: boolean;
}

interface Changes {
  readonly appeared: readonly DriftItem[];
  readonly gone: readonly DriftItem[];
}

function liveOf({ request, grant }: KnownGrant): readonly LiveGrant[] {
  const { id, requester, flow } = request;
  const { resource, account, wanted, before } = grant;
  return [{ request: id, person: requester.person, flow: flow.name, resource, account, wanted, before }];
}

/** Which grants there are of a place, and how each stands: `escalating`, `active`, `deescalating`. */
function movements(grants: readonly KnownGrant[], { resource, account }: Place): string {
  return grants
    .filter(({ grant }) => grant.resource === resource && grant.account === account)
    .map(({ request }): string => `${request.id} ${request.phase.status}`)
    .sort()
    .join('; ');
}

function itemsOf(
  resource: string,
  { account, holds, lacks, standing, grants }: HeldAccount,
): readonly DriftItem[] {
  const requests: readonly RequestId[] = grants.map(({ request }) => request);
  return [
    ...(lacks === undefined
      ? []
      : [{ what: 'lacking', resource, account, holds, wanted: lacks, requests } as const]),
    ...(standing === undefined ? [] : [{ what: 'standing', resource, account, holds: standing } as const]),
  ];
}

function changesBetween(known: readonly DriftItem[], now: readonly DriftItem[]): Changes {
  const [before, after] = [new Set(known.map(keyOf)), new Set(now.map(keyOf))];
  return {
    appeared: now.filter((item) => !before.has(keyOf(item))),
    gone: known.filter((item) => !after.has(keyOf(item))),
  };
}

function keyOf({ what, resource, account, holds, wanted }: DriftItem): string {
  return JSON.stringify([what, resource, account, holds, wanted]);
}

function sentence({ what, resource, account, holds, wanted }: DriftItem): string {
  return what === 'lacking'
    ? `${account} was granted ${wanted ?? 'it'} on ${resource} and has ${holds}.`
    : `${account} has ${holds} on ${resource}, by none of our grants.`;
}

function driftBookmark(desk: DeskId): string {
  return `drift ${desk}`;
}

function lookedBookmark(desk: DeskId): string {
  return `drift looked ${desk}`;
}

/** Ours, as it was written. */
function readItems(text = ''): readonly DriftItem[] {
  if (text === '') return [];
  const items: readonly DriftItem[] = JSON.parse(text);
  return items;
}
