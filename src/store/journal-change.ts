// What the journal says has changed: one line each, whole or not at all.
import type { Line } from '../domain/entry-line.ts';
import type { DeskId, RequestId } from '../domain/names.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { DeskStream, Envelope, LedgerCursor } from '../engine/ports/store.ts';
import type { Damage } from './damage.ts';

export type JournalChange =
  | { readonly t: 'accept'; readonly envelope: Omit<Envelope, 'position'> }
  | {
      readonly t: 'save';
      readonly settles?: Settling;
      readonly refuses?: {
        readonly position: number;
        readonly request: RequestId;
        readonly refusal: Refusal;
      };
      readonly append?: {
        readonly id: RequestId;
        readonly after: number;
        readonly lines: readonly Line[];
      };
      readonly stream?: {
        readonly desk: DeskId;
        readonly after: number;
        readonly lines: readonly Line[];
        readonly bookmark?: { readonly name: string; readonly value: string };
      };
    }
  | {
      readonly t: 'committed';
      readonly desk: DeskId;
      readonly head: string;
      readonly upTo: readonly SeqOf[];
      /** The same of the desk's own stream. */
      readonly stream?: number;
    }
  | { readonly t: 'shown'; readonly upTo: readonly SeqOf[] }
  | { readonly t: 'put'; readonly id: RequestId; readonly raw: RawRequest }
  | { readonly t: 'put-stream'; readonly stream: DeskStream }
  | { readonly t: 'cursor'; readonly desk: DeskId; readonly cursor: LedgerCursor }
  | { readonly t: 'bookmark'; readonly name: string; readonly value: string }
  | { readonly t: 'damage'; readonly damage: Damage };

export type SeqOf = readonly [RequestId, number];

export interface Settling {
  readonly position: number;
  readonly request: RequestId;
  /** The envelope's key, where no entry records it. */
  readonly keeps?: SettledKey;
}

export interface SettledKey {
  readonly key: string;
  readonly at: Envelope['receivedAt'];
}

/** A request as it is written: everything else about it follows from its lines. */
export interface RawRequest {
  readonly lines: readonly Line[];
  readonly committed: number;
  readonly shown: number;
}
