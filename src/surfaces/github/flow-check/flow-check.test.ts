import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aSandboxDesk, type SandboxDesk } from '../../../../test/builders/sandbox-desk.ts';
import { createDeskSource } from '../../../clients/github/desk-source.ts';
import type { NamedOnSlack } from '../../../desk/change/named-on-slack.ts';
import { createChangeReviewer } from '../../../desk/change/review-change.ts';
import { minutes } from '../../../domain/duration.ts';
import type { Problem } from '../../../engine/problems.ts';
import { Failure } from '../../../engine/ports/failure.ts';
import { plugIns } from '../../../app/plug-ins.ts';
import { createFlowCheck, type FlowCheck, type FlowCheckParts } from './flow-check.ts';
import { judgeFlows } from './judge-flows.ts';

let house: SandboxDesk;
let check: FlowCheck;
let bookmarks: Map<string, string>;
let raised: Problem[];
let branches = 0;

beforeAll(async () => {
  house = await aSandboxDesk(fileURLToPath(new URL('../../../../flows/', import.meta.url)));
  live();
});

afterAll(async () => {
  await house.stop();
  expect(house.wrongs()).toEqual([]);
});

afterEach(async () => {
  house.sandbox.faults.clear();
  await house.sandbox.settled();
  await done();
  live();
});

/** Made once: it compiles what it validates by. */
const review = createChangeReviewer(plugIns);

