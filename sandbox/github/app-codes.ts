// The code that an app's maker is sent back with: good once, for an hour, for everything that is secret about the app.
import { randomBytes } from 'node:crypto';
import type { GitHub } from './github.ts';
import { notFound } from './problem.ts';
import type { AppRow } from './rows.ts';

const CODE_LIFE_MS = 3600 * 1000;

export function codeFor(github: GitHub, app: AppRow): string {
  const code = randomBytes(20).toString('hex');
  const until = github.now().getTime() + CODE_LIFE_MS;
  github.state.secrets.put({ name: nameOf(code), value: `${app.id} ${until}` });
  return code;
}

export function takeMadeApp(github: GitHub, code: string): AppRow {
  const [id = '', until = ''] = (github.state.secrets.get(nameOf(code))?.value ?? '').split(' ');
  github.state.secrets.delete(nameOf(code));
  const app = github.state.apps.get(id);
  if (!app || github.now().getTime() > Number(until)) throw notFound();
  return app;
}

function nameOf(code: string): string {
  return `app-code ${code}`;
}
