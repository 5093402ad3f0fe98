// A sandbox with this repository's app and desk beside it, in a folder and on ports of its own, gone when it stops: for the demo and for tests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { runSandbox, type RunningSandbox } from './main.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Without a past, unless it is asked for: it takes a while. */
export async function runThrowaway(
  logLevel: 'error' | 'fatal',
  { past = false }: { readonly past?: boolean } = {},
): Promise<RunningSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-sandbox-'));
  const running = await runSandbox({
    appCommand: [process.execPath, '--import', 'tsx', join(root, 'src/main.ts')],
    seedFolder: join(root, 'flows'),
    issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
    folder,
    port: await freePort(),
    appPort: await freePort(),
    environment: { LOG_LEVEL: logLevel },
    past,
    verifyCommand: [process.execPath, '--import', 'tsx', join(root, 'src/cli.ts'), 'audit', 'verify'],
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
