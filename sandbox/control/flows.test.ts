// A change of the flows by pull request, as the page proposes it.
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aSandboxPage, flowPath, lines, type SandboxPage } from '../../test/builders/sandbox-page.ts';

let page: SandboxPage;

beforeEach(async () => {
  page = await aSandboxPage();
});

afterEach(() => page.stop());

describe('the flows', () => {
  test('are listed as they are in force, scenarios behind their flow', async () => {
    const { branch, files, branches } = await page.json('flows');
    expect(branch).toBe('main');
    expect(files.map((one: { path: string }) => one.path)).toEqual([
      'flows/people.yml',
      flowPath,
      'flows/small.test.yml',
    ]);
    expect(files[1].text).toBe(lines(1, 30));
    expect(branches).toEqual(['main']);
  });

  test('are listed as a pull request wants them, from a fork too', async () => {
    const own = await page.propose('max-p', 'own\n');
    const forked = await page.propose('ann-o', 'forked\n');
    const textIn = async (number: number) => (await page.json(`flows?pull=${number}`)).files[1].text;
    expect([await textIn(own), await textIn(forked)]).toEqual(['own\n', 'forked\n']);
    expect((await page.ask('flows?pull=99')).status).toBe(404);
  });

  test('what is no text is not shown as if it were', async () => {
    page.sandbox
      .as('max-p')
      .pushFiles({ message: 'Odd', files: { 'flows/odd.yml': 'a\0b' }, reviewed: true });
    const { files } = await page.json('flows');
    expect(files.find((one: { path: string }) => one.path === 'flows/odd.yml').text).toBeNull();
  });

  test('nobody reads them without the token, from another site, or under another name', async () => {
    const statusOf = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve, reject) => {
        const outgoing = request(`${page.sandbox.url}/_sandbox/flows`, { headers }, (incoming) => {
          incoming.resume();
          resolve(incoming.statusCode ?? 0);
        });
        outgoing.on('error', reject);
        outgoing.end();
      });
    const authorization = `Bearer ${page.token}`;
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ authorization, host: 'evil.example' })).toBe(403);
    expect(await statusOf({ authorization, origin: 'https://evil.example' })).toBe(403);
  });
});

describe('a proposal', () => {
  test('comes on a branch of its own by who may push, and from a fork by who may not', async () => {
    expect(await page.pull(await page.propose('max-p', 'new\n'))).toMatchObject({
      head: 'small',
      base: 'main',
      forkOf: null,
    });
    expect(await page.pull(await page.propose('ann-o', 'new\n'))).toMatchObject({
      head: 'ann-o:patch-1',
      forkOf: 'ann-o',
    });
    const { people } = await page.json('view');
    const mayPush = people.filter((one: { mayPush: boolean }) => one.mayPush);
    expect(mayPush.map((one: { login: string }) => one.login)).toEqual(['max-p']);
  });

  test('takes no branch that is there, and none that Git would not have', async () => {
    await page.propose('max-p', 'new\n');
    const { commit } = await page.json('flows');
    for (const branch of ['small', '../../main', 'a..b', '-x', 'x.lock', '.git/x', 'a b']) {
      const answer = await page.act('max-p', 'proposeChange', {
        title: 'T',
        branch,
        from: commit,
        files: { [flowPath]: 'x' },
      });
      expect(answer.status, branch).toBe(422);
    }
    expect((await page.json('flows')).branches).toEqual(['main', 'small']);
  });

  test('puts no file outside the repository', async () => {
    const { commit } = await page.json('flows');
    for (const place of ['../x.yml', 'flows/../../x', '.git/config', 'flows//x.yml', '/x']) {
      const files = { [place]: 'x' };
      const answer = await page.act('max-p', 'proposeChange', {
        title: 'T',
        branch: 'odd',
        from: commit,
        files,
      });
      expect(answer.status, place).toBe(422);
    }
  });

  test('is refused where its file has changed since the editor was opened, and where another has it is not', async () => {
    const { commit } = await page.json('flows');
    const push = (file: string): unknown =>
      page.sandbox.as('max-p').pushFiles({ message: 'Meanwhile', files: { [file]: 'a\n' }, reviewed: true });
    push('flows/other.yml');
    const pull = await page.pull(await page.propose('max-p', 'new\n', { from: commit }));
    expect(pull.files.map((one: { path: string }) => one.path)).toEqual([flowPath]);
    push(flowPath);
    for (const as of ['max-p', 'ann-o'])
      await expect(page.propose(as, 'newer\n', { from: commit, branch: 'next' })).rejects.toThrow(
        `Somebody changed ${flowPath} while you edited it.`,
      );
  });

  test('of a stranger is not found, and says nothing', async () => {
    const { commit } = await page.json('flows');
    const answer = await page.act('mallory-x', 'proposeChange', {
      title: 'T',
      branch: 'x',
      from: commit,
      files: { [flowPath]: 'x' },
    });
    expect(answer.status).toBe(404);
  });

  test('goes on with further pushes to the same branch, of its author alone where it is a fork’s', async () => {
    const own = await page.propose('max-p', 'one\n');
    const forked = await page.propose('ann-o', 'one\n');
    for (const [number, as] of [
      [own, 'max-p'],
      [forked, 'ann-o'],
    ] as const) {
      const { commit, branch } = await page.json(`flows?pull=${number}`);
      const push = { number, message: 'More', from: commit, files: { [flowPath]: 'two\n' } };
      expect((await page.act('dora-k', 'pushToPull', push)).status).toBe(404);
      expect((await page.act(as, 'pushToPull', push)).status).toBe(200);
      const after = await page.json(`flows?pull=${number}`);
      expect([after.branch, after.files[1].text]).toEqual([branch, 'two\n']);
      const stale = await page.act(as, 'pushToPull', { ...push, files: { [flowPath]: 'three\n' } });
      expect(await stale.text()).toContain(`Somebody changed ${flowPath} while you edited it.`);
    }
  });

  test('takes no further push once it is merged, and shows for good what it changed', async () => {
    const number = await page.propose('max-p', `${lines(1, 29)}changed\n`);
    const { commit } = await page.json(`flows?pull=${number}`);
    expect((await page.act('ann-o', 'mergePullRequest', { number })).status).toBe(404);
    expect((await page.act('max-p', 'mergePullRequest', { number })).status).toBe(200);
    expect((await page.json('flows')).files[1].text).toContain('changed');
    expect(await page.pull(number)).toMatchObject({
      state: 'merged',
      files: [{ path: flowPath, added: 1, removed: 1 }],
    });
    const late = await page.act('max-p', 'pushToPull', {
      number,
      message: 'M',
      from: commit,
      files: { [flowPath]: 'x' },
    });
    expect(late.status).toBe(422);
  });

  test('is not merged over another that changed the same file', async () => {
    const [first, second] = [await page.propose('max-p', 'one\n'), await page.propose('ann-o', 'two\n')];
    expect((await page.act('max-p', 'mergePullRequest', { number: first })).status).toBe(200);
    const refused = await page.act('max-p', 'mergePullRequest', { number: second });
    expect(await refused.text()).toContain(`${flowPath} has changed on main too`);
    expect((await page.json('flows')).files[1].text).toBe('one\n');
  });
});

