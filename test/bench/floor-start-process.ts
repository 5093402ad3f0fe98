// The floor of a start: all states read by JSON.parse and kept, and a bare Probot that is ready. FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const states: unknown[] = readdirSync(folder).map((name) =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')),
);
const { Probot } = await import('probot');
const probot = new Probot({
  appId: 1001,
  privateKey: process.env['PRIVATE_KEY'] ?? '',
  secret: process.env['WEBHOOK_SECRET'] ?? '',
  logLevel: 'fatal',
});
await probot.ready();
process.stdout.write(`The floor is ready: ${states.flat().length} states\n`);
// Until it is killed.
setInterval(() => states.length, 1000);
