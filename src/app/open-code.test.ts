// What code of a desk gets for each helper of the SDK, from the code in its sandbox to the service behind it, and what it does not get.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDouble, type Double } from '../../sandbox/services/double.ts';
import { startOkta, type Okta } from '../../sandbox/services/okta/okta.ts';
import { startPagerDuty, type PagerDuty } from '../../sandbox/services/pagerduty/pagerduty.ts';
import { acme, channels, people, sampleCompany } from '../../sandbox/slack/sample-company.ts';
import { startSlack, type StartedSlack } from '../../sandbox/slack/slack.ts';
import {
  account,
  desk,
  integration as awsIntegration,
  openAwsWorld,
  region,
  type AwsWorld,
} from '../../test/contracts/strategies/aws-double-parts.ts';
import { createQuickClock } from '../../test/contracts/strategies/subject-parts.ts';
import { testOutside } from '../../test/outside.ts';
import { slackPace } from '../clients/slack/pace.ts';
import { createSlackApp } from '../clients/slack/slack-app.ts';
import { builtInDefaults } from '../desk/compile/compile-settings.ts';
import type { Desk } from '../desk/desk.ts';
import type { Settings } from '../domain/flow.ts';
import type { CodeOffer } from '../domain/hooks.ts';
import { instant, personId } from '../domain/names.ts';
import { redirectedFetch } from './endpoints.ts';
import { openCode, type CodeHalf } from './open-code.ts';
import { postsOfCode } from './slack-half.ts';

/** The role may call both; the flow lists one. */
const grantingArn = `arn:aws:lambda:${region}:${account}:function:database-access`;
const arn = `${grantingArn}:live`;
const secrets: { readonly [name: string]: { readonly host: string; readonly value: string } } = {
  PAGERDUTY: { host: 'api.pagerduty.com', value: 'key-of-pagerduty' },
  OKTA: { host: 'acme.okta.com', value: 'key-of-okta' },
  LMS: { host: 'lms.example.com', value: 'key/of+the lms' },
  SIGNING: { host: 'lms.example.com', value: 'signing-key' },
};
const integrations: { readonly [name: string]: Settings } = {
  aws: awsIntegration,
  pagerduty: { type: 'pagerduty', token: '${{ secrets.PAGERDUTY }}' },
  okta: { type: 'okta', domain: 'acme.okta.com', token: '${{ secrets.OKTA }}' },
  lms: {
    type: 'http',
    base_url: 'https://lms.example.com/api/v1',
    token: '${{ secrets.LMS }}',
    signing_secret: '${{ secrets.SIGNING }}',
    headers: { 'X-Tenant': 'acme' },
  },
  'prod/lms': { type: 'http', base_url: 'https://prod.example.com', token: '${{ secrets.PROD }}' },
  plain: { type: 'http', base_url: 'http://127.0.0.1:1' },
};

/** Calls the helper that the request names, and keeps what came of it. */
const code = `
import * as sdk from 'countersign/sdk';
const { github, http, invokeLambda, okta, output, pagerduty, secret, slack, call } = sdk;
export const on_request = async ({ request }: any) => {
  const args = JSON.parse(request.fields.args);
  if (request.fields.secret) args.headers = { authorization: secret(request.fields.secret) };
  const helpers: any = { http, lambda: invokeLambda, okta: okta.groupsOf, pagerduty: pagerduty.onCall, slack: slack.send,
    github: github.request, call: ({ name, args }: any) => call(name, args) };
  try {
    return output({ answer: JSON.stringify((await helpers[request.fields.helper](args)) ?? null) });
  } catch (error: any) {
    return output({ error: error.code + ': ' + error.message, transient: error.transient });
  }
};
`;
const file = 'flows/training.ts';
const clock = createQuickClock();
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let aws: AwsWorld;
let pagerDuty: PagerDuty;
let okta: Okta;
let slack: StartedSlack;
let lms: Double;
let half: CodeHalf;
/** What the LMS was sent. */
let sent: { method: string; url: string; headers: Headers; body: string }[];
let invoked: unknown[];
let declared: typeof integrations;

