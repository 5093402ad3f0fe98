// The app upon many grants: started as it starts itself, then every shard is changed and the whole store compacted.
import { readFileSync } from 'node:fs';
import { Probot } from 'probot';
import { compose } from '../../src/app/compose.ts';
import { startScheduler } from '../../src/app/scheduler.ts';
import { createIds, logOf, systemClock } from '../../src/app/system.ts';
import { readSettings } from '../../src/app/settings.ts';
import { instant } from '../../src/domain/names.ts';
import { openDisk } from '../../src/store/disk.ts';
import { shardCount, shardOf } from '../../src/store/shard.ts';
import { anEnvelope } from '../builders/command.ts';

const read = readSettings(process.env);
if (!('settings' in read)) throw new Error(`These are no settings: ${JSON.stringify(read)}`);
const { settings } = read;
const { appId, privateKey } = settings.app;
const probot = new Probot({ appId, privateKey, secret: settings.webhookSecret, logLevel: 'error' });
await probot.ready();
const log = logOf(probot.log);
const clock = systemClock;
const disk = openDisk(settings.dataFolder);
const written = new Set<string>();
const { heart, store } = await compose(settings, {
  clock,
  ids: createIds(),
  fetch: globalThis.fetch,
  log,
  disk: { ...disk, rename: (from, to) => (written.add(to), disk.rename(from, to)) },
});
await heart.start();
const scheduler = await startScheduler({
  clock,
  log,
  chores: [{ name: 'beat', every: 0, run: heart.beat }],
});
const started = peakMiB();
const open = await store.open();
const onePerShard = new Map(open.map((id) => [shardOf(id), id]));
// Something is said about one request of each shard: then each has changed.
for (const request of onePerShard.values())
  await store.accept(anEnvelope({ request, ref: `said-${request}`, receivedAt: instant(Date.now()) }));
await store.compact();
const compacted = peakMiB();
await scheduler.stop();
process.send?.({
  grants: open.length,
  isWhole: onePerShard.size === shardCount && written.size === shardCount + 1,
  started,
  compacted,
});

/** The most memory that was ever resident, as the kernel counts it. */
function peakMiB(): number {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kib) / 1024;
}
