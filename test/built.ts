// The app and its command line, each built into one file: a process starts from it in a quarter of the time that it takes to load each file of `src/`.
// `src/app/setup/setup.test.ts` starts it file by file, as `npm start` does.
import { join } from 'node:path';
import { bundle, place } from './bundle.ts';

let built: Promise<void> | undefined;

/** What starts the app, as `npm start` does. */
export const builtApp = (): Promise<readonly string[]> => commandOf('main');

/** What runs the command line, as `npm run countersign` does. */
export const builtCli = (): Promise<readonly string[]> => commandOf('cli');

async function commandOf(name: 'main' | 'cli'): Promise<readonly string[]> {
  await (built ??= bundle({ entries: { main: 'src/main.ts', cli: 'src/cli.ts' }, extension: '.mjs' }));
  return [process.execPath, join(place, `${name}.mjs`)];
}
