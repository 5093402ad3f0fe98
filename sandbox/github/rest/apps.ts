// REST: an app about itself, its installations, their tokens, and its webhook deliveries.
import { randomBytes } from 'node:crypto';
import { roleIn } from '../access.ts';
import { takeMadeApp } from '../app-codes.ts';
import { fullApp, installation as installationBody } from '../bodies/app.ts';
import { fullRepository, repository as repositoryBody } from '../bodies/repository.ts';
import type { Body, GitHub } from '../github.ts';
import { required } from '../github.ts';
import { notFound, unauthorized, unprocessable } from '../problem.ts';
import type { AppRow, DeliveryRow, InstallationRow, Level, Permissions } from '../rows.ts';
import { issueToken } from '../tokens.ts';
import { optionalNumbers, optionalObject, optionalTexts } from './json.ts';
import { numberParam, ok, onRepository, page, param, route } from './route.ts';
import type { Answer, Call, Route } from './route.ts';

export const appRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/app',
    scope: 'app',
    answer: (call) => ok(fullApp(call.github, appOf(call))),
  }),
  route({
    method: 'GET',
    path: '/app/installations',
    scope: 'app',
    answer: (call) =>
      page(call, installationsOf(call.github, appOf(call)), (row) => installationBody(call.github, row)),
  }),
  route({
    method: 'GET',
    path: '/app/installations/:installation_id',
    scope: 'app',
    answer: (call) => ok(installationBody(call.github, installationNumbered(call))),
  }),
  route({
    method: 'POST',
    path: '/app/installations/:installation_id/access_tokens',
    scope: 'app',
    answer: makeToken,
  }),
  route({
    method: 'GET',
    path: '/repos/:owner/:repo/installation',
    scope: 'app',
    answer: (call) => {
      const repository = call.github.repository(param(call, 'owner'), param(call, 'repo'));
      const found = installationsOf(call.github, appOf(call)).find(
        (row) =>
          repository?.owner_id === row.account_id && (row.repository_ids?.includes(repository.id) ?? true),
      );
      return ok(installationBody(call.github, required(found)));
    },
  }),
  route({
    method: 'GET',
    path: '/orgs/:org/installation',
    scope: 'app',
    answer: (call) => {
      const organization = call.github.organization(param(call, 'org'));
      const found = installationsOf(call.github, appOf(call)).find(
        (row) => row.account_id === organization.id,
      );
      return ok(installationBody(call.github, required(found)));
    },
  }),
  route({
    method: 'GET',
    path: '/installation/repositories',
    scope: 'installation',
    permissions: [{ metadata: 'read' }],
    answer: listRepositories,
  }),
  route({
    method: 'POST',
    path: '/app-manifests/:code/conversions',
    scope: 'anyone',
    answer: (call) => {
      const made = takeMadeApp(call.github, param(call, 'code'));
      return { status: 201, body: madeApp(call.github, made) };
    },
  }),
  route({
    method: 'GET',
    path: '/app/hook/config',
    scope: 'app',
    answer: (call) => {
      const url = call.webhooks.urlOf(appOf(call));
      return ok({
        ...(url !== undefined && { url, secret: '********' }),
        content_type: 'json',
        insecure_ssl: '0',
      });
    },
  }),
  route({ method: 'GET', path: '/app/hook/deliveries', scope: 'app', answer: listDeliveries }),
  route({
    method: 'GET',
    path: '/app/hook/deliveries/:delivery_id',
    scope: 'app',
    answer: (call) => {
      const row = call.webhooks.find(appOf(call), numberParam(call, 'delivery_id'));
      return ok(fullDelivery(call.github, row));
    },
  }),
  route({
    method: 'POST',
    path: '/app/hook/deliveries/:delivery_id/attempts',
    scope: 'app',
    answer: (call) => {
      call.webhooks.redeliver(appOf(call), numberParam(call, 'delivery_id'));
      return { status: 202, body: {} };
    },
  }),
  onRepository({
    method: 'GET',
    path: '',
    permissions: [{ metadata: 'read' }],
    answer: (call) =>
      ok(
        fullRepository(
          call.github,
          call.repository,
          roleIn(call.github, call.repository, call.actor.account),
        ),
      ),
  }),
];

function appOf(call: Call): AppRow {
  if (call.caller.kind !== 'app') throw unauthorized('A JSON web token could not be decoded');
  return call.caller.app;
}

function madeApp(github: GitHub, row: AppRow): Body {
  return {
    ...fullApp(github, row),
    client_secret: randomBytes(20).toString('hex'),
    webhook_secret: row.hook_url === undefined ? null : row.webhook_secret,
    pem: row.private_key,
  };
}

