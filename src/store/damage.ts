// What could not be read when the store was opened: remembered until the app has rebuilt it from the ledger.

export interface Damage {
  /** Files that were missing, or of which only a part could be read. */
  readonly lostShards: readonly string[];
  /** Lines that had been durable and are gone. */
  readonly droppedLines: number;
}

export const noDamage: Damage = { lostShards: [], droppedLines: 0 };

export function isDamaged({ lostShards, droppedLines }: Damage): boolean {
  return lostShards.length > 0 || droppedLines > 0;
}

export function addDamage(a: Damage, b: Damage): Damage {
  return {
    lostShards: [...new Set([...a.lostShards, ...b.lostShards])].sort(),
    droppedLines: a.droppedLines + b.droppedLines,
  };
}
