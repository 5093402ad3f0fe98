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

type Round = ReadonlyMap<WorkKind, ReadonlySet<string>>;

/** Not looked again before this has passed; where nothing changes, later and later. */
const shortestPauseMs: Milliseconds = 250;
const longestPauseMs: Milliseconds = 2000;
const mostRemembered = 2000;
const kinds: readonly WorkKind[] = ['create', 'delete'];

/** One for each connection: `connection.client(SsoWatch)`. */
export class SsoWatch {
  readonly #known = new Map<string, Assignment | undefined>();
  readonly #wanted = new Set<WorkKind>();
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

  /** Resolves once this is not in progress any more. */
  async over(kind: WorkKind, id: string, looker: Looker): Promise<void> {
    while ((await this.#inProgress([kind], looker)).get(kind)?.has(id) !== false);
  }

  /** Resolves once nothing is in progress for this access. */
  async quiet(access: Assignment, looker: Looker): Promise<void> {
    while (await this.#isBusy(access, looker));
  }

  async #isBusy(access: Assignment, looker: Looker): Promise<boolean> {
    this.#pauseMs = shortestPauseMs;
    const round = await this.#inProgress(kinds, looker);
    for (const [kind, ids] of round)
      for (const id of ids) {
        if (!this.#known.has(id)) this.note(id, await looker.about(kind, id));
        if (isSame(this.#known.get(id), access)) return true;
      }
    return false;
  }

  /** By a look that begins after this call, and serves all who wait for one. */
  async #inProgress(wanted: readonly WorkKind[], looker: Looker): Promise<Round> {
    for (;;) {
      for (const kind of wanted) this.#wanted.add(kind);
      const isOwn = this.#following === undefined;
      // A look that is under way may have begun too early.
      const round = (this.#following ??= this.#lookAfter(this.#running, looker));
      try {
        return await round;
      } catch (error) {
        // The other one's time may have been up; then it is ours to look.
        if (isOwn || looker.using.signal.aborted) throw error;
      }
    }
  }

  async #lookAfter(running: Promise<Round> | undefined, looker: Looker): Promise<Round> {
    await running?.catch(() => undefined);
    const { clock, signal } = looker.using;
    const wait = this.#lookedAt + this.#pauseMs - Date.parse(clock.now());
    if (wait > 0) await clock.sleep(wait, signal);
    this.#running = this.#following;
    this.#following = undefined;
    this.#lookedAt = Date.parse(clock.now());
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    const seen = await Promise.all(
      wanted.map(async (kind) => [kind, new Set(await looker.list(kind))] as const),
    );
    this.#adapt(seen.map(([kind, ids]) => `${kind} ${[...ids].join(' ')}`).join());
    return new Map(seen);
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
