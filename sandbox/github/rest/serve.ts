// Serves the REST routes: who calls, may they, is it counted; then the route; then GitHub's headers on the answer.
import { Hono } from 'hono';
import type { Context } from 'hono';
import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { atLeast, roleIn } from '../access.ts';
import type { Limits } from '../../limits.ts';
import type { Actor, GitHub } from '../github.ts';
import { api } from '../links.ts';
import { GitHubProblem, forbidden, notFound, unauthorized } from '../problem.ts';
import type { RepositoryRow } from '../rows.ts';
import { covers, identify } from '../tokens.ts';
import type { Caller } from '../tokens.ts';
import type { Webhooks } from '../webhooks.ts';
import { appRoutes } from './apps.ts';
import { checkRoutes } from './checks.ts';
import { collaboratorRoutes } from './collaborators.ts';
import { commitRoutes } from './commits.ts';
import { contentsRoutes } from './contents.ts';
import { gitDataRoutes } from './git-data.ts';
import { issueRoutes } from './issues.ts';
import { parseBody } from './json.ts';
import { organizationRoutes } from './organizations.ts';
import { peopleRoutes } from './people.ts';
import { pullRoutes } from './pulls.ts';
import type { Answer, Call, Route } from './route.ts';
import { workflowRoutes } from './workflows.ts';

export interface RestParts {
  readonly github: GitHub;
  readonly webhooks: Webhooks;
  readonly limits: Limits;
}

export type Server = Hono<{ Bindings: HttpBindings }>;
type HonoContext = Context<{ Bindings: HttpBindings }>;

const routes: readonly Route[] = [
  ...appRoutes,
  ...pullRoutes,
  ...commitRoutes,
  ...contentsRoutes,
  ...gitDataRoutes,
  ...issueRoutes,
  ...collaboratorRoutes,
  ...checkRoutes,
  ...workflowRoutes,
  ...organizationRoutes,
  ...peopleRoutes,
];

export function restServer(parts: RestParts): Server {
  const server: Server = new Hono<{ Bindings: HttpBindings }>();
  server.get('/rate_limit', (context) => rateLimit(parts, context));
  for (const route of routes) {
    server.on(route.method, route.path, (context) => answerTo(parts, route, context));
  }
  // An address by number, as redirects of renamed repositories give it.
  server.all('/repositories/:id{[0-9]+}/*', async (context) => {
    const row = parts.github.state.repositories.get(context.req.param('id'));
    if (!row) return respond(parts, 'nobody', problemAnswer(notFound()));
    const url = new URL(context.req.url);
    url.pathname = url.pathname.replace(/\/repositories\/\d+/, `/repos/${parts.github.fullName(row)}`);
    const { method, raw } = context.req;
    const body = method === 'GET' || method === 'HEAD' ? null : await context.req.text();
    return server.fetch(new Request(withoutPrefix(url), { method, headers: raw.headers, body }), context.env);
  });
  return server;
}

async function answerTo(parts: RestParts, route: Route, context: HonoContext): Promise<Response> {
  let who = 'nobody';
  try {
    const caller = identify(parts.github, context.req.header('authorization'));
    who = payer(caller);
    parts.limits.charge({
      who,
      kind: 'rest',
      writes: route.method !== 'GET',
      createsContent: route.createsContent ?? false,
    });
    const call = await callOf(parts, route, caller, context);
    const answer = await perform(route, call);
    return respond(parts, who, accepted(route, answer));
  } catch (problem) {
    if (!(problem instanceof GitHubProblem)) throw problem;
    return respond(parts, who, accepted(route, problemAnswer(problem)));
  }
}

function perform(route: Route, call: Call): Answer | Promise<Answer> {
  if (route.scope !== 'repository') {
    checkScope(route, call.caller);
    checkPermissions(route, call.caller);
    return route.answer(call);
  }
  const repository = visibleRepository(route, call);
  return route.answer({ ...call, repository });
}

async function callOf(parts: RestParts, route: Route, caller: Caller, context: HonoContext): Promise<Call> {
  const text = route.method === 'GET' ? '' : await context.req.text();
  const url = new URL(context.req.url);
  return {
    github: parts.github,
    webhooks: parts.webhooks,
    caller,
    actor: actorOf(parts.github, caller),
    params: context.req.param(),
    query: url.searchParams,
    body: parseBody(text),
    accept: context.req.header('accept') ?? '',
    url: api(parts.github.links, withoutPrefix(url).pathname),
  };
}

export function actorOf(github: GitHub, caller: Caller): Actor {
  switch (caller.kind) {
    case 'installation':
    case 'person':
      return caller.actor;
    case 'app':
      return github.botOf(caller.app);
    case 'nobody':
      return { account: github.accountById(GHOST_ID), app: null };
  }
}

/** GitHub's stand-in for accounts that are no more; here, also for nobody in particular. */
export const GHOST_ID = 10_137;

export function payer(caller: Caller): string {
  switch (caller.kind) {
    case 'installation':
      return `installation ID ${caller.installation.id}`;
    case 'person':
      return `user ID ${caller.actor.account.id}`;
    case 'app':
      return `app ID ${caller.app.id}`;
    case 'nobody':
      return 'nobody';
  }
}

