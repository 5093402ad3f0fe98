// Draws an account's picture from its initials; a bot's is square, as on GitHub, and everybody's on Slack.
import type { GitHub } from '../github/github.ts';
import type { Sandbox } from '../server.ts';

export function avatar(github: GitHub, id: string): Response {
  const account = github.state.accounts.get(id.replace(/\.svg$/, ''));
  const isBot = account?.type === 'Bot';
  return picture({
    initials: isBot ? '✓' : initialsOf(account?.name ?? account?.login ?? '?'),
    shape: isBot ? appShape : `<circle cx="40" cy="40" r="40" fill="${colour(Number.parseInt(id, 10))}"/>`,
    isThere: account !== undefined,
  });
}

/** In the colour that the same person has on GitHub. */
export function slackAvatar({ github, slack }: Sandbox, id: string): Response {
  const user = slack?.state.users.get(id);
  const account = user?.email ? github.state.accounts.find(({ email }) => email === user.email) : undefined;
  const seed = account?.id ?? [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return picture({
    initials: user?.is_bot ? '✓' : initialsOf(user?.real_name ?? '?'),
    shape: user?.is_bot ? appShape : `<rect width="80" height="80" rx="14" fill="${colour(seed)}"/>`,
    isThere: user !== undefined,
  });
}

const appShape = '<rect width="80" height="80" rx="14" fill="#0f766e"/>';

function colour(seed: number): string {
  return `hsl(${(seed * 47) % 360} 42% 42%)`;
}

function picture({
  initials,
  shape,
  isThere,
}: {
  readonly initials: string;
  readonly shape: string;
  readonly isThere: boolean;
}): Response {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80">${shape}<text x="40" y="42" fill="#fff" font-family="system-ui,sans-serif" font-size="30" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text></svg>`;
  return new Response(svg, {
    status: isThere ? 200 : 404,
    headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=3600' },
  });
}

function initialsOf(name: string): string {
  const letters = name
    .split(/\s+/)
    .map((word) => word.replace(/[^\p{L}\p{N}]/gu, '').slice(0, 1))
    .join('');
  return letters.slice(0, 2).toUpperCase();
}
