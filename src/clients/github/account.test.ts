import { expect, test } from 'vitest';
import { createKeptLog, createScriptedGitHub, testKey, tokenAsUsual } from '../../../test/scripted-github.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { findAccount, withRecentLogins } from './account.ts';
import { createGitHubApp } from './github-app.ts';

/** One account, numbered 7, whose login a test may change. */
function given() {
  const clock = createVirtualClock();
  const ann = { id: 7, login: 'ann' };
  const github = createScriptedGitHub(clock, ({ path }) => {
    if (path.endsWith('/access_tokens')) return tokenAsUsual;
    if (path === '/orgs/acme/installation') return { json: { id: 1 } };
    return path === '/user/7' ? { json: { ...ann, type: 'User' } } : { status: 404 };
  });
  const app = createGitHubApp({
    appId: 1,
    privateKey: testKey.privateKey,
    baseUrl: 'https://api.github.com',
    fetch: github.fetch,
    clock,
    log: createKeptLog(),
  });
  const octokit = async () => (await clock.settle(app.forOrganization('acme'))).at('read');
  return { clock, ann, octokit, asked: () => github.asked.filter(({ path }) => path === '/user/7').length };
}

test('an account is found by its number under the login of this moment', async () => {
  const { clock, ann, octokit } = given();
  const at = await octokit();
  expect(await clock.settle(findAccount(at, 7))).toEqual({ id: 7, login: 'ann', type: 'User' });
  ann.login = 'ann-ortega';
  expect(await clock.settle(findAccount(at, 7))).toMatchObject({ login: 'ann-ortega' });
});

test('an account that is no more, or that answers by another number, is none', async () => {
  const { clock, ann, octokit } = given();
  const at = await octokit();
  expect(await clock.settle(findAccount(at, 8))).toBeUndefined();
  ann.id = 9;
  expect(await clock.settle(findAccount(at, 7))).toBeUndefined();
});

test('what is shown to people is asked for once in twenty seconds', async () => {
  const { clock, ann, octokit, asked } = given();
  const at = await octokit();
  const loginOf = withRecentLogins(async (id) => (await findAccount(at, id))?.login, clock);
  const ask = (): Promise<string | undefined> => clock.settle(loginOf(7));
  expect(await clock.settle(Promise.all([loginOf(7), loginOf(7)]))).toEqual(['ann', 'ann']);
  ann.login = 'ann-ortega';
  await clock.advance(19_000);
  expect([await ask(), asked()]).toEqual(['ann', 1]);
  await clock.advance(1_000);
  expect([await ask(), asked()]).toEqual(['ann-ortega', 2]);
});

test('a look-up that failed is not remembered', async () => {
  let isDown = true;
  const loginOf = withRecentLogins(async () => {
    if (isDown) throw new Error('down');
    return 'ann';
  }, createVirtualClock());
  await expect(loginOf(7)).rejects.toThrow('down');
  isDown = false;
  expect(await loginOf(7)).toBe('ann');
});
