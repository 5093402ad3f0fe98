// A sandbox with this repository's app and desk beside it, in a folder and on ports of its own, gone when it stops: for the demo and for tests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { runSandbox, type RunningSandbox } from './main.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const run = (file: string): readonly string[] => [process.execPath, '--import', 'tsx', join(root, file)];

/** Without a past, unless it is asked for: it takes a while. `app`, `cli`: what starts them, a program and its arguments. */
export async function runThrowaway(
  logLevel: 'error' | 'fatal',
  {
    past = false,
    app = run('src/main.ts'),
    cli = run('src/cli.ts'),
  }: { readonly past?: boolean; readonly app?: readonly string[]; readonly cli?: readonly string[] } = {},
): Promise<RunningSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-sandbox-'));
  const running = await runSandbox({
    appCommand: app,
    seedFolder: join(root, 'flows'),
    issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
    folder,
    port: await freePort(),
    appPort: await freePort(),
    environment: { LOG_LEVEL: logLevel },
    past,
    verifyCommand: [...cli, 'audit', 'verify'],
    print: () => undefined,
  });
  return {
    ...running,
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
