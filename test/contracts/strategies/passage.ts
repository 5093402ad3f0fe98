// What lies around a service and its strategy in a test: the time in which both live, how slow the service is, and what each call passes on its way.
import type { AccessControl, AccessReports } from '../../../src/engine/ports/access.ts';
import type { Clock } from '../../../src/engine/ports/clock.ts';
import type { Milliseconds } from '../../../src/domain/names.ts';
import { createAccessControl, type AccessControlParts } from '../../../src/strategies/access-control.ts';

/** One call on its way to a service: what is thrown here, the client takes for what became of the connection. */
export type Passage = <T>(perform: () => Promise<T>, signal: AbortSignal | undefined) => Promise<T>;

export const straight: Passage = (perform) => perform();

export interface SubjectSurroundings {
  readonly clock: Clock;
  /** How long what was changed does not show, where the service is such a one. */
  readonly lagMs: Milliseconds;
  /** How long the next piece of work takes that the service does in its own time. */
  readonly workMs: () => Milliseconds;
}

type Fetch = typeof globalThis.fetch;

/** An answer has come once all of it has. */
export function fetchThrough(passage: Passage, fetch: Fetch): Fetch {
  return (input, init) => passage(async () => wholeOf(await fetch(input, init)), init?.signal ?? undefined);
}

async function wholeOf(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.arrayBuffer();
  return new Response([204, 205, 304].includes(status) ? null : body, { status, statusText, headers });
}

export interface Ways {
  readonly access: AccessControl & AccessReports;
  /** As another process of the app has it, which knows nothing of the first; each of its calls takes this way. */
  accessThrough(passage: Passage): AccessControl & AccessReports;
}

export function waysBy(partsThrough: (passage: Passage) => AccessControlParts): Ways {
  const accessThrough: Ways['accessThrough'] = (passage) => createAccessControl(partsThrough(passage));
  return { access: accessThrough(straight), accessThrough };
}
