// A sandbox whose desk has one small flow, and the calls that its page makes, for tests of what the page may ask for.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenFor } from '../../sandbox/control/token.ts';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../sandbox/server.ts';

export const flowPath = 'flows/small.yml';

/** `line 1` and so on. */
export function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');
}

export type SandboxPage = Awaited<ReturnType<typeof aSandboxPage>>;

// The return type is what this function is for: it would only be said twice.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export async function aSandboxPage() {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const sandbox: Sandbox = await startSandbox({ port: 0, folder, world: sampleWorld, slack: true });
  const token = new URL(sandbox.pageUrl).searchParams.get('token') ?? '';
  const small = {
    [flowPath]: lines(1, 30),
    'flows/small.test.yml': lines(1, 9),
    'flows/people.yml': 'people: {}\n',
  };
  sandbox.as('max-p').pushFiles({ message: 'Flows', files: small, reviewed: true });

  const ask = (place: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return fetch(`${sandbox.url}/_sandbox/${place}`, { headers, ...init });
  };
  const json = async (place: string) => (await ask(place)).json();
  const act = (as: string, name: string, input: object): Promise<Response> =>
    ask('act', { method: 'POST', body: JSON.stringify({ do: name, as, ...input }) });
  return {
    sandbox,
    token,
    ask,
    json,
    act,
    /** Gives the number of the pull request. */
    async propose(as: string, text: string | null, more: object = {}): Promise<number> {
      const { commit } = await json('flows');
      const change = {
        title: 'Change it',
        branch: 'small',
        from: commit,
        files: { [flowPath]: text },
        ...more,
      };
      const answer = await act(as, 'proposeChange', change);
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()).number;
    },
    pull: async (number: number) => (await json(`issues/${number}`)).pull,
    /** As the app makes one; gives its id. */
    async check(sha: string, output: object, more: object = {}): Promise<number> {
      const answer = await fetch(`${sandbox.url}/api/v3/repos/acme/access/check-runs`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenFor(sandbox.github, 'countersign')}` },
        body: JSON.stringify({
          name: 'Flows',
          head_sha: sha,
          conclusion: 'failure',
          output: { title: 'One problem', summary: 'Look', ...output },
          ...more,
        }),
      });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()).id;
    },
    async stop(): Promise<void> {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
