// `git clone` and `git push` over HTTP: Git's own back end, with a push seen as the webhook it causes.
import { spawn } from 'node:child_process';
import type { Context } from 'hono';
import { atLeast, roleIn } from '../access.ts';
import { announcePush, violations } from '../actions/branches.ts';
import { openPullOf, proposableBranches } from '../actions/proposable.ts';
import { openPull } from '../actions/pulls.ts';
import { isForced } from '../actions/updates.ts';
import type { Actor, GitHub } from '../github.ts';
import { GitHubProblem } from '../problem.ts';
import type { RepositoryRow } from '../rows.ts';
import { html } from '../links.ts';
import { identify } from '../tokens.ts';
import { readPush, refusedPush, saying } from './receive-pack.ts';

/** `git push -o reviewed`: as if merged from a pull request that the code owners reviewed. */
const asReviewed = 'reviewed';
/** `git push -o pull-request`: opens one for each branch that is pushed, as whoever pushes. */
const asPullRequest = 'pull-request';

/** Reading needs no credentials: the sandbox listens on this machine alone. */
export async function serveGit(github: GitHub, context: Context): Promise<Response> {
  const url = new URL(context.req.url);
  const match = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(
    url.pathname,
  );
  const repository = match?.[1] && match[2] ? github.repository(match[1], match[2]) : undefined;
  if (!match || !repository) return new Response('Repository not found.\n', { status: 404 });
  const path = match[3] ?? '';
  const pushes = path === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  const actor = pushes ? pusher(github, context) : null;
  if (pushes && !actor) {
    return new Response('Who are you?\n', {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="GitHub"' },
    });
  }
  if (actor && !mayPush(github, actor, repository)) {
    return new Response('Write access to repository not granted.\n', { status: 403 });
  }
  const body = Buffer.from(await context.req.arrayBuffer());
  const push = readPush(body);
  if (actor && path === 'git-receive-pack') {
    const broken = push.options.includes(asReviewed)
      ? []
      : push.updates.flatMap((update) => violations(github, actor, repository, update));
    if (broken.length > 0) return refusedPush(push, broken);
  }
  const before = snapshot(github, repository);
  const response = await backend(github, repository, {
    path,
    method: context.req.method,
    query: url.search.slice(1),
    contentType: context.req.header('content-type') ?? '',
    encoding: context.req.header('content-encoding') ?? '',
    protocol: context.req.header('git-protocol') ?? '',
    user: actor?.account.login ?? '',
    body,
  });
  if (!actor || path !== 'git-receive-pack') return response;
  const pushed = announceChanges(github, actor, repository, before);
  const opens = push.options.includes(asPullRequest);
  return saying(
    push,
    response,
    pushed.flatMap((branch) => linesAbout(github, actor, repository, { ...branch, opens })),
  );
}

interface PushedBranch {
  readonly branch: string;
  readonly isNew: boolean;
}

/** What GitHub says to a new branch, and what became of the wish for a pull request. */
function linesAbout(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  { branch, isNew, opens }: PushedBranch & { readonly opens: boolean },
): string[] {
  const place = html(github.links, `/${github.fullName(repository)}/pull`);
  const open = openPullOf(github, repository, branch);
  const proposable = proposableBranches(github, repository).find((one) => one.branch === branch);
  if (opens && proposable) {
    const base = repository.default_branch;
    const made = openPull(github, actor, repository, { title: proposable.subject, head: branch, base });
    return [
      '',
      `Pull request #${made.number} is open, as ${actor.account.login}:`,
      `     ${place}/${made.number}`,
      '',
    ];
  }
  if (opens && open) return ['', `Pull request #${open.number} has it:`, `     ${place}/${open.number}`, ''];
  if (opens)
    return [
      '',
      `No pull request was opened: '${branch}' has nothing that '${repository.default_branch}' lacks.`,
      '',
    ];
  if (!isNew || !proposable) return [];
  return [
    '',
    `Create a pull request for '${branch}' on the sandbox by visiting:`,
    `     ${place}/new/${branch}`,
    '',
    'In this sandbox, `git push -o pull-request` opens it at once.',
    '',
  ];
}

/** `http://ann-o:anything@…` for a person of the sandbox, or a real token as the password. */
function pusher(github: GitHub, context: Context): Actor | null {
  const header = context.req.header('authorization');
  if (!header) return null;
  try {
    const caller = identify(github, header);
    if (caller.kind === 'installation' || caller.kind === 'person') return caller.actor;
  } catch (problem) {
    if (!(problem instanceof GitHubProblem)) throw problem;
  }
  const [login = ''] = Buffer.from(header.replace(/^basic /i, ''), 'base64')
    .toString()
    .split(':');
  const account = github.account(login);
  return account?.type === 'User' ? { account, app: null } : null;
}

function mayPush(github: GitHub, actor: Actor, repository: RepositoryRow): boolean {
  return actor.app !== null || atLeast(roleIn(github, repository, actor.account), 'write');
}

function snapshot(github: GitHub, repository: RepositoryRow): Map<string, string> {
  const refs = github.git(repository).refs('refs/heads/');
  return new Map(refs.map(({ name, sha }) => [name, sha]));
}

/** Gives the branches that are there now and moved. */
function announceChanges(
  github: GitHub,
  actor: Actor,
  repository: RepositoryRow,
  before: ReadonlyMap<string, string>,
): PushedBranch[] {
  const pushed: PushedBranch[] = [];
  const git = github.git(repository);
  const after = snapshot(github, repository);
  for (const ref of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(ref) ?? null;
    const to = after.get(ref) ?? null;
    if (from === to) continue;
    const forced = from !== null && to !== null && isForced(git, from, to);
    announcePush(github, actor, repository, { ref, before: from, after: to, forced });
    if (to !== null) pushed.push({ branch: ref.slice('refs/heads/'.length), isNew: from === null });
  }
  return pushed;
}

interface BackendRequest {
  readonly path: string;
  readonly method: string;
  readonly query: string;
  readonly contentType: string;
  readonly encoding: string;
  readonly protocol: string;
  readonly user: string;
  readonly body: Buffer;
}

function backend(github: GitHub, repository: RepositoryRow, request: BackendRequest): Promise<Response> {
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      GIT_PROJECT_ROOT: github.git(repository).folder,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: request.protocol,
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_CONFIG_KEY_1: 'receive.advertisePushOptions',
      GIT_CONFIG_VALUE_1: 'true',
      PATH_INFO: `/${request.path}`,
      REQUEST_METHOD: request.method,
      QUERY_STRING: request.query,
      CONTENT_TYPE: request.contentType,
      CONTENT_LENGTH: String(request.body.length),
      HTTP_CONTENT_ENCODING: request.encoding,
      REMOTE_USER: request.user,
      REMOTE_ADDR: '127.0.0.1',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.body);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(cgiResponse(Buffer.concat(chunks))));
  });
}

function cgiResponse(output: Buffer): Response {
  const end = output.indexOf('\r\n\r\n');
  const headers = new Headers();
  let status = 200;
  for (const line of output.subarray(0, Math.max(0, end)).toString().split('\r\n')) {
    const [name = '', value = ''] = line.split(/:\s*(.*)/s);
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name !== '') headers.set(name, value);
  }
  return new Response(new Uint8Array(output.subarray(end + 4)), { status, headers });
}
