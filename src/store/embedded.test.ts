// The embedded store against the contract of all stores, on a disk in memory and on a real one.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract, type Harness } from '../../test/contracts/store.ts';
import { openDisk } from './disk.ts';
import { openEmbeddedStore } from './embedded.ts';
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

storeContract('The embedded store on a disk in memory', () => inMemory(createMemoryDisk()));
storeContract('The embedded store on a real disk', async () => inFolder(await newFolder()));

async function inMemory(disk: MemoryDisk): Promise<Harness> {
  const store = await openEmbeddedStore({ disk, log: silent });
  return {
    store,
    housekeep: () => store.compact(),
    async reopen(how) {
      if (how === 'closed') await store.close();
      return inMemory(how === 'closed' ? disk : disk.afterKill());
    },
    end: () => store.close(),
  };
}

async function inFolder(folder: string): Promise<Harness> {
  const store = await openEmbeddedStore({ disk: openDisk(folder), log: silent });
  return {
    store,
    housekeep: () => store.compact(),
    async reopen(how) {
      if (how === 'closed') {
        await store.close();
        return inFolder(folder);
      }
      // What a killed process leaves is what is on the disk at any moment.
      const copy = await newFolder();
      await cp(folder, copy, { recursive: true, filter: (path) => !path.endsWith('/lock') });
      await store.close();
      await rm(folder, { recursive: true });
      return inFolder(copy);
    },
    async end() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'countersign-store-'));
}