describe('a branch that was pushed', () => {
  test('is listed while it is ahead and of no open pull request, and its pull request is opened from there', async () => {
    const max = page.sandbox.as('max-p');
    const push = (branch: string, message: string): string =>
      max.pushFiles({ branch, message, files: { 'flows/mine.yml': `# ${branch}\n` } });
    push('mine', 'A flow of mine\n\nBecause.');
    const proposable = async () => (await page.json('flows')).proposable;
    const listed = [{ branch: 'mine', subject: 'A flow of mine', author: 'Max Pereira' }];
    expect(await proposable()).toEqual(listed);
    const { commit } = await page.json('flows');
    const taken = await page.act('max-p', 'proposeChange', {
      title: 'T',
      branch: 'mine',
      from: commit,
      files: { [flowPath]: 'x' },
    });
    expect(await taken.text()).toContain('or open a pull request for that one: Flows lists it.');

    const input = { branch: 'mine', title: 'Mine' };
    expect((await page.act('mallory-x', 'openPullFor', input)).status).toBe(404);
    const answer = await page.act('max-p', 'openPullFor', input);
    const { number } = await answer.json();
    expect(await page.pull(number)).toMatchObject({ head: 'mine', state: 'open' });
    expect(await proposable()).toEqual([]);
    expect((await page.act('max-p', 'openPullFor', input)).status).toBe(422);
    expect((await page.act('max-p', 'openPullFor', { ...input, branch: 'gone' })).status).toBe(422);
    max.closeIssue(number);
    expect(await proposable()).toEqual(listed);
    max.openPullRequest({ title: 'Again', head: 'mine' });
    expect((await page.act('max-p', 'mergePullRequest', { number: number + 1 })).status).toBe(200);
    expect(await proposable()).toEqual([]);
  });

  test('that shares no commit with the default branch, as the ledger, is not listed', async () => {
    const { github, desk } = page.sandbox;
    const git = github.git(desk);
    const head = git.commit(git.readRef('refs/heads/main') ?? '');
    if (!head) throw new Error('There is no commit.');
    const orphan = git.writeCommit({ ...head, parents: [] });
    expect(git.updateRef('refs/heads/countersign/ledger', orphan, null)).toBe(true);
    expect((await page.json('flows')).proposable).toEqual([]);
  });
});
