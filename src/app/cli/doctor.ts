// countersign doctor: looks at everything that a running app needs, and says what is missing and what to do.
import { examine } from '../doctor/examine.ts';
import { isHealthy, jsonReport, printReport } from '../doctor/report.ts';
import { withEnvFile } from '../environment.ts';
import type { CliCommand } from './command.ts';
import { clockOf } from './operator.ts';

export const doctor: CliCommand = {
  name: 'doctor',
  summary: 'looks at settings, apps and desks, and says what is missing',
  usage: [
    '[--json]',
    '',
    'Reads the environment and .env, as the app does. Changes nothing, and may run beside the app.',
    'Numbers are the steps of docs/setting-up.md: ✓ is well, ! is to be known, ✗ is not well, – was not looked at.',
    'Exit codes: 0 all is well, 1 something is not, 2 called wrongly.',
  ].join('\n'),
  async run(args, console) {
    const isJson = args.length === 1 && args[0] === '--json';
    if (args.length > 0 && !isJson) {
      console.err('countersign doctor takes --json, and nothing else.');
      return 2;
    }
    const environment = withEnvFile(process.env, process.cwd());
    const examined = await examine({
      environment,
      nodeVersion: process.version,
      fetch: (url, init) => globalThis.fetch(url, init),
      clock: clockOf(environment),
    });
    const lines = isJson ? [JSON.stringify(jsonReport(examined), null, 2)] : printReport(examined);
    for (const line of lines) console.out(line);
    return isHealthy(examined) ? 0 : 1;
  },
};
