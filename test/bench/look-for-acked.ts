// After a kill: every command that was acked has to be in the store, whatever became of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { Bench } from './figure.ts';

/** `data` is the app's folder. Throws where one is missing. */
export async function lookForAcked(
  {
    data,
    folder,
    surface,
  }: {
    readonly data: string;
    readonly folder: string;
    readonly surface: 'github' | 'slack';
  },
  acked: readonly string[],
  bench: Bench,
): Promise<void> {
  const refs = join(folder, 'acked.json');
  writeFileSync(refs, JSON.stringify(acked));
  const looking = startChild('acked-process.ts', [data, refs, surface]);
  const found: { readonly missing: readonly string[] } = JSON.parse(JSON.stringify(await looking.next()));
  await looking.kill();
  bench.say(`after SIGKILL, of ${acked.length} acked: ${JSON.stringify(found)}`);
  if (found.missing.length > 0) throw new Error(`${found.missing.length} acked commands are lost.`);
}
