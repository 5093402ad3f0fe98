// What was accepted and is not settled yet: found by its position, and by the request that it is about.
import type { RequestId } from '../domain/names.ts';
import type { Envelope } from '../engine/ports/store.ts';

export class Envelopes {
  readonly #all = new Map<number, Envelope>();
  readonly #about = new Map<RequestId, Map<number, Envelope>>();
  /** Positions only grow; but at the start one shard is read after the other. */
  #isInOrder = true;
  #last = 0;

  put(envelope: Envelope): void {
    const { position, request } = envelope;
    if (!this.#all.has(position)) {
      this.#isInOrder &&= position > this.#last;
      this.#last = Math.max(this.#last, position);
    }
    this.#all.set(position, envelope);
    const about = this.#about.get(request) ?? new Map<number, Envelope>();
    this.#about.set(request, about.set(position, envelope));
  }

  get(position: number): Envelope | undefined {
    return this.#all.get(position);
  }

  has(position: number): boolean {
    return this.#all.has(position);
  }

  delete(position: number): void {
    const request = this.#all.get(position)?.request;
    if (request === undefined) return;
    this.#all.delete(position);
    const about = this.#about.get(request);
    about?.delete(position);
    if (about?.size === 0) this.#about.delete(request);
  }

  /** In order of receipt. */
  list(about?: RequestId): readonly Envelope[] {
    const some = about === undefined ? this.#all : this.#about.get(about);
    const list = [...(some?.values() ?? [])];
    return this.#isInOrder ? list : list.sort((a, b) => a.position - b.position);
  }

  isAbout(id: RequestId): boolean {
    return this.#about.has(id);
  }
}
