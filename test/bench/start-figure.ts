// How long a start takes with a hundred thousand active grants, against reading the same states and starting a bare Probot.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Bench, Figure } from './figure.ts';
import { grantCount, manyGrants, surroundings } from './many-grants.ts';

const rounds = 5;

/**
 * Both sides are a process of its own, `node --import tsx FILE`, timed from its spawn to the line that says that it is
 * ready. Ours is `src/main.ts`, the whole app: its modules, Probot, the store opened (every line's checksum verified),
 * what is owed taken up, the bell, the port. The floor reads 64 files of JSON with the state of each request, the very
 * text of `JSON.stringify`, by `JSON.parse`, keeps all of them, and then imports and readies a bare Probot. Files of
 * both are in the page cache. After each start the app is killed with SIGKILL, so that the next one is one after a crash.
 */
export const startFigure: Figure = {
  name: 'start-100k-vs-floor',
  bar: 5,
  better: 'lower',
  meaning:
    'With 100,000 active grants: start of the app until it is ready, by JSON.parse of the same states and the start of a bare Probot.',
  async measure(bench: Bench) {
    const { data, plain } = await manyGrants(bench, { name: 'grants', count: grantCount });
    const around = await surroundings(data);
    const ours = (): Promise<number> =>
      untilLine('../../src/main.ts', [], 'Countersign is up', around.environment);
    const floor = (): Promise<number> =>
      untilLine('./floor-start-process.ts', [plain], 'The floor is ready', around.environment);
    try {
      // Once each beforehand: tsx compiles, the page cache fills.
      await floor();
      await ours();
      const ratios: number[] = [];
      for (let round = 1; round <= rounds; round += 1) {
        const [below, above] = [await floor(), await ours()];
        ratios.push(above / below);
        bench.say(`round ${round}: floor ${below.toFixed(0)} ms, app ${above.toFixed(0)} ms`);
      }
      return ratios;
    } finally {
      around.end();
    }
  },
};

/** Milliseconds from the spawn to the line; then it is killed. */
async function untilLine(
  file: string,
  args: readonly string[],
  wanted: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const printed: string[] = [];
  child.stderr.on('data', (text: Buffer) => printed.push(text.toString()));
  let took: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (!line.includes(wanted)) continue;
    took = performance.now() - startedAt;
    break;
  }
  child.kill('SIGKILL');
  await gone;
  if (took !== undefined) return took;
  throw new Error(`${file} never said “${wanted}”:\n${printed.join('\n').slice(-4000)}`);
}