function checkScope(route: Route, caller: Caller): void {
  if (route.scope === 'anyone') return;
  if (caller.kind === 'nobody') throw unauthorized('Requires authentication');
  if (route.scope === 'app' && caller.kind !== 'app') {
    throw unauthorized('A JSON web token could not be decoded');
  }
  if (route.scope !== 'app' && caller.kind === 'app') throw unauthorized();
  if (route.scope === 'installation' && caller.kind !== 'installation') {
    throw forbidden(
      'You must authenticate with an installation access token in order to list repositories for an installation.',
    );
  }
}

function checkPermissions(route: Route, caller: Caller): void {
  if (caller.kind !== 'installation' || !route.permissions) return;
  const granted = caller.token.permissions;
  const enough = route.permissions.some((wanted) =>
    Object.entries(wanted).every(([name, level]) => covers(granted[name], level)),
  );
  if (!enough) throw forbidden('Resource not accessible by integration');
}

/** The repository, if the caller can see it; anything else is not found, as on GitHub. */
function visibleRepository(route: Route, call: Call): RepositoryRow {
  const { caller, github } = call;
  if (caller.kind === 'app') throw unauthorized();
  const owner = call.params['owner'] ?? '';
  const name = call.params['repo'] ?? '';
  const repository = github.repository(owner, name) ?? movedRepository(call, `${owner}/${name}`);
  if (caller.kind === 'installation') {
    if (!inScope(caller, repository)) {
      if (repository.private) throw notFound();
      if (route.method !== 'GET') throw forbidden('Resource not accessible by integration');
      return repository;
    }
    checkPermissions(route, caller);
    return repository;
  }
  const role = caller.kind === 'person' ? roleIn(github, repository, caller.actor.account) : 'none';
  if (repository.private && role === 'none') throw notFound();
  if (route.method !== 'GET' && caller.kind === 'nobody') throw unauthorized('Requires authentication');
  if (caller.kind === 'person' && route.role && !atLeast(role, route.role)) {
    throw forbidden('Must have push access to this repository.');
  }
  return repository;
}

function inScope(caller: Extract<Caller, { kind: 'installation' }>, repository: RepositoryRow): boolean {
  const { installation, token } = caller;
  if (installation.account_id !== repository.owner_id) return false;
  const chosen = installation.repository_ids?.includes(repository.id) ?? true;
  return chosen && (token.repository_ids?.includes(repository.id) ?? true);
}

function movedRepository(call: Call, fullName: string): RepositoryRow {
  const former = call.github.state.formerNames.get(fullName.toLowerCase());
  if (!former) throw notFound();
  const path = call.url.replace(/^.*?\/repos\/[^/]+\/[^/]+/, '');
  const query = call.query.size > 0 ? `?${call.query}` : '';
  const location = api(call.github.links, `/repositories/${former.repository_id}${path}${query}`);
  throw new GitHubProblem({ status: 301, message: 'Moved Permanently', headers: { location } });
}

function accepted(route: Route, answer: Answer): Answer {
  if (!route.permissions) return answer;
  const alternatives = route.permissions.map((one) =>
    Object.entries(one)
      .map(([name, level]) => `${name}=${level}`)
      .join(','),
  );
  const headers = { 'x-accepted-github-permissions': alternatives.join('; '), ...answer.headers };
  return { ...answer, headers };
}

export function problemAnswer(problem: GitHubProblem): Answer {
  const { location } = problem.headers;
  return {
    status: problem.status,
    body: { ...problem.toJSON(), ...(location ? { url: location } : {}) },
    headers: problem.headers,
  };
}

export function respond(parts: RestParts, who: string, answer: Answer): Response {
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-enterprise-version': 'enterprise-server@3.19.0',
    'x-github-api-version-selected': '2022-11-28',
    ...standardHeaders(parts, who),
    ...answer.headers,
  });
  if (answer.status === 204) headers.delete('content-type');
  const body = answer.status === 204 ? null : (answer.raw ?? JSON.stringify(answer.body ?? {}));
  return new Response(body, { status: answer.status, headers });
}

function standardHeaders(parts: RestParts, who: string): Readonly<Record<string, string>> {
  return {
    date: parts.github.now().toUTCString(),
    'x-github-request-id': randomBytes(15).toString('hex').toUpperCase(),
    ...parts.limits.headers(who),
  };
}

function rateLimit(parts: RestParts, context: HonoContext): Response {
  try {
    const who = payer(identify(parts.github, context.req.header('authorization')));
    const core = { ...parts.limits.status(who) };
    const idle = { ...core, used: 0, remaining: core['limit'] };
    return respond(parts, who, {
      status: 200,
      body: { resources: { core, graphql: core, search: idle, integration_manifest: idle }, rate: core },
    });
  } catch (problem) {
    if (!(problem instanceof GitHubProblem)) throw problem;
    return respond(parts, 'nobody', problemAnswer(problem));
  }
}

function withoutPrefix(url: URL): URL {
  const plain = new URL(url);
  plain.pathname = plain.pathname.replace(/^\/api\/v3/, '');
  return plain;
}
