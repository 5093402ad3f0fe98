// The last requests of a desk as they stand: what a proposed flow is tried on.
import type { DeskId } from '../domain/names.ts';
import type { Request } from '../domain/request.ts';
import { Failure } from './ports/failure.ts';
import type { Store } from './ports/store.ts';

/** Newest first. One that the store cannot read is passed by: the ledger has it, and a replay does without. */
export async function recentRequests(
  store: Pick<Store, 'recent' | 'load'>,
  desk: DeskId,
  count = 200,
): Promise<readonly Request[]> {
  const found: Request[] = [];
  // One by one: nobody waits for it, and others want the disk.
  for (const id of await store.recent(desk, count)) {
    const stored = await store.load(id).catch(passBy);
    if (stored) found.push(stored.request);
  }
  return found;
}

function passBy(error: unknown): undefined {
  if (!(error instanceof Failure)) throw error;
  return undefined;
}
