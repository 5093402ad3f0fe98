// npm start: with credentials the GitHub App, without any the sandbox, and half a configuration is refused with a sentence.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSettings } from './app/settings.ts';
import { serve } from './app/serve.ts';

if (existsSync('.env')) process.loadEnvFile('.env');
const read = readSettings(process.env);

if ('settings' in read) await serve(read.settings);
else if ('problems' in read) {
  console.error(
    ['Countersign does not start:', ...read.problems.map((problem) => `  - ${problem}`)].join('\n'),
  );
  process.exitCode = 2;
} else if (!existsSync(new URL('../sandbox/main.ts', import.meta.url))) {
  console.error(
    [
      'Countersign does not start: nothing of its configuration is set, and the sandbox is not part of this installation.',
      '  - Set APP_ID, PRIVATE_KEY (or PRIVATE_KEY_PATH), WEBHOOK_SECRET and COUNTERSIGN_DESKS; docs/setting-up.md says how.',
    ].join('\n'),
  );
  process.exitCode = 2;
} else {
  const { runSandbox } = await import('../sandbox/main.ts');
  const root = fileURLToPath(new URL('..', import.meta.url));
  await runSandbox({
    appCommand: [process.execPath, '--import', 'tsx', fileURLToPath(import.meta.url)],
    seedFolder: `${root}flows`,
    issueTemplateFolder: `${root}.github/ISSUE_TEMPLATE`,
    past: true,
    verifyCommand: [process.execPath, '--import', 'tsx', `${root}src/cli.ts`, 'audit', 'verify'],
    // Three lines say where to look; what goes wrong is still said.
    ...(process.env['LOG_LEVEL'] === undefined && { environment: { LOG_LEVEL: 'warn' } }),
    ...placeFrom(process.env['SANDBOX_PORT']),
  }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

/** A sandbox on a port of its own also has a world of its own: two never write into one folder. */
function placeFrom(text: string | undefined): {
  readonly port?: number;
  readonly appPort?: number;
  readonly folder?: string;
} {
  if (text === undefined || text.trim() === '') return {};
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_535)
    return { port, appPort: port + 1, folder: `.sandbox/${port}` };
  console.error('SANDBOX_PORT is not a number from 1 to 65534. The app takes the port after it.');
  process.exit(2);
}