beforeAll(async () => {
  const now = (): Date => new Date(clock.now());
  aws = await openAwsWorld({ type: 'aws-lambda', service: 'lambda', writing: /^Invoke$/ });
  aws.aws.lambda.add({
    ...{ account, region, name: 'database-access', qualifiers: ['live'] },
    handler(event) {
      invoked.push(event);
      return { trained: true };
    },
  });
  pagerDuty = await startPagerDuty({ now });
  pagerDuty.state.tokens.add('key-of-pagerduty');
  pagerDuty.state.users.push({ id: 'PANN001', name: 'Ann', email: 'ann@acme.com' });
  pagerDuty.state.users.push({ id: 'PBOB001', name: 'Bob', email: 'bob@acme.com' });
  pagerDuty.state.policies.set('PPOLICY', [[{ user: 'PANN001' }], [{ user: 'PBOB001' }]]);
  okta = await startOkta({ now, domain: 'acme.okta.com' });
  okta.state.tokens.set('key-of-okta', 'read');
  const ann = '00u1a2b3c4d5e6f7g8h9';
  okta.state.users.set(ann, { id: ann, status: 'ACTIVE', login: 'ann@acme.com', email: 'ann@acme.com' });
  for (const [id, name] of [
    ['00g1', 'Trained'],
    ['00g2', 'Everyone'],
    ['00g3', 'Others'],
  ] as const) {
    okta.state.groups.set(id, { id, type: 'OKTA_GROUP', name });
    okta.state.setMember(id, ann, id !== '00g3');
  }
  okta.state.pageSize = 1;
  slack = await startSlack({ clock: { now } });
  sampleCompany(slack, { botToken: 'xoxb-acme' });
  lms = await startDouble({
    async answer(request) {
      const { method, url, headers } = request;
      const body = await request.text();
      sent.push({ method, url: url.slice(lms.url.length), headers, body });
      return Response.json({ echoed: [...headers].map(([name, value]) => `${name}: ${value}`), body });
    },
  });
  half = open();
});
beforeEach(() => {
  [sent, invoked, declared] = [[], [], integrations];
  for (const double of [pagerDuty, okta, lms]) double.mishap(() => undefined);
});
afterAll(async () => {
  await half.rooms.stop();
  await Promise.all([aws.close(), pagerDuty.stop(), okta.stop(), lms.stop(), slack.close()]);
  expect([...pagerDuty.strangers, ...okta.strangers, ...slack.unknownMethods]).toEqual([]);
});

function deskNow(): Desk {
  return {
    commit: 'c0ffee',
    flows: new Map(),
    diagnostics: [],
    code: { [file]: code },
    people: {
      persons: new Map(
        (['ann', 'bob'] as const).map((id) => [
          personId(id),
          { id: personId(id), name: id, role: 'member', slack: { user: people[id] } },
        ]),
      ),
      byAccount: new Map(),
    },
    settings: {
      ...{ admins: [], domains: { members: [], linkByEmail: [] }, defaults: builtInDefaults },
      ...{ environments: new Map(), targets: new Map(), vars: new Map(), guests: new Map() },
      integrations: new Map(
        Object.entries(declared).map(([name, settings]) => [
          name,
          { type: String(settings['type']), settings },
        ]),
      ),
    },
  };
}

