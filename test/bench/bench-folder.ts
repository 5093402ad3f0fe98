// A folder for one run of the bench, on a disk that an fsync really reaches, and gone when the run is over.
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface BenchFolder {
  readonly path: string;
  /** False where nothing but memory was found to write to: fsync costs nothing there. */
  readonly isOnDisk: boolean;
  remove(): void;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
/** As Linux calls them: tmpfs and ramfs. */
const inMemory: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

export function makeBenchFolder(): BenchFolder {
  const places = [tmpdir(), '/var/tmp', root];
  const onDisk = places.find(isOnDisk);
  const path = mkdtempSync(join(onDisk ?? tmpdir(), 'countersign-bench-'));
  return {
    path,
    isOnDisk: onDisk !== undefined,
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function isOnDisk(place: string): boolean {
  try {
    return !inMemory.has(statfsSync(place).type);
  } catch {
    return false;
  }
}