/** A new life of the app; what an earlier one kept may be there. */
function live(kept = new Map<string, string>(), doubles: Partial<FlowCheckParts> = {}): void {
  bookmarks = kept;
  raised = [];
  const source = createDeskSource({ github: house.github, most: { files: 400, bytes: 5_000_000 } });
  check = createFlowCheck({
    ...house,
    desks: [house.desk],
    at: source.at,
    seeCode: async () => undefined,
    lookUpGroup: async () => ({}),
    inForce: async () => ({}),
    judge: async (proposed) => judgeFlows(review(proposed)),
    errors: { raise: (_desk, problem) => void raised.push(problem), clear: () => void raised.splice(0) },
    bookmarks: {
      bookmark: async (name) => bookmarks.get(name),
      setBookmark: async (name, value) => void bookmarks.set(name, value),
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    ...doubles,
  });
  house.hear = async (event, payload) => void (await check.accept(event, payload));
  house.calls.length = 0;
}

/** Rings the bell until nothing more is wanted. */
async function done(): Promise<void> {
  for (let bells = 0; bells < 40; bells += 1) {
    if ((bookmarks.get(`flow-checks ${house.desk}`) ?? '[]') === '[]') return;
    await check.beat();
    house.clock.push(minutes(20));
  }
  throw new Error('Some check is wanted for ever.');
}

async function settled(): Promise<void> {
  await house.sandbox.settled();
  await done();
}

/** The number of the pull request, and its head. */
function propose(files: Record<string, string | null>): {
  readonly number: number;
  readonly head: string;
  readonly branch: string;
} {
  const branch = `change-${(branches += 1)}`;
  const max = house.sandbox.as('max-p');
  const head = max.pushFiles({ message: 'Change', branch, files });
  return { number: max.openPullRequest({ title: 'Change', head: branch }).number, head, branch };
}

const runsOn = (sha: string) =>
  house.sandbox.github.state.checkRuns
    .in(`${house.repository}/${sha}`)
    .map(({ id, name, status, conclusion, title, summary, annotations, external_id, actions }) => ({
      ...{ id, name, status, conclusion, title, external_id, actions },
      summary: summary ?? '',
      annotations,
    }));

const slip = 'label: Vault\nrequestors: [role:member]\n';

describe('a pull request that touches flows', () => {
  it('succeeds where nothing is wrong', async () => {
    const { head, number } = propose({ 'flows/README.md': 'What we grant.\n' });
    await settled();
    expect(runsOn(head)).toMatchObject([
      {
        name: 'Countersign flows',
        status: 'completed',
        conclusion: 'success',
        title: 'No flow changed, nothing wrong',
        external_id: `${house.desk} ${number} ${head}`,
        annotations: [],
      },
    ]);
  });

  it('fails where a file is broken, with the problem at its line', async () => {
    const { head } = propose({ 'flows/vault.yml': slip });
    await settled();
    const [run] = runsOn(head);
    expect(run).toMatchObject({ conclusion: 'failure', title: expect.stringMatching(/problems in 1 file$/) });
    expect(run?.summary).toContain('Did you mean “requesters”?');
    expect(run?.summary).toContain('1 flow would be disabled');
    expect(run?.annotations[0]).toMatchObject({
      path: 'flows/vault.yml',
      start_line: 2,
      end_line: 2,
      start_column: 1,
      annotation_level: 'failure',
    });
  });

  it('fails where the desk would lose its settings, and says what that means', async () => {
    const { head } = propose({ 'flows/countersign.yml': null });
    await settled();
    const [run] = runsOn(head);
    expect(run?.conclusion).toBe('failure');
    expect(run?.summary).toContain('nobody could ask for anything');
  });

  it('from a fork is checked the same, at a commit that is in no branch here', async () => {
    const eve = house.sandbox.as('eve-s');
    const { number } = eve.openPullRequestFromFork({ title: 'Mine', files: { 'flows/vault.yml': slip } });
    const head = eve.pushToFork(number, { title: 'B', files: { 'flows/README.md': 'x\n' } });
    await settled();
    expect(runsOn(head)).toMatchObject([{ conclusion: 'failure' }]);
  });

  it('has no more annotations than fit into its calls, and counts the rest', async () => {
    const many = Array.from({ length: 90 }, (_, line) => `key${line}: 1`).join('\n');
    const { head } = propose({
      'flows/a.yml': many,
      'flows/b.yml': many,
      'flows/c.yml': many,
      'flows/d.yml': many,
    });
    await settled();
    const [run, ...others] = runsOn(head);
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(run?.annotations).toHaveLength(300);
    expect(run?.summary).toMatch(/Only 300 of the 3\d\d problems/);
    expect(house.calls.filter((call) => call.startsWith('PATCH'))).toHaveLength(5);
  });

  it('shows nothing of what a file says but as text', async () => {
    const { head } = propose({ 'flows/a|b <img src=x> @max-p.yml': 'label: "@max-p"\n' });
    await settled();
    const [run] = runsOn(head);
    expect(run?.summary).not.toMatch(/[^\\]<img|[^\\]\|b|@max-p/);
  });
});

describe('what is named on Slack', () => {
  const told = 'errors: slack-channel:nowhere\n';
  const asked: NamedOnSlack[] = [];
  const lookUpSlack =
    (unanswered?: string): NonNullable<FlowCheckParts['lookUpSlack']> =>
    async (_desk, named) => {
      asked.push(named);
      return {
        ...{ workspace: 'T07ACME00', connected: ['T07ACME00'], groups: {}, users: {} },
        ...{ channels: unanswered === undefined ? { nowhere: null } : {}, hasDefaultErrors: true },
        known: { channels: [], groups: [] },
        ...(unanswered !== undefined && { unanswered }),
      };
    };
  const settings = (): string =>
    readFileSync(new URL('../../../../flows/countersign.yml', import.meta.url), 'utf8');

  it('is looked up, and said at its line', async () => {
    live(new Map(), { lookUpSlack: lookUpSlack() });
    const { head } = propose({ 'flows/countersign.yml': `${settings()}${told}` });
    await settled();
    const [run] = runsOn(head);
    expect(run?.annotations).toContainEqual(
      expect.objectContaining({ title: 'channel-missing', start_line: settings().split('\n').length }),
    );
    expect(asked.at(-1)?.channels).toEqual(['nowhere', 'access', 'access-errors']);
  });

  it('and could not be looked up is no green tick', async () => {
    const vault = readFileSync(new URL('../../../../flows/vault.yml', import.meta.url), 'utf8');
    const more = vault.replace(
      '[team:acme/security]',
      '[team:acme/security]\n      notify: [slack-channel:nowhere]',
    );
    live(new Map(), { lookUpSlack: lookUpSlack() });
    const sure = propose({ 'flows/vault.yml': more });
    await settled();
    expect(runsOn(sure.head)).toMatchObject([{ conclusion: 'success' }]);
    live(new Map(), { lookUpSlack: lookUpSlack('Slack is out.') });
    const { head } = propose({ 'flows/vault.yml': `# More\n${more}` });
    await settled();
    const [run] = runsOn(head);
    expect(run).toMatchObject({ conclusion: 'neutral', title: 'Not all could be looked up on Slack' });
    expect(run?.summary).toContain('Not all that is named on Slack could be looked up.');
    expect(JSON.stringify(run?.annotations)).toContain('Slack is out.');
  });

  it('by a fork is not asked about', async () => {
    asked.length = 0;
    live(new Map(), { lookUpSlack: lookUpSlack() });
    const eve = house.sandbox.as('eve-s');
    const files = { 'flows/countersign.yml': `${settings()}# Mine\n${told}` };
    const { number } = eve.openPullRequestFromFork({ title: 'Mine', files });
    await settled();
    expect(number).toBeGreaterThan(0);
    expect(asked).toEqual([]);
  });
});

describe('nothing is checked', () => {
  it('of a pull request that touches no flows', async () => {
    const { head } = propose({ 'README.md': 'Hello\n', 'other/flows/a.yml': 'x\n' });
    await settled();
    expect(runsOn(head)).toEqual([]);
  });

  it('in a repository that the operator does not list', async () => {
    const max = house.sandbox.as('max-p');
    const files = { 'flows/vault.yml': slip };
    max.pushFiles({ message: 'x', branch: 'there', files, repository: 'acme/shop' });
    max.openPullRequest({ title: 'x', head: 'there', repository: 'acme/shop' });
    await settled();
    expect(house.calls).toEqual([]);
  });

  it('of what another webhook with the same secret brings', async () => {
    const { head, number } = propose({ 'README.md': 'Again\n' });
    await settled();
    const payload = {
      action: 'opened',
      number,
      pull_request: { head: { sha: head } },
      repository: { id: house.repository },
    };
    expect(await check.accept('pull_request', payload)).toBe(false);
  });
});

describe('the same is said once', () => {
  it('however often the webhook comes', async () => {
    house.sandbox.faults.onWebhook({ kind: 'duplicate', event: 'pull_request' });
    const { head } = propose({ 'flows/vault.yml': slip });
    await settled();
    const [delivery] = house.sandbox
      .deliveries()
      .filter(({ event }) => event === 'pull_request')
      .slice(-1);
    house.sandbox.redeliver(delivery?.id ?? 0);
    await settled();
    expect(runsOn(head)).toHaveLength(1);
  });

  it('by a life that remembers nothing', async () => {
    const { head } = propose({ 'flows/vault.yml': slip });
    await settled();
    live();
    await check.lookAgain();
    await done();
    expect(runsOn(head)).toHaveLength(1);
  });

  it.each([
    ['POST', 1],
    ['PATCH', 1],
    ['PATCH', 3],
  ])('where the answer to a %s is lost, with no annotation doubled', async (method, after) => {
    house.sandbox.faults.onRequest({
      kind: 'answer-lost',
      method,
      path: '/check-runs',
      times: 1,
      after: after - 1,
    });
    const many = Array.from({ length: 95 }, (_, line) => `key${line}: 1`).join('\n');
    const { head } = propose({ 'flows/a.yml': many, 'flows/b.yml': `${many}\n# ${after} ${method}\n` });
    await settled();
    const [run, ...others] = runsOn(head);
    expect(others).toEqual([]);
    const all = (run?.annotations ?? []).map((each) => JSON.stringify(each));
    expect(new Set(all).size).toBe(all.length);
    expect(run).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
      title: expect.stringMatching(new RegExp(`^${all.length} problems`)),
    });
  });

  it('where the app died between asking and answering', async () => {
    const { head } = propose({ 'flows/vault.yml': slip });
    await house.sandbox.settled();
    live(bookmarks);
    await done();
    expect(runsOn(head)).toMatchObject([{ conclusion: 'failure' }]);
  });
});

