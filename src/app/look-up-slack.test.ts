// What the check says of a change that names things on Slack: looked up in the embedded Slack, each at its line.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acme, channels, customer, people, sampleCompany } from '../../sandbox/slack/sample-company.ts';
import { startSlack, type StartedSlack } from '../../sandbox/slack/slack.ts';
import { createSlackApp, type SlackApp } from '../clients/slack/slack-app.ts';
import { slackPace } from '../clients/slack/pace.ts';
import { namedOnSlack } from '../desk/change/named-on-slack.ts';
import { createChangeReviewer } from '../desk/change/review-change.ts';
import { deskId } from '../domain/names.ts';
import { createLookUpSlack } from './look-up-slack.ts';
import { systemClock } from './system.ts';

const desk = deskId('github', 1);
const bot = 'U07CSIGN0';
const plenty = Object.fromEntries(Object.keys(slackPace.methods).map((method) => [method, 1e6]));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const review = createChangeReviewer({ strategies: {} });

let slack: StartedSlack;

beforeEach(async () => {
  slack = await startSlack();
  sampleCompany(slack, { botToken: 'xoxb-acme' });
  const { company } = slack;
  company.addApp({ workspace: customer, id: 'A09OTHER0', botToken: 'xoxb-customer' });
  company.addChannel({ workspace: acme, id: 'C07OPEN000', name: 'open-door', members: [people.ann] });
  company.addChannel({ workspace: acme, id: 'C07OLD0000', name: 'old', private: true, members: [bot] });
  company.changeChannel('C07OLD0000', { is_archived: true });
  company.addGroup({ workspace: acme, id: 'S07GONE00', handle: 'gone-team', users: [] });
  company.changeGroup('S07GONE00', { date_delete: 1 });
});

afterEach(async () => {
  await slack.close();
  expect(slack.unknownMethods).toEqual([]);
});

function appOf(...tokens: readonly string[]): SlackApp {
  return createSlackApp({
    connections: tokens.map((botToken, index) => ({ botToken, ...(index > 0 && { name: `n${index}` }) })),
    ...{ apiUrl: slack.apiUrl, fetch: globalThis.fetch, clock: systemClock, log },
    pace: { ...slackPace, methods: plenty, tries: 1 },
  });
}

const base: Readonly<Record<string, string>> = {
  'flows/countersign.yml': 'version: 1\nadmins: [person:ann]\n',
  'flows/people.yml':
    'people:\n  ann: { name: Ann, github: { login: ann-o, id: 1 } }\n  bob: { name: Bob, github: { login: bob-l, id: 2 } }\n',
};

