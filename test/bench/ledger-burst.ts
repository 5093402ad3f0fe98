// A thousand entries at once, brought into the ledger: real store, real committer, commits through GitHub's API in the sandbox.
import { join } from 'node:path';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { createIds, systemClock } from '../../src/app/system.ts';
import { createGitHubApp } from '../../src/clients/github/github-app.ts';
import { deskId } from '../../src/domain/names.ts';
import { createCommitter } from '../../src/engine/committer.ts';
import type { Log } from '../../src/engine/ports/log.ts';
import { createGitHubLedger } from '../../src/ledger/github-ledger.ts';
import { ledgerScribe } from '../../src/ledger/scribe.ts';
import { openDisk } from '../../src/store/disk.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { anId, aRequest } from '../builders/request.ts';
import type { Bench, Figure } from './figure.ts';

const entries = 1000;
const repository = 700_100_001;
const desk = deskId('github', repository);

export const commitsPer1000Entries: Figure = {
  name: 'commits-per-1000-entries',
  bar: 20,
  better: 'lower',
  meaning:
    'Commits that 1,000 entries make which are recorded at once, in the worst case: each of a request of its own.',
  measure,
};

async function measure({ folder, say }: Bench): Promise<number> {
  const log: Log = { info: () => undefined, warn: say, error: say };
  const sandbox = await startSandbox({
    port: 0,
    folder: join(folder, 'burst'),
    world: sampleWorld,
    limits: true,
  });
  try {
    const { APP_ID: appId = '', PRIVATE_KEY: privateKey = '' } = sandbox.environment();
    const baseUrl = `${sandbox.url}/api/v3`;
    const github = createGitHubApp({
      appId,
      privateKey,
      baseUrl,
      fetch: globalThis.fetch,
      clock: systemClock,
      log,
    });
    const ledger = createGitHubLedger({
      branch: 'countersign/ledger',
      botLogin: async () => 'countersign[bot]',
      place: async () => {
        const { installation, owner, name } = await github.forRepositoryId(repository);
        return { octokit: installation.at('ledger'), owner, name };
      },
    });
    const store = await openEmbeddedStore({ disk: openDisk(join(folder, 'burst-store')), log });
    const ids = createIds();
    const parts = { store, clock: systemClock, ids, log, scribe: ledgerScribe, ledger: () => ledger };
    const committer = createCommitter({ ...parts, committed: () => undefined });
    const began = Date.now();
    await Promise.all(
      Array.from({ length: entries }, async (_, number) => {
        const id = anId(number + 1);
        const { request, lines } = aRequest({
          id,
          desk,
          ref: `I_${number}`,
          thread: null,
          at: systemClock.now(),
        });
        await store.save({ append: { request, lines, afterSeq: 0 } });
        committer.poke(desk);
      }),
    );
    await committer.idle();
    const left = await store.uncommitted(desk, entries);
    await store.close();
    if (left.length > 0) throw new Error(`${left.length} requests are not in the ledger.`);
    const commits = sandbox.ledgerLog().filter(({ message }) => message.includes('Countersign-Batch:'));
    say(`${commits.length} commits in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
    return commits.length;
  } finally {
    await sandbox.stop();
  }
}