describe('a webhook that never came', () => {
  it('is made up for by reading the pull requests again', async () => {
    await check.lookAgain();
    await done();
    house.sandbox.faults.onWebhook({ kind: 'drop', event: 'pull_request' });
    const { head } = propose({ 'flows/vault.yml': slip });
    await house.sandbox.settled();
    await check.lookAgain();
    await done();
    expect(runsOn(head)).toMatchObject([{ conclusion: 'failure' }]);
    house.calls.length = 0;
    await check.lookAgain();
    await done();
    expect(house.calls.filter((call) => !call.endsWith('/pulls') && !call.startsWith('GET /app'))).toEqual([
      expect.stringMatching(/^GET \/repositories/),
    ]);
  });
});

describe('whoever wants it once more', () => {
  it('gets another run for the one that is shown', async () => {
    const { head } = propose({ 'flows/vault.yml': slip });
    await settled();
    house.sandbox.as('max-p').rerequestCheckRun(runsOn(head)[0]?.id ?? 0);
    await settled();
    expect(runsOn(head).map(({ conclusion }) => conclusion)).toEqual(['failure', 'failure']);
    const [delivery] = house.sandbox
      .deliveries()
      .filter(({ event }) => event === 'check_run')
      .slice(-1);
    house.sandbox.redeliver(delivery?.id ?? 0);
    await settled();
    expect(runsOn(head)).toHaveLength(2);
  });

  it('may ask for all checks of a commit, of a fork too', async () => {
    const eve = house.sandbox.as('eve-s');
    const pull = eve.openPullRequestFromFork({ title: 'Mine', files: { 'flows/vault.yml': slip } });
    const head = pull.pull?.head_sha ?? '';
    await settled();
    house.clock.push(5000);
    house.sandbox.as('max-p').rerequestChecks(head, 'countersign', null);
    await settled();
    expect(runsOn(head)).toHaveLength(2);
  });

  it('gets none where no flow is touched', async () => {
    const { head, branch } = propose({ 'README.md': 'Once more\n' });
    await settled();
    house.sandbox.as('max-p').rerequestChecks(head, 'countersign', branch);
    await settled();
    expect(runsOn(head)).toEqual([]);
  });
});