/** `file:line:column level code sentence` of what is said of these files, on top of those. */
async function said(
  files: Readonly<Record<string, string>>,
  { app = appOf('xoxb-acme'), own = true }: { readonly app?: SlackApp | null; readonly own?: boolean } = {},
): Promise<readonly string[]> {
  const lookUp = createLookUpSlack(
    app === null
      ? undefined
      : {
          app,
          lookups: {
            of: async () => {
              const [only] = app.connections;
              if (!own || only === undefined) return undefined;
              const { team, teamName } = await only.identity();
              return { workspace: team, name: teamName, lookUps: only };
            },
          },
          clock: systemClock,
        },
  );
  const encode = (all: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> =>
    new Map(Object.entries(all).map(([path, text]) => [path, new TextEncoder().encode(text)]));
  const [before, after] = [encode(base), encode({ ...base, ...files })];
  const seen = await lookUp(desk, namedOnSlack(after, before), () => undefined);
  // It goes to a thread of its own.
  const { review: found } = review({
    before: { files: before, commit: 'a' },
    after: { files: after, commit: 'b' },
    unchanged: 0,
    slack: structuredClone(seen),
  });
  return found.diagnostics
    .filter(({ code }) => /slack|channel|guests-unseen|errors-shared|group-not-found/.test(code))
    .map(
      ({ file, line, column, level, code, sentence, suggestion = '' }) =>
        `${file.slice('flows/'.length)}:${line}:${column} ${level} ${code} ${sentence} ${suggestion}`,
    );
}

const flow = (approvers: string, notify = '[github]', more = ''): Readonly<Record<string, string>> => ({
  'flows/a.yml': `label: A
requesters: [role:member]
approval:
  steps:
    - name: x
      approvers: [${approvers}]
      notify: ${notify}
${more}`,
});

describe('a channel where people are told', () => {
  it('that is there, with the app in it, is nothing to speak of', async () => {
    expect(await said(flow('person:bob', '[slack-channel:access, slack-channel:C07DATA000]'))).toEqual([]);
  });

  it('that is not there, archived or without the app is said at its place, with what was meant', async () => {
    const notify = `
        - slack-channel:acces
        - { to: [slack-channel:old, person:bob], after: 1h }
        - { to: slack-channel:open-door, after: 2h }`;
    expect(await said(flow('person:bob', notify))).toEqual([
      expect.stringMatching(
        /^a\.yml:8:11 warning channel-missing .*no channel #acces .*slack-channel:access$/,
      ),
      expect.stringMatching(/^a\.yml:9:18 warning channel-archived .*#old is archived/),
      expect.stringMatching(/^a\.yml:10:17 warning channel-without-app .*\/invite @Countersign/),
    ]);
  });

  it('of another workspace is not looked up', async () => {
    expect(await said(flow('person:bob', `[slack-channel:${customer}/anything]`))).toEqual([]);
  });
});

describe('a channel or group that decides', () => {
  it('that is private and ours is nothing to speak of', async () => {
    expect(await said(flow('slack-channel:data-access, slack-group:data-team'))).toEqual([]);
  });

  it('that anybody could join, or that others add people to, is an error', async () => {
    slack.company.changeChannel(channels.accessErrors, { shared_with: [customer] });
    expect(await said(flow('slack-channel:general, slack-channel:access-errors'))).toEqual([
      expect.stringMatching(/^a\.yml:6:19 error channel-open The channel #general is public/),
      expect.stringMatching(/^a\.yml:6:42 error channel-shared The channel #access-errors is shared/),
    ]);
  });

  it('that is not there is said, in a condition too', async () => {
    const rules = `rules:
  - { name: r, if: "requester.belongs_to('slack-group:data-tea')", deny: true, reason: No }
`;
    expect(await said(flow('slack-group:gone-team, slack-channel:nowhere', '[github]', rules))).toEqual([
      expect.stringMatching(/^a\.yml:6:19 warning slack-group-disabled .*@gone-team/),
      expect.stringMatching(/^a\.yml:6:42 warning channel-missing .*#nowhere/),
      expect.stringMatching(/^a\.yml:9:\d+ warning slack-group-missing .*slack-group:data-team$/),
    ]);
  });
});

describe('people', () => {
  it('who are unknown, gone, bots, or guests listed as members are said at their place', async () => {
    slack.company.changeUser(people.eve, { deleted: true });
    const listed = `people:
  ann: { name: Ann, slack: U07ANN000 }
  bob:
    name: Bob
    slack: U07NOBODY
  eve: { name: Eve, slack: ${people.eve} }
  bot: { name: Bot, slack: ${bot} }
  gil: { name: Gil, slack: ${people.gil} }
  nora: { name: Nora, role: guest, slack: ${people.nora} }
  cleo: { name: Cleo, role: guest, slack: { workspace: ${customer}, user: ${people.cleo} } }
  who: { name: Who, role: guest, slack: { workspace: ${customer}, user: U09NOBODY } }
`;
    expect(await said({ 'flows/people.yml': listed })).toEqual([
      expect.stringMatching(/^people\.yml:5:12 warning slack-user-missing .*U07NOBODY/),
      expect.stringMatching(/^people\.yml:6:28 warning slack-user-deactivated/),
      expect.stringMatching(/^people\.yml:7:28 warning slack-user-bot/),
      expect.stringMatching(/^people\.yml:8:28 warning slack-user-guest .*role: guest/),
    ]);
  });

  it('of a workspace that shares no channel with the app cannot be seen', async () => {
    const settings = `${base['flows/countersign.yml']}errors: slack-channel:access-errors
guests:
  them: { label: Them, slack_workspaces: [${customer}, T0FAR0000] }
`;
    expect(await said({ 'flows/countersign.yml': settings })).toEqual([
      expect.stringMatching(/^countersign\.yml:5:54 warning guests-unseen .*T0FAR0000/),
    ]);
  });
});

describe('the error channel', () => {
  const settings = (more: string): Readonly<Record<string, string>> => ({
    'flows/countersign.yml': `${base['flows/countersign.yml']}${more}`,
  });

  it('is missed where none is named, and the app is in none of the usual name', async () => {
    const told = settings('notify: [slack-channel:access]\n');
    expect(await said(told)).toEqual([
      expect.stringMatching(/^countersign\.yml:1:1 warning no-error-channel/),
    ]);
    slack.company.addChannel({ workspace: acme, name: 'countersign-errors', members: [bot] });
    expect(await said(told)).toEqual([]);
    expect(await said(settings('defaults: { lapse_after: 3h }\n'))).toEqual([]);
  });

  it('that is not there is said, and so is one whose readers are others', async () => {
    const environments = 'environments: { prod: { errors: slack-channel:ext-customer } }\n';
    expect(await said(settings(`errors: slack-channel:access-error\n${environments}`))).toEqual([
      expect.stringMatching(/^countersign\.yml:3:9 warning channel-missing .*slack-channel:access-errors$/),
      expect.stringMatching(/^countersign\.yml:4:33 warning errors-shared/),
    ]);
  });
});

describe('where nobody can be asked', () => {
  const named = flow('slack-channel:general', '[slack-channel:nowhere]');

  it('it is said once for each file, and nothing is taken for right or wrong', async () => {
    slack.weather.set('down', true);
    expect(await said(named)).toEqual([expect.stringMatching(/^a\.yml:6:19 warning slack-unanswered .*503/)]);
  });

  it('what was asked before Slack went away is told all the same', async () => {
    slack.faults.onRequest({ kind: 'error', status: 503, path: /usergroups/ });
    expect(await said(flow('slack-channel:general, slack-group:data-team'))).toEqual([
      expect.stringMatching(/slack-unanswered/),
      expect.stringMatching(/channel-open/),
    ]);
  });

  it('Slack that is not set up is said', async () => {
    expect(await said(named, { app: null })).toEqual([
      expect.stringMatching(/6:19 warning slack-not-connected/),
    ]);
  });

  it('of several workspaces the desk has to name its own, and one that is connected', async () => {
    const app = appOf('xoxb-acme', 'xoxb-customer');
    expect(await said(named, { app, own: false })).toEqual([
      expect.stringMatching(/^a\.yml:6:19 error slack-workspace-needed 2 workspaces/),
    ]);
    const other = (workspace: string): Readonly<Record<string, string>> => ({
      ...named,
      'flows/countersign.yml': `${base['flows/countersign.yml']}slack: { workspace: ${workspace} }\n`,
    });
    expect(await said(other('T0FAR0000'), { app })).toEqual([
      expect.stringMatching(/^a\.yml:6:19 warning slack-workspace-unknown/),
      expect.stringMatching(/no-error-channel/),
    ]);
    expect((await said(other(customer), { app }))[0]).toMatch(/slack-unanswered .*only once this is merged/);
  });
});