function open(): CodeHalf {
  const unlimited = Object.fromEntries(Object.keys(slackPace.methods).map((method) => [method, 1e6]));
  const app = createSlackApp({
    ...{
      connections: [{ botToken: 'xoxb-acme' }],
      apiUrl: slack.apiUrl,
      fetch: globalThis.fetch,
      clock,
      log,
    },
    pace: { ...slackPace, methods: unlimited, channel: { burst: 1e6, refill: 1e6, per: 1000 }, tries: 1 },
  });
  const [connection] = app.connections;
  if (connection === undefined) throw new Error('There is a connection.');
  const desks = { desk: async () => deskNow(), at: async () => deskNow() };
  const lookups = { of: async () => ({ workspace: acme, lookUps: connection }) };
  const never = (): never => {
    throw new Error('Nothing of this is on GitHub.');
  };
  const endpoints = [
    { from: 'https://api.pagerduty.com', to: pagerDuty.url },
    { from: 'https://acme.okta.com', to: okta.url },
    { from: 'https://lms.example.com', to: lms.url },
    { from: 'https://prod.example.com', to: lms.url },
  ];
  const outside = testOutside({
    clock,
    fetch: redirectedFetch({ endpoints, there: globalThis.fetch, otherwise: never }),
    secret: ({ name, host, environment }) =>
      name === 'PROD'
        ? environment === 'prod' && host === 'prod.example.com'
          ? 'key-of-prod'
          : undefined
        : secrets[name]?.host === host
          ? secrets[name].value
          : undefined,
    aws: { url: aws.aws.url, keys: aws.keys },
  });
  return openCode(
    { clock, log, fetch: globalThis.fetch },
    {
      ...{ desks, outside, directory: { belongs: async () => false } },
      github: { app: never, forRepository: never, forRepositoryId: never },
      settings: { baseUrl: 'https://api.github.test', codeRepositories: [] },
      store: { bookmark: async () => undefined, setBookmark: async () => undefined },
      post: postsOfCode({ app, lookups, groups: [] }, desks, {
        bookmark: async () => undefined,
      }),
    },
  );
}

type Offer = Partial<CodeOffer>;
const through = (name: string, write = false, key = name): Offer => ({
  integrations: [{ name, key, write }],
});

/** What the helper answered, or why not. */
async function run(
  helper: string,
  args: object,
  offer: Offer,
  secret = '',
): Promise<{ answer?: unknown; error?: string; transient?: boolean }> {
  const at = instant(Date.UTC(2026, 10, 20, 9));
  const answer = await half.code.hook({
    desk,
    flow: { name: 'training', commit: 'c0ffee' },
    code: { file, hooks: ['on_request'], hosts: [], vars: {}, ...offer },
    hook: 'on_request',
    event: {
      at,
      flow: { name: 'training', label: 'Training' },
      request: {
        ...{ status: 'new', requester: personId('ann'), source: 'github', requestedAt: at, approvals: [] },
        fields: { helper, args: JSON.stringify(args), secret },
      },
      outputs: {},
    },
  });
  if (!('answer' in answer) || answer.answer !== 'go-on') throw new Error(JSON.stringify(answer));
  const { answer: json, error, transient } = answer.values ?? {};
  if (error !== undefined) return { error: String(error), transient: transient === true };
  return { answer: JSON.parse(String(json)) };
}

describe('nothing that the flow does not name', () => {
  test.each([
    [
      'http',
      { url: 'https://lms.example.com/' },
      'not-granted: This code may not reach lms.example.com: `hosts`, where the flow names the code, does not list it.',
    ],
    [
      'http',
      { integration: 'lms', path: '/' },
      'not-granted: This code was given no integration of type http. Name one in the flow, by `integration` of the strategy or `integrations` of `code`, and declare it in countersign.yml.',
    ],
    [
      'lambda',
      { integration: 'aws', arn, payload: {} },
      'not-granted: This code may not call lambda.invoke.',
    ],
    ['pagerduty', { policy: 'PPOLICY' }, 'not-granted: This code may not call pagerduty.on-call.'],
    ['okta', { email: 'ann@acme.com' }, 'not-granted: This code may not call okta.groups-of.'],
    ['slack', { to: 'person:bob', text: 'x' }, 'not-granted: This code may not call slack.send.'],
    ['github', { method: 'GET', path: '/repos/a/b' }, 'not-granted: This code may not call github.request.'],
    ['call', { name: 'toString', args: {} }, 'not-granted: This code may not call toString.'],
  ])('%s', async (helper, args, error) => {
    expect(await run(helper, args, {})).toMatchObject({ error });
  });

  test('an integration of another type is none, nor is one that is no more declared', async () => {
    const both = ['pagerduty', 'okta'].map((name) => ({ name, key: name, write: false }));
    expect(
      await run('okta', { email: 'ann@acme.com', integration: 'pagerduty' }, { integrations: both }),
    ).toEqual({
      error:
        'not-granted: “pagerduty” is an integration of type pagerduty, and this call goes through one of type okta.',
      transient: false,
    });
    expect(await run('http', { integration: 'okta', path: '/api/v1/users' }, through('okta'))).toMatchObject({
      error: expect.stringContaining('“okta” is an integration of type okta'),
    });
    expect(await run('http', { integration: '__proto__', path: '/' }, through('lms'))).toMatchObject({
      error:
        'not-granted: The flow names “lms” for this code, and not this one. Write in the code what the flow names, or name the other in the flow.',
    });
    declared = {};
    expect(await run('okta', { email: 'ann@acme.com' }, through('okta'))).toMatchObject({
      error: 'not-granted: This code may not call okta.groups-of.',
    });
  });
});