describe('what fails at our end is not their fault', () => {
  it('an outage is waited for', async () => {
    house.sandbox.faults.onRequest({ kind: 'error', status: 502, path: '/git/', times: 3 });
    const { head } = propose({ 'flows/README.md': 'An outage.\n' });
    await settled();
    expect(runsOn(head)).toMatchObject([{ conclusion: 'success' }]);
  });

  it('one that does not end is neutral, and says how to try again', async () => {
    house.sandbox.faults.onRequest({ kind: 'error', status: 502, path: '/git/blobs' });
    const { head } = propose({ 'flows/README.md': 'A long outage.\n', 'flows/vault.yml': slip });
    await settled();
    const [run] = runsOn(head);
    expect(run).toMatchObject({ conclusion: 'neutral', annotations: [] });
    expect(run?.summary).toMatch(/502[^]*Re-run/);
  });

  it.each([
    [
      'a desk too large',
      async () => Promise.reject(new Failure('It is too large.', { transient: false })),
      'too large',
    ],
    ['a bug of ours', async () => Promise.reject(new TypeError('secret')), 'in Countersign itself'],
  ])('%s is neutral', async (_, judge, words) => {
    live(new Map(), { judge });
    const { head } = propose({ 'flows/README.md': `${words}\n` });
    await settled();
    const [run] = runsOn(head);
    expect(run?.conclusion).toBe('neutral');
    expect(run?.summary).toContain(words);
    expect(run?.summary).not.toContain('secret');
  });

  it('is said to operators where not even that can be written', async () => {
    house.sandbox.faults.onRequest({ kind: 'error', status: 503, method: 'POST', path: '/check-runs' });
    const { number } = propose({ 'flows/README.md': 'Nothing can be written.\n' });
    await settled();
    expect(raised).toMatchObject([
      { kind: 'check-failed', what: expect.stringMatching(new RegExp(`^Pull request ${number}: .*503`)) },
    ]);
  });
});

