// Fills a folder with the embedded store of many active grants, and writes the same states as plain JSON: FOLDER COUNT.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instant } from '../../src/domain/names.ts';
import { openDisk } from '../../src/store/disk.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { aDesk } from '../builders/request.ts';
import { anActiveGrant, timesOf } from './active-grant.ts';

const [folder = '', counted = '', due = '0', dueAt = '0'] = process.argv.slice(2);
const count = Number(counted);
const plain = join(folder, 'plain');
mkdirSync(plain, { recursive: true });
const complain = (message: string): void => void process.stderr.write(`${message}\n`);
const log = { info: () => undefined, warn: complain, error: complain };
const store = await openEmbeddedStore({ disk: openDisk(join(folder, 'data')), log });
const now = Date.now();
const perFile = Math.ceil(count / 64);
let smallest = Infinity;
let sum = 0;
for (let first = 0; first < count; first += perFile) {
  const some = Array.from({ length: Math.min(perFile, count - first) }, (_, place) => {
    const number = first + place;
    const times = timesOf(number, now);
    return anActiveGrant({
      number,
      ...times,
      ...(number < Number(due) && { expiresAt: instant(Number(dueAt)) }),
    });
  });
  await Promise.all(
    some.map(({ request, lines }) =>
      store.restore({
        request,
        lines: lines.map(({ line }) => line),
        committedSeq: request.seq,
        shownSeq: request.seq,
      }),
    ),
  );
  const states = some.map(({ request }) => JSON.stringify(request));
  for (const { length } of states) {
    smallest = Math.min(smallest, length);
    sum += length;
  }
  writeFileSync(join(plain, `${String(first / perFile).padStart(2, '0')}.json`), `[${states.join(',\n')}]`);
}
await store.setCursor(aDesk, { head: '0123456789abcdef0123456789abcdef01234567' });
await store.setBookmark('bot login', 'countersign[bot]');
await store.compact();
await store.close();
process.send?.({ smallest, average: Math.round(sum / count) });
