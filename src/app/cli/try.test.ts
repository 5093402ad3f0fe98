// countersign try: on the sandbox as on a real system, well and interrupted, and where access cannot be taken back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { checkedFetch } from '../../../test/contracts/github/checked-fetch.ts';
import { createGitHubContract } from '../../../test/contracts/github/github-contract.ts';
import type { Problem } from '../../../test/contracts/github/problem.ts';
import { instant } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { systemClock } from '../system.ts';
import { openWith } from './operator.ts';
import { tryCommand } from './try.ts';

let folder: string;
let sandbox: Sandbox;
const problems: Problem[] = [];
/** GitHub explains a refusal in a body, also where its description has none. */
const sink = {
  push: (problem: Problem) =>
    /^40[34] comes without a body$/.test(problem.message) ? 0 : problems.push(problem),
};
/** Asked of each call that leaves: what it answers stands in place of the real answer. */
let meddle: (method: string, url: string) => Response | undefined;
let calls: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-try-'));
  const seedFolder = join(import.meta.dirname, '../../../flows');
  sandbox = await startSandbox({ port: 0, folder, world: sampleWorld, seedFolder });
});
afterEach(() => expect(problems).toEqual([]));
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const target = ['production-access', 'production', '--as', 'ann'];
const isMembership = (url: string): boolean => url.includes('/teams/production-access/memberships/ann-o');

/** What is waited for between the last tries is not what is tested; whoever limits a call is given its time. */
const hasty: Clock = {
  now: () => instant(Date.now()),
  sleep: async (ms, signal) => (signal ? systemClock.sleep(ms, signal) : undefined),
};

async function run(
  args: readonly string[],
  {
    typed,
    interruptAt,
  }: { readonly typed?: string; readonly interruptAt?: (method: string, url: string) => boolean } = {},
) {
  const told = { out: '', err: '' };
  const stop = new AbortController();
  const contract = checkedFetch(createGitHubContract(), globalThis.fetch, sink);
  const environment = { COUNTERSIGN_DATA: join(folder, 'data'), ...sandbox.environment() };
  const open = openWith({
    environment,
    clock: hasty,
    fetch: async (input, init) => {
      const [method, url] = [init?.method ?? 'GET', String(input)];
      if (isMembership(url)) calls.push(method);
      const answer = meddle(method, url) ?? (await contract(input, init));
      if (interruptAt?.(method, url)) stop.abort();
      return answer;
    },
  });
  const code = await tryCommand({
    open,
    ask: async () => typed,
    whileInterruptible: (work) => work(stop.signal),
  }).run(args, {
    out: (line) => void (told.out += `${line}\n`),
    err: (line) => void (told.err += `${line}\n`),
  });
  return { code, ...told };
}

function fresh(): void {
  meddle = () => undefined;
  calls = [];
}

const isMember = (): boolean => {
  const team = sandbox.github.state.teams.find(({ slug }) => slug === 'production-access');
  return sandbox.github.state.teamMembers.get(`${team?.id}/583231`) !== undefined;
};

function lastIssue() {
  const desk = sandbox.github.repository('acme', 'access');
  return sandbox.github.state.issues
    .in(desk?.id ?? 0)
    .filter(({ title }) => title.startsWith('countersign try'))
    .at(-1);
}