it('rests after what it read, so that whoever pushes and pushes uses up no more of our requests', async () => {
  const source = createDeskSource({ github: house.github });
  const at: FlowCheckParts['at'] = async (desk, commit, asked) => {
    for (let file = 0; file < 40; file += 1) asked();
    return source.at(desk, commit, asked);
  };
  live(new Map(), { at });
  const heads: string[] = [];
  const counts: number[] = [];
  for (const text of ['One.', 'Two.', 'Three.']) {
    heads.push(propose({ 'flows/README.md': `${text}\n` }).head);
    await house.sandbox.settled();
    await check.beat();
    counts.push(runsOn(heads.at(-1) ?? '').length);
  }
  expect(counts).toEqual([1, 1, 0]);
  house.clock.push(minutes(3));
  await check.beat();
  expect(runsOn(heads[2] ?? '')).toHaveLength(1);
});

it('rests as well after looking at what touches no flow: that takes our requests too', async () => {
  live();
  const { number, head } = propose({ 'README.md': 'Many times.\n' });
  await settled();
  house.calls.length = 0;
  const payload = {
    action: 'synchronize',
    number,
    pull_request: { head: { sha: head } },
    repository: { id: house.repository },
    installation: { id: 1 },
  };
  for (let pushes = 0; pushes < 60; pushes += 1) {
    await check.accept('pull_request', payload);
    await check.beat();
  }
  expect(house.calls.length).toBeGreaterThan(60);
  expect(house.calls.length).toBeLessThan(150);
});

describe('nobody gets a green check by', () => {
  const open = 'requesters: [role:member]\napproval: { steps: [{ name: one, approvers: [role:member] }] }\n';
  const last = (sha: string) => runsOn(sha).at(-1);

  it('proposing it first to a branch that has it already', async () => {
    const max = house.sandbox.as('max-p');
    max.pushFiles({ message: 'Open', branch: 'lax', files: { 'flows/lax.yml': open } });
    const head = max.pushFiles({
      message: 'More',
      branch: 'lax-too',
      files: { 'flows/lax.yml': `${open}label: Lax\n` },
    });
    max.openPullRequest({ title: 'Harmless', head: 'lax-too', base: 'lax' });
    await settled();
    expect(last(head)).toMatchObject({ conclusion: 'neutral' });
    expect(last(head)?.summary).toContain('can newly ask for lax');
  });

  it('pressing “Re-run”, of the run or of all checks', async () => {
    const { head, branch } = propose({ 'flows/lax.yml': open });
    await settled();
    const first = last(head);
    expect(first?.summary).toContain('The author of this pull request widens their own access');
    const max = house.sandbox.as('max-p');
    max.rerequestCheckRun(first?.id ?? 0);
    await settled();
    house.clock.push(5000);
    max.rerequestChecks(head, 'countersign', branch);
    await settled();
    expect(runsOn(head).map(({ summary }) => summary)).toEqual([
      first?.summary,
      first?.summary,
      first?.summary,
    ]);
  });

  it('opening another pull request of the same commit first, as somebody who gains nothing', async () => {
    const flow = 'requesters: [person:max]\napproval: { steps: [{ name: one, approvers: [person:ann] }] }\n';
    const branch = 'for-max';
    const head = house.sandbox
      .as('max-p')
      .pushFiles({ message: 'Mine', branch, files: { 'flows/mine.yml': flow } });
    house.sandbox.as('bob-l').openPullRequest({ title: 'His', head: branch });
    await settled();
    house.sandbox
      .as('max-p')
      .pushFiles({ message: 'Base', branch: 'elsewhere', files: { 'README.md': 'x\n' } });
    house.sandbox.as('max-p').openPullRequest({ title: 'Mine', head: branch, base: 'elsewhere' });
    await settled();
    expect(runsOn(head)).toHaveLength(2);
    expect(last(head)?.summary).toContain('widens their own access: max may newly ask for mine');
  });
});