describe('http through an integration', () => {
  test('goes below its base, with its token, headers and signature, none of which comes back', async () => {
    const { answer } = await run('http', { integration: 'lms', path: '/people/7?full=1' }, through('lms'));
    expect(sent).toMatchObject([{ method: 'GET', url: '/api/v1/people/7?full=1' }]);
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer key/of+the lms');
    expect(sent[0]?.headers.get('x-tenant')).toBe('acme');
    expect(sent[0]?.headers.get('countersign-signature')).toMatch(/^v1=[0-9a-f]{64}$/);
    expect(JSON.stringify(answer)).toContain('authorization: Bearer (secret LMS)');
    expect(JSON.stringify(answer)).not.toMatch(/key.of.the lms|signing-key/);
  });

  test('only reads, unless the flow says that it may write', async () => {
    const args = { integration: 'lms', path: '/people/7', method: 'PUT', json: { role: 'admin' } };
    expect(await run('http', args, through('lms'))).toMatchObject({
      error: 'not-granted: This code may only read (GET) through that integration.',
    });
    expect(await run('http', { ...args, method: 'get' }, through('lms'))).toHaveProperty('error');
    expect(sent).toEqual([]);
    await run('http', args, through('lms', true));
    expect(sent).toMatchObject([{ method: 'PUT', body: '{"role":"admin"}' }]);
  });

  test('does not open its host to requests by address, with which its rule would be gone round', async () => {
    const url = 'https://lms.example.com/api/v1/people/7';
    expect(await run('http', { url, method: 'PUT' }, through('lms'), 'LMS')).toMatchObject({
      error:
        'not-granted: This code may not reach lms.example.com: `hosts`, where the flow names the code, does not list it.',
    });
  });

  test.each([
    '/../../admin',
    '/%2e%2e/%2e%2e/admin',
    '//evil.example.com/',
    '\\\\..\\\\..\\\\admin',
    '/a/../../../b',
  ])('does not leave the base by %s', async (path) => {
    await run('http', { integration: 'lms', path }, through('lms'));
    expect(sent.every(({ url }) => url.startsWith('/api/v1/'))).toBe(true);
  });

  test.each([
    '/people/..%2f..%2fadmin',
    '/people/..%5C..%5Cadmin',
    '/people/%2e%2e%2F..%2Fadmin',
    '/people/..%252f..%252fadmin',
    '/people/..;/..;/admin',
    '/people/7%2f..%2f..%2f..%2fadmin',
  ])('sends no %s, which is a way up to a service that decodes it', async (path) => {
    expect(await run('http', { integration: 'lms', path }, through('lms'))).toMatchObject({
      error: 'refused: http: Its path leads elsewhere.',
    });
    expect(sent).toEqual([]);
  });

  test('takes slashes and dots that climb nowhere', async () => {
    const path = '/projects/acme%2Fapp.ts/v1..2/.well-known/a%2Fb';
    await run('http', { integration: 'lms', path }, through('lms'));
    expect(sent).toMatchObject([{ url: `/api/v1${path}` }]);
  });

  test.each(['X-HTTP-Method-Override', 'x-method-override', 'X-HTTP-Method'])(
    'makes no other method of a GET by %s',
    async (name) => {
      const args = { integration: 'lms', path: '/people/7', headers: { [name]: 'DELETE' } };
      expect(await run('http', args, through('lms'))).toMatchObject({
        error: 'refused: http: One of its headers is not for code to set.',
      });
      expect(sent).toEqual([]);
    },
  );

  test('makes no other method of a GET by the query', async () => {
    const args = { integration: 'lms', path: '/people/7?%5Fmethod=DELETE' };
    expect(await run('http', args, through('lms'))).toMatchObject({
      error: 'not-granted: This code may only read (GET) through that integration.',
    });
    expect(sent).toEqual([]);
  });

  test('cannot say who it is in the place of the integration', async () => {
    const headers = { Authorization: 'Bearer mine', 'Countersign-Signature': 'v1=00', 'x-tenant': 'other' };
    await run('http', { integration: 'lms', path: '/', headers }, through('lms'));
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer key/of+the lms');
    expect(sent[0]?.headers.get('countersign-signature')).not.toBe('v1=00');
    expect(sent[0]?.headers.get('x-tenant')).toBe('acme');
    const host = { integration: 'lms', path: '/', headers: { host: 'other.example.com' } };
    expect(await run('http', host, through('lms'))).toMatchObject({
      error: expect.stringContaining('headers'),
    });
  });

  test('has the secrets of the environment whose integration it is', async () => {
    await run('http', { integration: 'lms', path: '/' }, through('lms', false, 'prod/lms'));
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer key-of-prod');
  });

  test('never speaks to this machine', async () => {
    expect(await run('http', { integration: 'plain', path: '/' }, through('plain'))).toMatchObject({
      error: 'refused: http: The base_url of the integration begins with https.',
    });
  });

  test('says what failed, and holds no secret in it', async () => {
    lms.mishap(() => ({ status: 302, headers: { location: 'https://evil.example.com/' } }));
    expect(await run('http', { integration: 'lms', path: '/' }, through('lms'))).toMatchObject({
      error: 'failed: http: 302, a redirect, which is not followed',
    });
    declared = { lms: { type: 'http', base_url: 'https://lms.example.com', token: '${{ secrets.OKTA }}' } };
    expect(await run('http', { integration: 'lms', path: '/' }, through('lms'))).toMatchObject({
      error:
        'failed: The secret OKTA is not set, or is not granted to this desk for the host of the integration.',
    });
  });
});