describe('countersign try', () => {
  test('grants twice, looks, takes back twice and looks, and says so in an issue that it closes', async () => {
    fresh();
    const { code, out, err } = await run([...target, '--yes']);
    expect([code, err]).toEqual([0, '']);
    expect(out.match(/^ {2}✓ .*?(?= {2})/gm)).toEqual([
      '  ✓ grant',
      '  ✓ grant again',
      '  ✓ verify',
      '  ✓ revoke',
      '  ✓ revoke again',
      '  ✓ verify gone',
    ]);
    expect(calls.filter((method) => method !== 'GET')).toEqual(['PUT', 'DELETE']);
    expect(isMember()).toBe(false);
    expect(lastIssue()).toMatchObject({ state: 'closed', title: expect.stringContaining('for ann') });
  });

  test('says it to machines', async () => {
    fresh();
    const { code, out } = await run([...target, '--yes', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{
        flow: 'production-access',
        person: 'ann',
        account: 'github:583231',
        before: 'none',
        isLeft: false,
      },
      steps: expect.arrayContaining([expect.objectContaining({ name: 'grant', ms: expect.any(Number) })]),
    });
  });

  test('does nothing until the target is typed, or --yes is said', async () => {
    fresh();
    expect(await run(target, { typed: 'prod' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('confirmed'),
    });
    expect(await run(target)).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(calls).not.toContain('PUT');
    expect(await run(target, { typed: 'production' })).toMatchObject({ code: 0 });
  });

  test('takes nothing of who has it already', async () => {
    fresh();
    sandbox.world.joinTeam('production-access', 'ann-o', 'maintainer');
    const { code, err } = await run([...target, '--yes']);
    expect([code, err]).toEqual([1, expect.stringContaining('nothing of theirs is taken')]);
    expect(isMember()).toBe(true);
    expect(calls.filter((method) => method !== 'GET')).toEqual([]);
    sandbox.world.leaveTeam('production-access', 'ann-o');
  });

  test('grants nothing where it cannot be said in the desk: a trial is never silent', async () => {
    fresh();
    meddle = (method, url) =>
      method === 'POST' && url.endsWith('/issues')
        ? Response.json({ message: 'No' }, { status: 403 })
        : undefined;
    expect(await run([...target, '--yes'])).toMatchObject({ code: 3 });
    expect(calls).not.toContain('PUT');
  });

  test('takes back at once where it is interrupted', async () => {
    fresh();
    const { code, out } = await run([...target, '--yes'], {
      interruptAt: (method, url) => method === 'PUT' && isMembership(url),
    });
    expect(code).toBe(1);
    expect(out).toContain('Nothing is left');
    expect(isMember()).toBe(false);
    expect(out).toContain('✓ verify gone');
    expect(out).not.toContain('grant again');
  });

  test('takes back what took effect although the answer to the grant was lost', async () => {
    fresh();
    let isLost = false;
    meddle = (method, url) => {
      if (method === 'PUT' && isMembership(url)) {
        isLost = true;
        sandbox.world.joinTeam('production-access', 'ann-o', 'member');
        return Response.json({ message: 'Bad gateway' }, { status: 502 });
      }
      return undefined;
    };
    const { code } = await run([...target, '--yes']);
    expect([code, isLost, isMember()]).toEqual([1, true, false]);
  });

  test('says loudly what is left where it cannot be taken back, and leaves the issue open', async () => {
    fresh();
    meddle = (method, url) =>
      method === 'DELETE' && isMembership(url)
        ? Response.json({ message: 'No' }, { status: 403 })
        : undefined;
    const { code, err, out } = await run([...target, '--yes']);
    expect(code).toBe(1);
    expect(err).toContain('!!! ACCESS MAY BE LEFT');
    expect(err).toContain('github:583231');
    expect(calls.filter((method) => method === 'DELETE').length).toBeGreaterThan(2);
    expect(out).not.toContain('nothing is left');
    expect(isMember()).toBe(true);
    expect(lastIssue()?.state).toBe('open');
    sandbox.world.leaveTeam('production-access', 'ann-o');
  });

  test.each([
    ['a flow that there is not', ['prodction-access', 'production', '--as', 'ann', '--yes']],
    ['a target that there is not', ['production-access', 'prodction', '--as', 'ann', '--yes']],
    ['nobody', ['production-access', 'production', '--yes']],
    ['somebody whom nobody knows', ['production-access', 'production', '--as', 'eve', '--yes']],
    ['a guest', ['production-access', 'production', '--as', 'cleo', '--yes']],
    ['a flow that grants nothing', ['run-migration', 'production', '--as', 'ann', '--yes']],
    ['a question that a machine cannot answer', ['production-access', 'production', '--as', 'ann', '--json']],
  ])('is called wrongly with %s', async (_, args) => {
    fresh();
    expect((await run(args)).code).toBe(2);
  });

  test('reads flows that run something afterwards as the app does', async () => {
    fresh();
    const { err } = await run(['run-migration', 'production', '--as', 'ann', '--yes']);
    expect(err).toContain('grants nothing');
  });
});
