// Which entries need not reach the ledger at once: nothing waits for them, so that they go along with others.
import type { DeskEntryType } from './desk-entries.ts';
import type { EntryType } from './entries.ts';

/** What was told, refused, or begun by time alone and soon followed by how it went. */
const patient: ReadonlySet<EntryType> = new Set<EntryType>([
  'notified',
  'undelivered',
  'forwarded',
  'expiry-warned',
  'review-reminded',
  'refused',
  'deescalation-started',
  'deescalation-failed',
]);

/** Of a desk's own stream. */
const patientOfDesk: ReadonlySet<DeskEntryType> = new Set<DeskEntryType>(['refused', 'identity-found']);

/** Whether neither a strategy nor a card nor anybody's decision waits for the ledger to hold this. */
export function mayWait(type: EntryType): boolean {
  return patient.has(type);
}

export function mayWaitOfDesk(type: DeskEntryType): boolean {
  return patientOfDesk.has(type);
}
