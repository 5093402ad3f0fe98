import { afterEach, beforeEach, expect, test } from 'vitest';
import { acme, customer, people, sampleCompany } from '../../../sandbox/slack/sample-company.ts';
import { startSlack, type StartedSlack } from '../../../sandbox/slack/slack.ts';
import { createSlackApp } from '../../clients/slack/slack-app.ts';
import { createDeskReader } from '../../desk/desk-reader.ts';
import { systemClock } from '../system.ts';
import { deskChannelFindings } from './slack-desk-checks.ts';

let slack: StartedSlack;

beforeEach(async () => {
  slack = await startSlack();
  sampleCompany(slack, { botToken: 'xoxb-acme' });
  slack.company.addApp({ workspace: customer, id: 'A09OTHER0', botToken: 'xoxb-customer' });
});
afterEach(() => slack.close());

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `ok what it says` of a desk whose settings hold these lines too. */
async function found(settings: string, ...tokens: readonly string[]): Promise<readonly string[]> {
  const app = createSlackApp({
    connections: tokens.map((botToken, index) => ({ botToken, ...(index > 0 && { name: `n${index}` }) })),
    ...{ apiUrl: slack.apiUrl, fetch: globalThis.fetch, clock: systemClock, log },
  });
  const files = {
    'flows/countersign.yml': `version: 1\nadmins: [person:ann]\n${settings}`,
    'flows/people.yml': 'people: { ann: { name: Ann, slack: U07ANN000 } }\n',
    'flows/a.yml':
      'label: A\nrequesters: [role:member]\napproval: { steps: [{ name: x, approvers: [role:admin], notify: [slack-channel:access] }] }\n',
  };
  const desk = createDeskReader({ strategies: {} }).readDesk(
    new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
    'abcdef0',
  );
  expect(desk.diagnostics).toEqual([]);
  return (await deskChannelFindings(desk, app)).map(({ mark, says }) => `${mark} ${says}`);
}

test('all channels are there, and the app is in them', async () => {
  expect(await found('errors: slack-channel:access-errors\n', 'xoxb-acme')).toEqual([
    'ok its own workspace is Acme Inc. (T07ACME00), and the app is in all 2 channels that it names',
  ]);
});

test('channels that are not there, not open to the app, archived, or of a workspace that is not connected', async () => {
  slack.company.addChannel({ workspace: acme, id: 'C07OPEN000', name: 'open-door', members: [people.ann] });
  slack.company.changeChannel('C07DATA000', { is_archived: true });
  const settings = `errors: slack-channel:nowhere
notify: [slack-channel:open-door, slack-channel:data-access, slack-channel:T0FAR0000/x]
`;
  expect(await found(settings, 'xoxb-acme')).toEqual([
    'failure there is no channel #nowhere that the app can see',
    'failure it names a channel of the workspace T0FAR0000, which is not connected',
    'failure #data-access is archived',
    'failure the app is not in #open-door',
  ]);
});

test('no error channel is named, and the usual one is missing', async () => {
  const missing = 'warning it names no error channel, and the app is in no #countersign-errors';
  expect((await found('', 'xoxb-acme')).at(-1)).toBe(missing);
  slack.company.addChannel({ workspace: acme, name: 'countersign-errors', members: ['U07CSIGN0'] });
  expect(await found('', 'xoxb-acme')).toEqual([expect.stringMatching(/^ok its own workspace/)]);
});

test('of several workspaces the desk names its own, and one that is connected', async () => {
  const both = ['xoxb-acme', 'xoxb-customer'];
  expect(await found('', ...both)).toEqual([
    'failure 2 workspaces are connected, and it does not say which is its own',
  ]);
  expect(await found('slack: { workspace: T0FAR0000 }\n', ...both)).toEqual([
    'failure its own workspace T0FAR0000 is not connected',
  ]);
  expect((await found(`slack: { workspace: ${acme} }\n`, ...both))[0]).toMatch(
    /^ok its own workspace is Acme/,
  );
});
