// A Slack of a few methods, for tests of what asks it two or three things: what each method answers, and what was asked.
import { createServer } from 'node:http';

export interface SmallSlack {
  readonly apiUrl: string;
  readonly asked: readonly string[];
  stop(): void;
}

type Answers = { readonly [method: string]: object };

/** Tokens are known by the workspaces they are for; `xapp-` tokens may open a connection. */
export async function startSmallSlack(
  workspaces: { readonly [token: string]: { readonly team: string; readonly scopes: string } },
  answers: Answers = {},
): Promise<SmallSlack> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    const method = (request.url ?? '').replace('/api/', '');
    asked.push(method);
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const workspace = workspaces[token];
    const headers = workspace ? { 'x-oauth-scopes': workspace.scopes } : {};
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(answers[method] ?? answerOf(method, token, workspace?.team)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    apiUrl: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/api/`,
    asked,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answerOf(method: string, token: string, team: string | undefined): object {
  if (method === 'apps.connections.open' && token.startsWith('xapp-good'))
    return { ok: true, url: 'ws://127.0.0.1:9/link' };
  if (team === undefined) return { ok: false, error: 'invalid_auth' };
  const ids = { team_id: team, user_id: 'U07SIGN00', bot_id: 'B07SIGN00' };
  return { ok: true, url: 'https://acme.slack.com/', team: 'Acme', ...ids };
}
