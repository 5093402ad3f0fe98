// The desk's own stream, written by the real app into a real branch: whom it refused, and which flow was broken when.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { runBuilt } from '../built-sandbox.ts';
import { until } from '../process/until.ts';

let running: RunningSandbox;

beforeAll(async () => {
  running = await runBuilt('fatal');
}, 60_000);

afterAll(async () => {
  await running.stop();
});

/** Each once for each commit, whether it stands in the subject or below it. */
const sentences = (): readonly string[] =>
  running.sandbox
    .ledgerLog()
    .flatMap(({ message }) => [...new Set(message.split('\n').map((line) => line.replace(/^- /, '')))]);
const saying = (text: RegExp): Promise<unknown> =>
  until(`a commit that says ${text.source}`, () => {
    // What nobody waits for is committed after a while, which passes quickly.
    running.sandbox.clock.push(500);
    return sentences().some((sentence) => text.test(sentence));
  });

it('says whom it refused a request, once for each reason', async () => {
  const stranger = running.sandbox.as('eve-s');
  stranger.openIssue({ title: 'Please', body: '/request production-access production' });
  stranger.openIssue({ title: 'Please!', body: '/request production-access production' });
  running.sandbox.as('ann-o').openIssue({ title: 'Hm', body: '/request productoin-access' });
  await saying(/^refused eve-s asking for production-access: unlinked-account$/);
  await saying(/^refused ann asking for productoin-access: unknown-flow$/);
  expect(sentences().filter((sentence) => sentence.startsWith('refused eve-s'))).toHaveLength(1);
}, 60_000);

it('says which flow a push has broken, before anybody asks for it', async () => {
  running.sandbox.as('max-p').pushFiles({
    message: 'A slip',
    files: { 'flows/vault.yml': 'label: Vault\nrequestors: [role:member]\n' },
    reviewed: true,
  });
  await saying(/^disabled vault: [a-z-]+ on line \d+ at [0-9a-f]{7}$/);
}, 60_000);
