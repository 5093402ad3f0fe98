// The few pages of GitHub that making and installing an app leads through, with a button where GitHub has one.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { createApp } from './actions/apps.ts';
import { install } from './actions/installations.ts';
import { codeFor } from './app-codes.ts';
import { readManifest, type Manifest } from './app-manifest.ts';
import type { Actor, GitHub } from './github.ts';
import { notFound } from './problem.ts';
import type { AccountRow, AppRow } from './rows.ts';
import type { Webhooks } from './webhooks.ts';

export function appPages(parts: { readonly github: GitHub; readonly webhooks: Webhooks }): Hono {
  const { github, webhooks } = parts;
  const server = new Hono();
  /** What our own pages carry, so that no other page can press their buttons. */
  const key = randomBytes(32);
  const stamp = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  const isStamped = (text: string, given: string): boolean =>
    given.length === stamp(text).length && timingSafeEqual(Buffer.from(given), Buffer.from(stamp(text)));

  async function askForApp(context: Context, owner: AccountRow): Promise<Response> {
    const text = await field(context, 'manifest');
    const read = readManifest(text);
    if ('problems' in read)
      return page(context, 422, 'Invalid GitHub App configuration', list(read.problems));
    const state = context.req.query('state') ?? '';
    const { name, permissions, events, hookUrl } = read.manifest;
    return page(
      context,
      200,
      `Create GitHub App for ${owner.login}`,
      `<form method="post" action="${context.req.path.replace(/\/new$/, '')}">
<label>GitHub App name <input name="name" value="${escape(name)}" maxlength="34"></label>
${list([
  ...Object.entries(permissions).map(([one, level]) => `${one}: ${level}`),
  `events: ${events.join(', ') || 'none'}`,
  `webhook: ${hookUrl ?? 'none'}`,
])}
${hidden('manifest', text)}${hidden('state', state)}${hidden('stamp', stamp(`${owner.id} ${state} ${text}`))}
<button>Create GitHub App for ${escape(owner.login)}</button></form>`,
    );
  }

  async function makeApp(context: Context, owner: AccountRow): Promise<Response> {
    const [text, state, given, name] = await Promise.all(
      ['manifest', 'state', 'stamp', 'name'].map((one) => field(context, one)),
    );
    const read = readManifest(text ?? '');
    if ('problems' in read || !isStamped(`${owner.id} ${state} ${text}`, given ?? ''))
      return page(context, 403, 'This form is not from here', '');
    const manifest = { ...read.manifest, name: name || read.manifest.name };
    const slug = slugOf(manifest.name);
    if (github.state.apps.find((app) => app.slug === slug))
      return page(context, 422, 'Invalid GitHub App configuration', list(['Name is already in use.']));
    const app = make(owner, manifest, slug);
    const back = new URL(manifest.redirectUrl);
    back.searchParams.set('code', codeFor(github, app));
    if (state) back.searchParams.set('state', state);
    return context.redirect(back.href);
  }

  function make(owner: AccountRow, manifest: Manifest, slug: string): AppRow {
    const { name, permissions, events, hookUrl, description, url } = manifest;
    const app = createApp(github, {
      slug,
      name,
      owner,
      permissions,
      events,
      externalUrl: url,
      ...(hookUrl !== undefined && { hookUrl }),
      ...(description !== undefined && { description }),
    });
    if (hookUrl !== undefined) webhooks.setUrl(app, hookUrl);
    return app;
  }

  function askToInstall(context: Context, app: AppRow): Response {
    const owner = github.accountById(app.owner_id);
    const boxes = github.state.repositories
      .all()
      .filter((row) => row.owner_id === owner.id)
      .map(
        (row) =>
          `<label><input type="checkbox" name="repository_ids" value="${row.id}"> ${escape(row.name)}</label>`,
      );
    return page(
      context,
      200,
      `Install ${app.name} on ${owner.login}`,
      `<form method="post"><p>Only select repositories; none means all.</p>
${boxes.join('\n')}${hidden('stamp', stamp(`install ${app.id}`))}<button>Install</button></form>`,
    );
  }

  async function installApp(context: Context, app: AppRow): Promise<Response> {
    const form = await context.req.formData();
    if (!isStamped(`install ${app.id}`, String(form.get('stamp'))))
      return page(context, 403, 'This form is not from here', '');
    const account = github.accountById(app.owner_id);
    const ids = form.getAll('repository_ids').map(Number);
    const known = github.state.installations
      .all()
      .find((row) => row.app_id === app.id && row.account_id === account.id);
    if (!known)
      install(github, firstOwner(github, account), app, {
        account,
        repository_ids: ids.length > 0 ? ids : null,
      });
    return page(
      context,
      200,
      `${app.name} is installed on ${account.login}`,
      '<p>Go back to where you came from.</p>',
    );
  }

  for (const path of ['/settings/*', '/organizations/*', '/apps/*'])
    server.use(path, async (context, next) => {
      // A name that leads here by somebody else’s DNS is not this machine.
      const { port } = new URL(github.links.origin);
      const isOurs = [`127.0.0.1:${port}`, `localhost:${port}`].includes(context.req.header('host') ?? '');
      return isOurs ? next() : context.text('Wrong host.\n', 403);
    });
  server.post('/organizations/:org/settings/apps/new', (context) =>
    askForApp(context, github.organization(context.req.param('org'))),
  );
  server.post('/organizations/:org/settings/apps', (context) =>
    makeApp(context, github.organization(context.req.param('org'))),
  );
  server.post('/settings/apps/new', (context) => askForApp(context, somebody(github)));
  server.post('/settings/apps', (context) => makeApp(context, somebody(github)));
  server.get('/apps/:slug/installations/new', (context) =>
    askToInstall(context, appNamed(github, context.req.param('slug'))),
  );
  server.post('/apps/:slug/installations/new', (context) =>
    installApp(context, appNamed(github, context.req.param('slug'))),
  );
  return server;
}

async function field(context: Context, name: string): Promise<string> {
  const value = (await context.req.formData()).get(name);
  return typeof value === 'string' ? value : '';
}

function appNamed(github: GitHub, slug: string): AppRow {
  const app = github.state.apps.find((row) => row.slug === slug);
  if (!app) throw notFound();
  return app;
}

/** Nobody signs in here: an owner of the organisation presses the buttons. */
function firstOwner(github: GitHub, account: AccountRow): Actor {
  const owner = github.state.organizationMembers.in(account.id).find(({ role }) => role === 'admin');
  return { account: owner ? github.accountById(owner.user_id) : account, app: null };
}

function somebody(github: GitHub): AccountRow {
  const owner = github.state.organizationMembers.all().find(({ role }) => role === 'admin');
  if (!owner) throw notFound();
  return github.accountById(owner.user_id);
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function page(context: Context, status: 200 | 403 | 422, title: string, body: string): Response {
  context.header('cache-control', 'no-store');
  context.header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  );
  return context.html(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui;max-width:36rem;margin:3rem auto;padding:0 1rem}label{display:block}button{font:inherit;margin-top:1rem;padding:.5rem 1rem}</style>
<h1>${escape(title)}</h1><p>The sandbox’s GitHub.</p>${body}</html>`,
    status,
  );
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escape(value)}">`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
