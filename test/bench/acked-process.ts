// After the kill: opens the store anew and looks for every command that was acked. FOLDER FILE-OF-REFS SURFACE
import { readFileSync } from 'node:fs';
import { instant } from '../../src/domain/names.ts';
import { keyOf } from '../../src/engine/ports/store.ts';
import { openDisk } from '../../src/store/disk.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { anEnvelope } from '../builders/command.ts';
import { anId } from '../builders/request.ts';

const [folder = '', file = '', surface = ''] = process.argv.slice(2);
const on = surface === 'slack' ? surface : 'github';
const refs: readonly string[] = JSON.parse(readFileSync(file, 'utf8'));
const complain = (message: string): void => void process.stderr.write(`${message}\n`);
const log = { info: () => undefined, warn: complain, error: complain };
const store = await openEmbeddedStore({ disk: openDisk(folder), log });
const waiting = new Set((await store.waiting()).map(({ command }) => command.voice.ref));
const loaded = await Promise.all((await store.open()).map((id) => store.load(id)));
const heard = new Set(loaded.flatMap((stored) => stored?.request.heard ?? []));
const count = { waiting: 0, recorded: 0, known: 0 };
const missing: string[] = [];
for (const ref of refs) {
  if (waiting.has(ref)) count.waiting += 1;
  else if (heard.has(ref)) count.recorded += 1;
  // A refusal that was told before is settled without an entry: then the key alone is kept.
  else if (await isKnown(ref)) count.known += 1;
  else missing.push(ref);
}
await store.close();
process.send?.({ ...count, missing });

async function isKnown(ref: string): Promise<boolean> {
  const again = anEnvelope({ ref, request: anId(), receivedAt: instant(Date.now()) });
  return 'known' in (await store.accept({ ...again, key: keyOf({ surface: on, ref }) }));
}
