// countersign setup: makes the GitHub App in a few clicks, and writes `.env`.
import { parseArgs } from 'node:util';
import { startSetup } from '../setup/setup-server.ts';
import { systemClock } from '../system.ts';
import type { CliCommand, CliConsole } from './command.ts';

export const setup: CliCommand = {
  name: 'setup',
  summary: 'makes the GitHub App in a few clicks, and writes .env',
  usage: [
    '[--folder FOLDER] [--port PORT]',
    '',
    '  --folder  where .env is, or is to be; this one unless said',
    '  --port    of the page, on this machine alone; a free one unless said',
    '',
    'What is set already is not asked again: stop it anywhere, and start it again to go on.',
    'Exit codes: 0 it was ended on its page or by Ctrl-C, 2 called wrongly.',
  ].join('\n'),
  async run(args, console) {
    const options = readOptions(args);
    if (options === undefined) {
      console.err('countersign setup takes --folder FOLDER and --port PORT, and nothing else.');
      return 2;
    }
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const running = await startSetup(
      {
        folder: options.folder,
        environment: process.env,
        fetch: (url, init) => globalThis.fetch(url, init),
        clock: systemClock,
        log,
      },
      options.port,
    );
    sayWhere(console, running.url);
    await Promise.race([running.finished.then(() => systemClock.sleep(500)), interrupted()]);
    await running.stop();
    return 0;
  },
};

function readOptions(
  args: readonly string[],
): { readonly folder: string; readonly port: number } | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { folder: { type: 'string' }, port: { type: 'string' } },
    });
    const port = Number(values.port ?? 0);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return undefined;
    return { folder: values.folder ?? process.cwd(), port };
  } catch {
    return undefined;
  }
}

function sayWhere(console: CliConsole, url: string): void {
  console.out(`Setup   ${url}`);
  console.out('Open it in a browser on this machine. Ctrl-C ends it; what is done is kept.');
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
