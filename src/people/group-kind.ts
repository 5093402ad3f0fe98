// What answers "does this person belong here?": one small file for each kind of group, one line for each in the list.
import type { WaysOut } from '../clients/ways-out.ts';
import type { Unknown } from '../domain/facts.ts';
import type { DeskId, Group } from '../domain/names.ts';
import type { Desk, Person } from '../desk/desk.ts';

export interface GroupKind {
  /** What stands before the colon: `team`. */
  readonly kind: string;
  /**
   * Whether the person belongs there at this moment; somebody who has no account there does not. `unknown` where it
   * cannot be told: the sentence says why, and whoever decides takes it for a no. A thrown `Failure` is the same.
   */
  belongs(question: GroupQuestion): Promise<boolean | Unknown>;
}

export interface GroupQuestion {
  readonly desk: DeskId;
  /** A guest only where guests are asked for: those are in no internal group. */
  readonly person: Person;
  /** What stands after the colon: `acme/data`. */
  readonly id: string;
  /** The desk's files as they are now. */
  readonly files: Desk;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  /** The ways to services that the desk's integrations name, bounded by the same time. */
  readonly using: WaysOut;
  /** For kinds that are made of other groups. */
  ask(group: Group): Promise<boolean | Unknown>;
}
