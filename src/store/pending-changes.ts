// What was said to the store and is not durable yet: seen by the checks of later changes, and by nobody who reads.
import type { RequestId } from '../domain/names.ts';

export class PendingChanges {
  readonly #ends = new Map<RequestId, { readonly seq: number; readonly changes: number }>();
  readonly #keys = new Map<string, { readonly request: RequestId; readonly durable: Promise<void> }>();
  readonly #settled = new Set<number>();

  /** The last entry, once everything on its way is durable. */
  seqOf(id: RequestId): number | undefined {
    return this.#ends.get(id)?.seq;
  }

  isBusy(id: RequestId): boolean {
    return this.#ends.has(id);
  }

  isSettled(position: number): boolean {
    return this.#settled.has(position);
  }

  accepted(key: string): { readonly request: RequestId; readonly durable: Promise<void> } | undefined {
    return this.#keys.get(key);
  }

  async acceptance(key: string, request: RequestId, durable: Promise<void>): Promise<void> {
    this.#keys.set(key, { request, durable });
    await durable.finally(() => this.#keys.delete(key));
  }

  /** Until `durable` settles, the request ends at `seq` and the envelope is settled. */
  async change(
    what: { readonly id?: RequestId; readonly seq?: number; readonly settles?: number },
    durable: Promise<void>,
  ): Promise<void> {
    const { id, seq, settles } = what;
    if (id !== undefined && seq !== undefined)
      this.#ends.set(id, { seq, changes: 1 + (this.#ends.get(id)?.changes ?? 0) });
    if (settles !== undefined) this.#settled.add(settles);
    await durable.finally(() => {
      if (settles !== undefined) this.#settled.delete(settles);
      const end = id === undefined ? undefined : this.#ends.get(id);
      if (id === undefined || end === undefined) return;
      if (end.changes > 1) this.#ends.set(id, { ...end, changes: end.changes - 1 });
      else this.#ends.delete(id);
    });
  }
}
