// Sees what IAM Identity Center is working on: one look at its lists serves everybody who waits, so that waiting costs little.
import type { Milliseconds } from '../../domain/names.ts';
import type { WaysOut } from '../ways-out.ts';

export type WorkKind = 'create' | 'delete';

/** Whose access, to what, where. */
export interface Assignment {
  readonly account: string;
  readonly permissionSet: string;
  readonly user: string;
}

/** How to look: by whoever's turn it is. */
export interface Looker {
  readonly using: Pick<WaysOut, 'clock' | 'signal'>;
  /** The ids of what is in progress. */
  list(kind: WorkKind): Promise<readonly string[]>;
  /** What a piece of work is about; undefined where it is about no person, or is not known any more. */
  about(kind: WorkKind, id: string): Promise<Assignment | undefined>;
}

type Round = { readonly [kind in WorkKind]: ReadonlySet<string> };

/** Not looked again before this has passed; where nothing changes, later and later. */
const shortestPauseMs: Milliseconds = 300;
const longestPauseMs: Milliseconds = 2000;
const mostRemembered = 2000;

/** One for each connection: `connection.client(SsoWatch)`. */
export class SsoWatch {
  readonly #known = new Map<string, Assignment | undefined>();
  #running: Promise<Round> | undefined;
  #following: Promise<Round> | undefined;
  #lookedAt: Milliseconds = -Infinity;
  #pauseMs = shortestPauseMs;
  #last = '';

  /** What a piece of work is about, where we began it ourselves. */
  note(id: string, about: Assignment | undefined): void {
    this.#known.set(id, about);
    const [oldest] = this.#known.keys();
    if (this.#known.size > mostRemembered && oldest !== undefined) this.#known.delete(oldest);
  }

  /** What is in progress, seen by a look that began after this call. */
  async inProgress(looker: Looker): Promise<Round> {
    for (;;) {
      let isOwn = false;
      // A look that is under way may have begun too early.
      const round = (this.#following ??= (async () => {
        isOwn = true;
        await this.#running?.catch(() => undefined);
        return this.#look(looker);
      })());
      try {
        return await round;
      } catch (error) {
        // The other one's time may have been up; then it is ours to look.
        if (isOwn || looker.using.signal.aborted) throw error;
      }
    }
  }

  /** Whether anything is in progress for this access. */
  async isBusy(access: Assignment, looker: Looker): Promise<boolean> {
    this.#pauseMs = shortestPauseMs;
    const round = await this.inProgress(looker);
    for (const kind of ['create', 'delete'] as const)
      for (const id of round[kind]) {
        if (!this.#known.has(id)) this.note(id, await looker.about(kind, id));
        if (isSame(this.#known.get(id), access)) return true;
      }
    return false;
  }

  async #look({ using: { clock, signal }, list }: Looker): Promise<Round> {
    const round = (async (): Promise<Round> => {
      const wait = this.#lookedAt + this.#pauseMs - Date.parse(clock.now());
      if (wait > 0) await clock.sleep(wait, signal);
      this.#following = undefined;
      this.#lookedAt = Date.parse(clock.now());
      const [created, deleted] = [await list('create'), await list('delete')];
      this.#adapt([...created, ...deleted].join(' '));
      return { create: new Set(created), delete: new Set(deleted) };
    })();
    this.#running = round;
    try {
      return await round;
    } finally {
      if (this.#running === round) this.#running = undefined;
    }
  }

  #adapt(seen: string): void {
    this.#pauseMs = seen === this.#last ? Math.min(longestPauseMs, this.#pauseMs * 1.5) : shortestPauseMs;
    this.#last = seen;
  }
}

function isSame(one: Assignment | undefined, other: Assignment): boolean {
  return (
    one !== undefined &&
    one.account === other.account &&
    one.permissionSet === other.permissionSet &&
    one.user === other.user
  );
}
