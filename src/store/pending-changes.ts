// What was said to the store and is not durable yet: seen by the checks of later changes, and by nobody who reads.
import type { DeskId, RequestId } from '../domain/names.ts';

/** A chain that is about to have its end at `seq`: a request's, or a desk's own. */
export interface PendingEnd {
  readonly of: RequestId | DeskId;
  readonly seq: number;
}

export class PendingChanges {
  readonly #ends = new Map<
    RequestId | DeskId,
    { readonly seq: number; readonly changes: number; readonly durable: Promise<void> }
  >();
  readonly #keys = new Map<string, { readonly request: RequestId; readonly durable: Promise<void> }>();
  readonly #settled = new Map<number, Promise<void>>();

  /** The last entry, once everything on its way is durable. */
  seqOf(id: RequestId | DeskId): number | undefined {
    return this.#ends.get(id)?.seq;
  }

  isBusy(id: RequestId | DeskId): boolean {
    return this.#ends.has(id);
  }

  isSettled(position: number): boolean {
    return this.#settled.has(position);
  }

  /** Resolves once what is on its way for this chain, or settles this envelope, can be read or has failed. */
  async past(of: RequestId | DeskId | number): Promise<void> {
    const durable = typeof of === 'number' ? this.#settled.get(of) : this.#ends.get(of)?.durable;
    await durable?.catch(() => undefined);
  }

  accepted(key: string): { readonly request: RequestId; readonly durable: Promise<void> } | undefined {
    return this.#keys.get(key);
  }

  async acceptance(key: string, request: RequestId, durable: Promise<void>): Promise<void> {
    this.#keys.set(key, { request, durable });
    await durable.finally(() => this.#keys.delete(key));
  }

  /** Until `durable` settles, the chains end there and the envelope is settled. */
  async change(
    { ends = [], settles }: { readonly ends?: readonly PendingEnd[]; readonly settles?: number },
    durable: Promise<void>,
  ): Promise<void> {
    for (const { of, seq } of ends)
      this.#ends.set(of, { seq, changes: 1 + (this.#ends.get(of)?.changes ?? 0), durable });
    if (settles !== undefined) this.#settled.set(settles, durable);
    await durable.finally(() => {
      if (settles !== undefined) this.#settled.delete(settles);
      for (const { of } of ends) this.#release(of);
    });
  }

  #release(of: RequestId | DeskId): void {
    const end = this.#ends.get(of);
    if (end === undefined) return;
    if (end.changes > 1) this.#ends.set(of, { ...end, changes: end.changes - 1 });
    else this.#ends.delete(of);
  }
}
