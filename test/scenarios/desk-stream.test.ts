// The desk's own stream, written by the real app into a real branch: whom it refused, and which flow was broken when.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { runThrowaway } from '../../sandbox/throwaway.ts';
import { until } from '../process/until.ts';

let running: RunningSandbox;

beforeAll(async () => {
  running = await runThrowaway('fatal');
}, 60_000);

afterAll(async () => {
  await running.stop();
});

const subjects = (): readonly string[] =>
  running.sandbox.ledgerLog().map(({ message }) => message.split('\n')[0] ?? '');
const saying = (text: RegExp): Promise<unknown> =>
  until(`a commit that says ${text.source}`, () => subjects().some((subject) => text.test(subject)));

it('says whom it refused a request, once for each reason', async () => {
  const stranger = running.sandbox.as('eve-s');
  stranger.openIssue({ title: 'Please', body: '/request production-access production' });
  await saying(/^refused eve-s asking for production-access: unlinked-account$/);
  stranger.openIssue({ title: 'Please!', body: '/request production-access production' });
  running.sandbox.as('ann-o').openIssue({ title: 'Hm', body: '/request productoin-access' });
  await saying(/^refused ann asking for productoin-access: unknown-flow$/);
  expect(subjects().filter((subject) => subject.includes('eve-s'))).toHaveLength(1);
});

it('says which flow a push has broken, before anybody asks for it', async () => {
  running.sandbox.as('max-p').pushFiles({
    message: 'A slip',
    files: { 'flows/vault.yml': 'label: Vault\nrequestors: [role:member]\n' },
    reviewed: true,
  });
  await saying(/^disabled vault: [a-z-]+ on line \d+ at [0-9a-f]{7}$/);
});
