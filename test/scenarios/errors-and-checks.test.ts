// What operators and authors see of the real app: a broken flow disabled and said, a pull request checked, access that stays too long.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { runBuilt } from '../built-sandbox.ts';
import { until } from '../process/until.ts';

let running: RunningSandbox;

beforeAll(async () => {
  running = await runBuilt('fatal');
}, 60_000);

afterAll(async () => {
  expect(running.sandbox.unknownRequests).toEqual([]);
  await running.stop();
});

const minute = 60_000;
const repository = 700_100_001;
const slip = 'label: Vault\nrequestors: [role:member]\n';
const errors = (): { readonly number: number; readonly body: string } | undefined => {
  const found = running.sandbox.github.state.issues
    .in(repository)
    .filter(({ title }) => title === 'Countersign: errors');
  expect(found.length).toBeLessThanOrEqual(1);
  return found[0] && { number: found[0].number, body: found[0].body ?? '' };
};
const runOn = (sha: string) => running.sandbox.github.state.checkRuns.in(`${repository}/${sha}`)[0];
const untilErrorsSay = (text: string): Promise<void> =>
  until(`errors that say ${text}`, () => {
    // Whether the app has just looked is chance: the next time comes soon.
    running.sandbox.clock.push(1000);
    return errors()?.body.includes(text) ?? false;
  });

it('checks a pull request in a thread of its own, before anybody merges it', async () => {
  const max = running.sandbox.as('max-p');
  const head = max.pushFiles({ message: 'A slip', branch: 'slip', files: { 'flows/vault.yml': slip } });
  max.openPullRequest({ title: 'A slip', head: 'slip' });
  await until('a check', () => runOn(head)?.status === 'completed');
  expect(runOn(head)).toMatchObject({ name: 'Countersign flows', conclusion: 'failure' });
  const fixed = max.pushFiles({
    message: 'Mended',
    branch: 'slip',
    files: {
      'flows/vault.yml': null,
      'flows/vault.test.yml': null,
      '.github/ISSUE_TEMPLATE/vault.yml': null,
    },
  });
  running.sandbox.clock.push(minute);
  await until('another check', () => runOn(fixed)?.status === 'completed');
  expect(runOn(fixed)).toMatchObject({ conclusion: 'success' });
}, 60_000);

it('disables a flow that is broken on the default branch, alone, and says so until it is mended', async () => {
  const { sandbox } = running;
  const max = sandbox.as('max-p');
  max.pushFiles({ message: 'A slip', files: { 'flows/vault.yml': slip }, reviewed: true });
  await untilErrorsSay('### A flow is broken and disabled');
  const issue = errors();
  expect(issue?.body).toMatch(/vault: flows\/vault\.yml:2:1 .*Did you mean \\`requesters\\`/);
  await until(
    'somebody to be told',
    () => sandbox.github.state.comments.in(`${repository}/${issue?.number}`).length === 1,
  );
  max.editIssue(issue?.number ?? 0, { body: 'All is well.' });
  running.sandbox.clock.push(minute);
  await untilErrorsSay('### A flow is broken and disabled');

  const asked = sandbox
    .as('ann-o')
    .openIssue({ title: 'x', body: '/request production-access production reason=Backfill' });
  await until('a card of another flow', () =>
    sandbox.github.state.comments
      .in(`${repository}/${asked.number}`)
      .some(({ body }) => body.includes('countersign:card')),
  );

  max.pushFiles({ message: 'Gone', files: { 'flows/vault.yml': null }, reviewed: true });
  running.sandbox.clock.push(minute);
  await untilErrorsSay('🟢 **Nothing is open.**');
  expect(errors()?.body).toContain('A flow is broken and disabled: vault');
}, 120_000);
