// The app and its command line, each built into one file: a process starts from it in a fraction of the time that it takes to load each file of `src/`.
// `src/app/setup/setup.test.ts` starts it file by file, as `npm start` does.
import { join } from 'node:path';
import { bundle, place } from './bundle.ts';

let app: Promise<void> | undefined;
let cli: Promise<void> | undefined;

/** What starts the app, as `npm start` does. It starts so often that its packages are worth their time too. */
export async function builtApp(): Promise<readonly string[]> {
  await (app ??= bundle({ entries: { main: 'src/main.ts' }, extension: '.mjs', packages: 'within' }));
  return [process.execPath, join(place, 'main.mjs')];
}

/** What runs the command line, as `npm run countersign` does. */
export async function builtCli(): Promise<readonly string[]> {
  await (cli ??= bundle({ entries: { cli: 'src/cli.ts' }, extension: '.mjs', packages: 'beside' }));
  return [process.execPath, join(place, 'cli.mjs')];
}
