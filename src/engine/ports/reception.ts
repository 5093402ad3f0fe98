// What surfaces may ask of the engine.
import type { PersonCommand, Voice } from '../../domain/commands.ts';
import type { Thread } from '../../domain/entries.ts';
import type { Why } from '../../domain/explain.ts';
import type { Account, DeskId, Destination, Milliseconds, PersonId, RequestId } from '../../domain/names.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { Request } from '../../domain/request.ts';
import type { HandedOver } from './access.ts';
import type { Shown } from './surface.ts';

export interface Receipt {
  readonly request: RequestId;
  /** `known`: this was said before, and nothing more happens. */
  readonly state: 'accepted' | 'known';
}

export type Outcome = { readonly done: Request } | { readonly refused: Refusal } | { readonly working: true };

/** What is for the requester alone. */
export interface HandingOver {
  /**
   * Tells the requester what goes with their access, once: it counts as told when `show` resolves. Throws `Failure`,
   * where it cannot be had now or could not be shown.
   */
  handOver(
    id: RequestId,
    voice: Pick<Voice, 'account' | 'surface' | 'name' | 'ref'>,
    show: (what: HandedOver) => Promise<void>,
  ): Promise<HandOverOutcome>;
}

/** `not-yours`: somebody else asked. `told`: it was shown already. `over`: the access is not there, or nothing goes with it. */
export type HandOverOutcome = 'shown' | 'not-yours' | 'told' | 'over';

export interface Reception {
  /** Durable when it resolves: then the sender may be told. `about` is undefined for a new request. */
  accept(command: PersonCommand, about?: RequestId): Promise<Receipt>;
  /** Waits a moment for what became of it. */
  outcome(receipt: Receipt, within: Milliseconds): Promise<Outcome>;
  requestOf(thread: Thread): Promise<RequestId | undefined>;
  /** Read-only: the state as people may see it. */
  view(id: RequestId): Promise<Request | undefined>;
  /** Read-only: what was judged, who is missing, and what an approval by this voice would meet. */
  why(id: RequestId, voice: Voice): Promise<Why | undefined>;
  /** Shows the card again as it should be: somebody else changed or removed it. */
  reshow(id: RequestId): Promise<void>;
}

/** For surfaces whose cards tell by themselves which request they are of. */
export interface Adoption {
  /** What whoever takes a press has to know before; it is not to be shown, as some of it may not be proven yet. */
  glance(id: RequestId): Promise<Pick<Request, 'id' | 'desk' | 'messages' | 'policy'> | undefined>;
  /** A card that we posted and know nothing of: from now on it is edited like any other. */
  adopt(id: RequestId, to: Destination, card: Shown): Promise<void>;
}

/** What one person has to do with. */
export interface Overview {
  /** Read-only: what a person has asked for that is not over or waits for its review, newest first. */
  askedBy(desk: DeskId, person: PersonId): Promise<readonly Request[]>;
  /** Read-only: what a person may decide now, newest first, and then what they may review. */
  waitingFor(desk: DeskId, person: PersonId): Promise<readonly Request[]>;
  /** Read-only: access that nobody approved, of whoever an account belongs to, whose review is still to be given. */
  debtsOf(desk: DeskId, account: Account): Promise<readonly Request[]>;
}
