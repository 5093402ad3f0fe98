// Serves the page's files; its TypeScript loses its types on the way to the browser.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const transpiled = new Map<string, string>();

export function servePage(): Response {
  const text = readFileSync(pageFile('index.html'), 'utf8');
  return new Response(text, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}

function pageFile(name: string): string {
  return fileURLToPath(new URL(`../page/${name}`, import.meta.url));
}

export async function servePageFile(name: string): Promise<Response> {
  const kind = /^[a-z-]+\.(css|ts|svg)$/.exec(name)?.[1];
  if (!kind || !existsSync(pageFile(name))) return new Response('Not found.\n', { status: 404 });
  const text = readFileSync(pageFile(name), 'utf8');
  if (kind === 'css') return new Response(text, { headers: { 'content-type': 'text/css; charset=utf-8' } });
  if (kind === 'svg') return new Response(text, { headers: { 'content-type': 'image/svg+xml' } });
  return new Response(await scriptOf(text), {
    headers: { 'content-type': 'text/javascript; charset=utf-8' },
  });
}

async function scriptOf(source: string): Promise<string> {
  const known = transpiled.get(source);
  if (known !== undefined) return known;
  const { code } = await transform(source, { loader: 'ts', target: 'es2022' });
  transpiled.set(source, code);
  return code;
}
