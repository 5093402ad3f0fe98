// Draws an account's picture from its initials; a bot's is square, as on GitHub.
import type { GitHub } from '../github/github.ts';

export function avatar(github: GitHub, id: string): Response {
  const account = github.state.accounts.get(id.replace(/\.svg$/, ''));
  const name = account?.name ?? account?.login ?? '?';
  const hue = (Number.parseInt(id, 10) * 47) % 360;
  const isBot = account?.type === 'Bot';
  const initials = isBot ? '✓' : initialsOf(name);
  const shape = isBot
    ? '<rect width="80" height="80" rx="14" fill="#0f766e"/>'
    : `<circle cx="40" cy="40" r="40" fill="hsl(${hue} 42% 42%)"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 80">${shape}<text x="40" y="42" fill="#fff" font-family="system-ui,sans-serif" font-size="30" font-weight="600" text-anchor="middle" dominant-baseline="central">${initials}</text></svg>`;
  return new Response(svg, {
    status: account ? 200 : 404,
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