describe('a Lambda', () => {
  const offer = { ...through('aws'), lambdas: [arn] };

  test('is invoked by the role of the integration, and its answer comes back', async () => {
    const args = { integration: 'aws', arn, payload: { person: 'ann' } };
    expect(await run('lambda', args, offer)).toEqual({ answer: { trained: true } });
    expect(invoked).toEqual([{ person: 'ann' }]);
  });

  test.each([
    grantingArn,
    'database-access:live',
    `${arn} `,
    arn.replace('333333333333', '444444444444'),
    '',
  ])('is not invoked where the flow does not list it: %s', async (other) => {
    const payload = { version: 1, operation: 'grant', account: 'ann' };
    expect(await run('lambda', { integration: 'aws', arn: other, payload }, offer)).toHaveProperty('error');
    expect(invoked).toEqual([]);
  });

  test('fails as AWS says', async () => {
    const gone = arn.replace(':live', ':gone');
    const said = await run(
      'lambda',
      { integration: 'aws', arn: gone, payload: {} },
      { ...offer, lambdas: [gone] },
    );
    expect(said).toEqual({
      error: expect.stringMatching(/^failed: AWS answered AccessDeniedException to calling the function\./),
      transient: false,
    });
  });
});

describe('who is on call', () => {
  test('comes as addresses', async () => {
    const answer = ['ann@acme.com', 'bob@acme.com'];
    expect(await run('pagerduty', { policy: 'PPOLICY' }, through('pagerduty'))).toEqual({ answer });
  });

  test('is asked by an id, and one that is none is no quiet night', async () => {
    const offer = through('pagerduty');
    expect(await run('pagerduty', { policy: 'PNONE01' }, offer)).toMatchObject({
      error: expect.stringContaining('PagerDuty has no escalation policy PNONE01'),
    });
    for (const args of [
      {},
      { policy: '../users' },
      { policy: 'PPOLICY', schedule: 'PDATA01' },
      { schedule: 7 },
    ])
      expect(await run('pagerduty', args, offer)).toMatchObject({
        error: expect.stringMatching(/^refused: /),
      });
  });

  test('is unknown while PagerDuty is down', async () => {
    pagerDuty.mishap(() => ({ status: 503, body: { error: { message: 'key-of-pagerduty' } } }));
    expect(await run('pagerduty', { policy: 'PPOLICY' }, through('pagerduty'))).toEqual({
      error: 'failed: PagerDuty answered 503 to asking who is on call.',
      transient: true,
    });
  });
});

