// The engine upon many grants, at the second in which some of them are due: says when each was handed over. FOLDER DUE-AT COUNT
import { startScheduler } from '../../src/app/scheduler.ts';
import { createIds, systemClock } from '../../src/app/system.ts';
import { instant } from '../../src/domain/names.ts';
import { createHeart } from '../../src/engine/heart.ts';
import { openDisk } from '../../src/store/disk.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { aHouse } from '../builders/house.ts';
import { aDesk } from '../builders/request.ts';
import { createMemoryBranch } from '../simulation/memory-ledger.ts';

const [folder = '', dueText = '', countText = ''] = process.argv.slice(2);
const [dueAt, count] = [Number(dueText), Number(countText)];
const complain = (message: string, fields?: object): void =>
  void process.stderr.write(`${message} ${JSON.stringify(fields ?? {})}\n`);
const log = { info: () => undefined, warn: complain, error: complain };
const store = await openEmbeddedStore({ disk: openDisk(folder), log });
const branch = createMemoryBranch();
await store.setCursor(aDesk, { head: await branch.ledger.begin() });

/** Time runs as it does, from a little before they are due. */
const lead = 3000;
const shift = dueAt - lead - Date.now();
const clock = { ...systemClock, now: () => instant(Date.now() + shift) };
const dueHere = performance.now() + lead;
const handed = new Map<string, number>();
const rings: number[] = [];
let longestPause = 0;
const allHanded = new Promise<void>((resolve) => {
  const house = aHouse({
    access: {
      async settle({ request, purpose, before }) {
        if (purpose === 'deescalate' && !handed.has(request)) handed.set(request, performance.now());
        if (handed.size >= count) resolve();
        return { verified: 'read-back', holds: before };
      },
    },
  });
  void house.then(async ({ parts }) => {
    const heart = createHeart({
      ...parts,
      store,
      clock,
      log,
      ids: createIds(),
      ledger: () => branch.ledger,
      desks: [aDesk],
    });
    await heart.start();
    await startScheduler({
      clock,
      log,
      chores: [
        { name: 'count', every: 0, run: async () => void rings.push(performance.now()) },
        { name: 'beat', every: 0, run: heart.beat },
      ],
    });
  });
});
let last = performance.now();
setInterval(() => {
  longestPause = Math.max(longestPause, performance.now() - last);
  last = performance.now();
}, 5);
await allHanded;
const times = [...handed.values()];
process.send?.({
  handed: times.length,
  early: times.filter((time) => time < dueHere).length,
  firstRing: (rings.find((time) => time >= dueHere) ?? Infinity) - dueHere,
  lastHanded: Math.max(...times) - dueHere,
  longestPause,
});