function installationsOf(github: GitHub, app: AppRow): InstallationRow[] {
  return github.state.installations.all().filter((row) => row.app_id === app.id);
}

function installationNumbered(call: Call): InstallationRow {
  const row = call.github.state.installations.get(numberParam(call, 'installation_id'));
  if (!row || row.app_id !== appOf(call).id) throw notFound();
  return row;
}

function makeToken(call: Call): Answer {
  const installation = installationNumbered(call);
  if (installation.suspended_at) throw unprocessable('This installation has been suspended');
  const permissions = optionalObject(call.body, 'permissions');
  const repositories = optionalTexts(call.body, 'repositories');
  const repository_ids = optionalNumbers(call.body, 'repository_ids');
  const row = issueToken(call.github, appOf(call), installation, {
    ...(permissions ? { permissions: levelsOf(permissions) } : {}),
    ...(repositories ? { repositories } : {}),
    ...(repository_ids ? { repository_ids } : {}),
  });
  const chosen = repositories !== undefined || repository_ids !== undefined;
  return {
    status: 201,
    body: {
      token: row.token,
      expires_at: row.expires_at,
      permissions: row.permissions,
      repository_selection: row.repository_ids === null ? 'all' : 'selected',
      ...(chosen
        ? {
            repositories: (row.repository_ids ?? []).map((id) =>
              repositoryBody(call.github, call.github.repositoryById(id)),
            ),
          }
        : {}),
    },
  };
}

function levelsOf(permissions: Readonly<Record<string, unknown>>): Permissions {
  const entries = Object.entries(permissions).map(([name, level]): [string, Level] => {
    if (level === 'read' || level === 'write' || level === 'admin') return [name, level];
    throw unprocessable(`Invalid request.\n\n${JSON.stringify(level)} is not a permission level.`);
  });
  return Object.fromEntries(entries);
}

function listRepositories(call: Call): Answer {
  const { caller, github } = call;
  if (caller.kind !== 'installation') throw unauthorized();
  const ids = caller.token.repository_ids;
  const rows = github.state.repositories
    .all()
    .filter((row) => row.owner_id === caller.installation.account_id)
    .filter((row) => ids?.includes(row.id) ?? true);
  return page(
    call,
    rows,
    (row) => fullRepository(github, row, 'none'),
    (repositories) => ({
      total_count: rows.length,
      repository_selection: ids === null ? 'all' : 'selected',
      repositories,
    }),
  );
}

/** Pages by cursor, newest first, as the real list does; a delivery on its way has no entry yet. */
function listDeliveries(call: Call): Answer {
  const { github, query } = call;
  const wanted = Number(query.get('per_page') ?? 30);
  const perPage = Math.min(100, wanted >= 1 ? wanted : 30);
  const finished = call.webhooks.list(appOf(call)).filter((row) => github.state.outcomes.get(row.id));
  const cursor = /^v1_(\d+)$/.exec(query.get('cursor') ?? '')?.[1];
  const status = query.get('status');
  const rows = finished
    .filter((row) => cursor === undefined || row.id < Number(cursor))
    .filter((row) => !status || (status === 'success') === isSuccess(github, row));
  const shown = rows.slice(0, perPage);
  const last = shown.at(-1);
  const next = new URLSearchParams(query);
  next.set('per_page', String(perPage));
  next.set('cursor', `v1_${last?.id ?? 0}`);
  return {
    status: 200,
    body: shown.map((row) => shortDelivery(github, row)),
    headers: rows.length > shown.length ? { link: `<${call.url}?${next}>; rel="next"` } : {},
  };
}

function isSuccess(github: GitHub, row: DeliveryRow): boolean {
  const code = github.state.outcomes.get(row.id)?.status_code ?? 0;
  return code >= 200 && code < 400;
}

function shortDelivery(github: GitHub, row: DeliveryRow): Body {
  const outcome = github.state.outcomes.get(row.id);
  return {
    id: row.id,
    guid: row.guid,
    delivered_at: row.delivered_at,
    redelivery: row.redelivery,
    duration: outcome?.duration ?? 0,
    status: outcome?.status ?? '',
    status_code: outcome?.status_code ?? 0,
    event: row.event,
    action: row.action,
    installation_id: row.installation_id,
    repository_id: row.repository_id,
    throttled_at: null,
  };
}

function fullDelivery(github: GitHub, row: DeliveryRow): Body {
  const outcome = github.state.outcomes.get(row.id);
  const payload: unknown = JSON.parse(row.payload);
  return {
    ...shortDelivery(github, row),
    url: '',
    request: { headers: row.headers, payload },
    response: {
      headers: outcome?.response_headers ?? {},
      payload: outcome?.response_payload ?? '',
    },
  };
}