describe('the groups of an Okta user', () => {
  test('come as names, page by page', async () => {
    expect(await run('okta', { email: 'ann@acme.com' }, through('okta'))).toEqual({
      answer: ['Trained', 'Everyone'],
    });
  });

  test.each(['nobody@acme.com', 'a" or id pr "@x.y', ''])('of nobody are no answer: %s', async (email) => {
    expect(await run('okta', { email }, through('okta'))).toMatchObject({
      error: expect.stringMatching(/^refused: okta\.groupsOf: /),
    });
  });
});

describe('a message on Slack', () => {
  const offer: Offer = { slack: ['slack-channel:data-access', 'requester', 'person:bob'] };
  const last = (channel: string = channels.dataAccess): unknown => slack.messages(channel).at(-1);

  test('is the code’s, and says so before what it says, in a notification as well', async () => {
    const said = await run('slack', { to: 'slack-channel:data-access', text: 'A *new* request.' }, offer);
    expect(said).toEqual({ answer: null });
    expect(last()).toMatchObject({
      text: 'Sent by the code of the flow training: A *new* request.',
      blocks: [
        { type: 'context', elements: [{ text: 'Sent by the code of the flow training' }] },
        { type: 'section', text: { type: 'mrkdwn', text: 'A *new* request.' } },
      ],
    });
    expect(last()).toHaveProperty('metadata', null);
  });

  test('goes to people directly, whoever asks among them', async () => {
    for (const to of ['requester', 'person:bob'])
      expect(await run('slack', { to, text: 'Hello.' }, offer)).toEqual({ answer: null });
    expect(await run('slack', { to: 'person:ann', text: 'Hello.' }, offer)).toMatchObject({
      error: 'not-granted: This code may not send a message there.',
    });
  });

  test('calls no crowd, and carries nothing to press', async () => {
    const before = slack.messages(channels.dataAccess).length;
    const blocks = [{ type: 'actions', elements: [] }];
    const text = '<!channel> <!here> <!subteam^S07DATA00> @here @Channel @everyone done';
    await run(
      'slack',
      { to: 'slack-channel:data-access', text, blocks, metadata: { event_type: 'x' } },
      offer,
    );
    expect(slack.messages(channels.dataAccess)).toHaveLength(before + 1);
    expect(JSON.stringify(last())).not.toMatch(/<!|@(?:here|channel|everyone)|"actions"|event_type/i);
  });

  test('goes nowhere else, and not endlessly', async () => {
    for (const to of [
      'slack-channel:access',
      'slack-channel:data-access ',
      'email:x@y.z',
      'origin',
      'toString',
    ])
      expect(await run('slack', { to, text: 'x' }, offer)).toMatchObject({
        error: 'not-granted: This code may not send a message there.',
      });
    expect(await run('slack', { to: 'requester', text: 'x'.repeat(3001) }, offer)).toMatchObject({
      error: expect.stringContaining('longer than 3000'),
    });
  });

  test('fails where there is no such channel', async () => {
    expect(
      await run('slack', { to: 'slack-channel:gone', text: 'x' }, { slack: ['slack-channel:gone'] }),
    ).toMatchObject({
      error: 'failed: There is no channel gone that the app can see: invite it there.',
    });
  });
});
