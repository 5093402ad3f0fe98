// The calls that the app made, as commands that anybody can repeat: no token is ever in them.
import type { Sandbox } from '../server.ts';
import type { LoggedRequest } from '../traffic.ts';

export interface CallView {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly by: string | null;
  readonly at: string;
  readonly operation: string | null;
  readonly curl: string;
}

export interface CallFilter {
  /** Only what can be told to be about this issue: by its address, its comments, or its request in the body. */
  readonly issue?: number;
  readonly text?: string;
}

const mostShown = 150;
const longestBody = 4000;

/** Newest first. */
export function callViews(sandbox: Sandbox, { issue, text = '' }: CallFilter): CallView[] {
  const isAbout = issue === undefined ? () => true : aboutIssue(sandbox, issue);
  const wanted = text.toLowerCase();
  const shown: CallView[] = [];
  for (const call of sandbox.requests.toReversed()) {
    if (shown.length >= mostShown) break;
    if (!isAbout(call)) continue;
    if (!`${call.method} ${call.path} ${call.operation ?? ''} ${call.status}`.toLowerCase().includes(wanted))
      continue;
    const { id, method, path, status, by, at, operation } = call;
    shown.push({ id, method, path, status, by, at, operation, curl: curlOf(sandbox.url, call) });
  }
  return shown;
}

function aboutIssue(sandbox: Sandbox, issue: number): (call: LoggedRequest) => boolean {
  const { github, desk } = sandbox;
  const comments = github.state.comments.in(`${desk.id}/${issue}`).map(({ id }) => `/comments/${id}`);
  const request = sandbox.ledger.byIssue(issue)?.id;
  return ({ path, body }) => {
    const [place = ''] = path.split('?');
    return (
      new RegExp(`/issues/${issue}(/|$)`).test(place) ||
      comments.some((each) => place.endsWith(each) || place.includes(`${each}/`)) ||
      (request !== undefined && body.includes(request))
    );
  };
}

/** `$TOKEN` stands where the token was. */
export function curlOf(url: string, { method, path, body }: LoggedRequest): string {
  const isGitHub = !path.startsWith('/service/') && !path.startsWith('/api/');
  const lines = [
    `curl -sS${method === 'GET' ? '' : ` -X ${method}`} ${quoted(`${url}${isGitHub ? '/api/v3' : ''}${path}`)}`,
    `-H "Authorization: Bearer ${/^\/app(\/|\?|$)/.test(path) ? '$JWT' : '$TOKEN'}"`,
    ...(isGitHub || path.startsWith('/api/') ? [`-H 'Accept: application/vnd.github+json'`] : []),
  ];
  if (body === '') return lines.join(' \\\n  ');
  const text = withoutSecrets(body);
  const isCut = text.length > longestBody;
  lines.push(
    `-H 'Content-Type: application/json'`,
    `--data-raw ${quoted(isCut ? text.slice(0, longestBody) : text)}`,
  );
  return `${lines.join(' \\\n  ')}${isCut ? `\n# The body goes on: ${text.length} characters.` : ''}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** No call of ours carries one in its body; whoever adds such a call finds it hidden here. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/gh[a-z]_[A-Za-z0-9]{20,}/g, '$TOKEN')
    .replaceAll(/vault_[0-9a-f]{16,}/g, '$TOKEN')
    .replaceAll(/-----BEGIN[^-]*PRIVATE KEY-----[\s\S]*?-----END[^-]*PRIVATE KEY-----/g, '$PRIVATE_KEY');
}