describe('the button beside the check', () => {
  const flow = 'requesters: [role:member]\nfields: { why: { type: string, label: Why so? } }\n';
  const steps = 'approval: { steps: [{ name: one, approvers: [team:acme/data] }] }\n';
  const form = '.github/ISSUE_TEMPLATE/small.yml';
  const identifier = 'regenerate-forms';
  const textAt = (commit: string, path: string): string | undefined => {
    const git = house.sandbox.github.git(house.sandbox.desk);
    const tree = git.commit(git.resolve(commit) ?? '')?.tree;
    const entry = tree === undefined ? undefined : git.entryAt(tree, path);
    return entry && git.object(entry.sha)?.content.toString();
  };

  it('commits the forms that fit to the branch of the pull request, and is gone then', async () => {
    const { head, branch } = propose({ 'flows/small.yml': flow + steps });
    await settled();
    const [run] = runsOn(head);
    expect(run).toMatchObject({
      conclusion: 'neutral',
      title: '3 things to look at first',
      actions: [{ identifier }],
    });
    house.sandbox.as('max-p').pressCheckAction(run?.id ?? 0, identifier);
    await settled();
    await settled(); // of what was pushed
    expect(textAt(branch, form)).toContain('label: Why so?');
    const next = house.sandbox.github.git(house.sandbox.desk).resolve(branch) ?? '';
    expect(runsOn(next)).toMatchObject([{ conclusion: 'neutral', actions: [] }]);
    expect(textAt('main', form)).toBeUndefined();
  });

  it('commits nothing where somebody pushed after it was shown', async () => {
    const { head, branch } = propose({ 'flows/small.yml': flow + steps });
    await settled();
    house.sandbox.as('max-p').pressCheckAction(runsOn(head)[0]?.id ?? 0, identifier);
    house.sandbox.as('max-p').pushFiles({ message: 'Later', branch, files: { 'README.md': 'later\n' } });
    await settled();
    expect(textAt(branch, form)).toBeUndefined();
  });

  it('writes to no fork, and says so', async () => {
    const eve = house.sandbox.as('eve-s');
    const opened = eve.openPullRequestFromFork({
      title: 'Mine',
      files: { 'flows/small.yml': flow + steps },
    });
    await settled();
    const sha = opened.pull?.head_sha ?? '';
    house.sandbox.as('max-p').pressCheckAction(runsOn(sha)[0]?.id ?? 0, identifier);
    await settled();
    expect(raised).toMatchObject([
      { kind: 'check-failed', what: expect.stringContaining('comes from a fork') },
    ]);
  });

  it('is not for whoever may not push', async () => {
    const { head } = propose({ 'flows/small.yml': flow + steps });
    await settled();
    const id = runsOn(head)[0]?.id ?? 0;
    expect(() => house.sandbox.as('eve-s').pressCheckAction(id, identifier)).toThrow();
  });
});
