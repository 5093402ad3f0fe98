// A token to repeat the app's calls with: copied on the page, never shown there.
import { createSign } from 'node:crypto';
import type { GitHub } from '../github/github.ts';
import { unprocessable } from '../github/problem.ts';
import type { AppRow } from '../github/rows.ts';
import { issueToken } from '../github/tokens.ts';

const jwtSeconds = 540;

/** `kind`: an app's slug, `vault`, or `jwt` for the main app as itself. */
export function tokenFor(github: GitHub, kind: string): string {
  if (kind === 'vault') return github.state.secrets.get('vault-token')?.value ?? '';
  const [main] = github.state.apps.all();
  const app = kind === 'jwt' ? main : github.state.apps.find(({ slug }) => slug === kind);
  if (!app) throw unprocessable(`There is no token of the kind ${kind}.`);
  if (kind === 'jwt') return jwtOf(github, app);
  const installation = github.state.installations.find(({ app_id }) => app_id === app.id);
  if (!installation) throw unprocessable(`${kind} is installed nowhere.`);
  return issueToken(github, app, installation, {}).token;
}

function jwtOf(github: GitHub, app: AppRow): string {
  const now = Math.floor(github.now().getTime() / 1000);
  const content = [
    { alg: 'RS256', typ: 'JWT' },
    { iat: now - 60, exp: now + jwtSeconds, iss: String(app.id) },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${content}.${createSign('RSA-SHA256').update(content).sign(app.private_key, 'base64url')}`;
}
