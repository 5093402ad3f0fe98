// Which shard a request belongs to, and what a shard's files are called.
import type { RequestId } from '../domain/names.ts';

export const shardCount = 64;

/** FNV-1a: the shard is found again in every version and on every machine. */
export function shardOf(id: RequestId): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < id.length; place += 1)
    hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193) >>> 0;
  return hash % shardCount;
}

export function shardName(shard: number): string {
  return `open-${String(shard).padStart(2, '0')}.jsonl`;
}

export function archiveName(shard: number): string {
  return `ended-${String(shard).padStart(2, '0')}.jsonl`;
}
