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
} else {
  const { runSandbox } = await import('../sandbox/main.ts');
  const root = fileURLToPath(new URL('..', import.meta.url));
  await runSandbox({
    appCommand: [process.execPath, '--import', 'tsx', fileURLToPath(import.meta.url)],
    seedFolder: `${root}flows`,
    issueTemplateFolder: `${root}.github/ISSUE_TEMPLATE`,
  });
}
