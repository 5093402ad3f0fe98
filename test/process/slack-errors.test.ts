// The real process between the embedded GitHub and the embedded Slack: what goes wrong is told where people are, and what a pull request names there is looked up.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import { acme, people } from '../../sandbox/slack/sample-company.ts';
import type { Slack } from '../../sandbox/slack/slack.ts';
import { linesOf } from '../contracts/slack/lines-of.ts';
import { allowTime, openCompany } from './company.ts';
import { pause, until } from './until.ts';

allowTime();

const channel = 'C07CSERROR';
let running: RunningSandbox;
let slack: Slack;

beforeAll(async () => {
  ({ running, slack } = await openCompany());
  const [app] = slack.state.apps.all();
  const members = [people.max, app?.bot_user_id ?? ''];
  slack.company.addChannel({ workspace: acme, id: channel, name: 'countersign-errors', members });
});
afterAll(() => running.stop());

const vault = readFileSync('flows/vault.yml', 'utf8');
const lines = (): readonly string[] => slack.messages(channel).map(({ blocks }) => linesOf(blocks));

function pushVault(text: string): void {
  running.sandbox
    .as('max-p')
    .pushFiles({ message: 'Vault', files: { 'flows/vault.yml': text }, reviewed: true });
}

/** What is shown is shown at most every half minute. */
async function untilShown(what: string, isShown: () => boolean): Promise<void> {
  while (!isShown()) {
    running.sandbox.clock.push(31_000);
    await pause(1500);
  }
  await until(what, isShown);
}

function errorIssue(): { readonly number: number; readonly body: string } | undefined {
  const found = running.sandbox.github.state.issues
    .all()
    .find(({ title }) => title === 'Countersign: errors');
  return found && { number: found.number, body: found.body ?? '' };
}

test('a pull request that names a channel which is not there is told so at its line', async () => {
  const max = running.sandbox.as('max-p');
  const asked = vault.replace(
    '[team:acme/security]',
    '[team:acme/security]\n      notify: [slack-channel:acces]',
  );
  const head = max.pushFiles({ message: 'Tell', branch: 'tell', files: { 'flows/vault.yml': asked } });
  max.openPullRequest({ title: 'Tell', head: 'tell' });
  const found = () =>
    running.sandbox.github.state.checkRuns
      .all()
      .find((run) => run.head_sha === head && run.status === 'completed');
  await until('the check', () => found() !== undefined);
  const line = asked.split('\n').findIndex((text) => text.includes('slack-channel:acces')) + 1;
  expect(found()?.annotations).toContainEqual(
    expect.objectContaining({
      title: 'channel-missing',
      start_line: line,
      message: expect.stringContaining('Did you mean “slack-channel:access”?'),
    }),
  );
});

test('a flow that breaks is told of in the error channel, and crossed off', async () => {
  pushVault(vault.replace('requesters:', 'requestors:'));
  await until('the message', () => lines().length > 0);
  expect(lines()[0]).toContain('# Countersign: errors of acme/access');
  expect(lines()[0]).toContain('*A flow is broken and disabled*');
  await until('the issue', () => errorIssue()?.body.includes('1 problem is open') ?? false);
  pushVault(vault);
  await untilShown('it to be crossed off', () => lines()[0]?.includes('Nothing is open') ?? false);
  const comments = running.sandbox.github.state.comments
    .all()
    .filter(({ body }) => body.includes('A flow is broken'));
  expect(comments).toEqual([]);
});

test('an app that is removed from the workspace is told of in the issue', async () => {
  const [app] = slack.state.apps.all();
  slack.uninstall(app?.id ?? '');
  await untilShown(
    'the issue to say so',
    () => errorIssue()?.body.includes('Slack does not let the app in') ?? false,
  );
  await untilShown(
    'the issue to say why it is told there',
    () => errorIssue()?.body.includes('Not all of this could be told on Slack') ?? false,
  );
  await until('a comment', () =>
    running.sandbox.github.state.comments
      .all()
      .some(({ body }) => body.includes('Slack does not let the app in')),
  );
});
