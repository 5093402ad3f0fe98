import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startAws, type Aws } from '../../../sandbox/services/aws/server.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/virtual-clock.ts';
import type { Purpose } from '../../clients/outside.ts';
import { deskId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Environment } from '../settings.ts';
import { readSecrets } from './secret-settings.ts';
import { createSecrets, secretGrants, type Secrets } from './secrets.ts';

const desk = deskId('github', 1);
const other = deskId('github', 2);
const desks = [
  { id: desk, name: 'acme/access', acceptedRisks: [] },
  { id: other, name: 'acme/other', acceptedRisks: [] },
];
const account = '333333333333';
const region = 'eu-north-1';
let aws: Aws;
let clock: VirtualClock;

beforeAll(async () => {
  aws = await startAws();
  const allowed = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' } as const;
  const denied = { ...allowed, Effect: 'Deny', Resource: 'arn:aws:secretsmanager:*:secret:denied*' } as const;
  const keys = aws.identities.addUser({
    arn: `arn:aws:iam::${account}:user/countersign`,
    policies: [{ Version: '2012-10-17', Statement: [allowed, denied] }],
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', keys.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys.secretAccessKey);
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await aws.stop();
  expect(aws.unknown).toEqual([]);
});
beforeEach(() => {
  clock = createVirtualClock();
});
afterEach(() => aws.troubles.clear());

function settings(environment: Environment) {
  const problems: string[] = [];
  const secrets = readSecrets({ AWS_REGION: region, ...environment }, desks, problems);
  expect(problems).toEqual([]);
  return { secrets, desks, aws: { endpoint: aws.url, roles: [] } };
}

const open = (environment: Environment): Secrets => createSecrets(settings(environment), { clock });

function inAws(value: string | Uint8Array, more: { kmsKey?: string; name?: string } = {}) {
  const arn = aws.secretsManager.put({ account, region, name: `s${Math.random()}`, value, ...more });
  const find = (secrets: Secrets, purpose: Purpose = 'escalate') =>
    secrets.find({ desk, name: 'OKTA', host: 'okta.test', purpose });
  const opened = (key = ''): Secrets =>
    open({ COUNTERSIGN_SECRET_OKTA_AWS: `${arn}${key}`, COUNTERSIGN_SECRET_OKTA_FOR: 'okta.test' });
  return { arn, find, opened };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof Failure)) throw new Error(`It should have failed: ${String(thrown)}`);
  return thrown;
}

const asked = () => aws.calls.filter(({ operation }) => operation === 'GetSecretValue').length;

describe('a secret is given', () => {
  const secrets = () =>
    open({
      COUNTERSIGN_SECRET_A: 'a',
      COUNTERSIGN_SECRET_A_FOR: 'a.test',
      COUNTERSIGN_SECRET_B: 'b',
      COUNTERSIGN_SECRET_B_FOR: 'b.test acme/access',
      COUNTERSIGN_SECRET_C: 'c',
      COUNTERSIGN_SECRET_C_FOR: 'c.test environment:prod',
    });

  test('for its hosts alone', async () => {
    expect(await secrets().find({ desk, name: 'A', host: 'a.test' })).toBe('a');
    for (const host of ['b.test', 'a.test:8443', 'x.a.test', 'A.test', ''])
      expect(await secrets().find({ desk, name: 'A', host }), host).toBeUndefined();
    expect(await secrets().find({ desk, name: 'X', host: 'a.test' })).toBeUndefined();
  });

  test('to its desks alone, where some are named', async () => {
    expect(await secrets().find({ desk: other, name: 'A', host: 'a.test' })).toBe('a');
    expect(await secrets().find({ desk, name: 'B', host: 'b.test' })).toBe('b');
    expect(await secrets().find({ desk: other, name: 'B', host: 'b.test' })).toBeUndefined();
  });

  test('to integrations of its environments alone, where some are named', async () => {
    const wish = { desk, name: 'C', host: 'c.test' };
    expect(await secrets().find({ ...wish, environment: 'prod' })).toBe('c');
    expect(await secrets().find({ ...wish, environment: 'test' })).toBeUndefined();
    expect(await secrets().find(wish)).toBeUndefined();
    expect(await secrets().find({ desk, name: 'A', host: 'a.test', environment: 'test' })).toBe('a');
  });

  test('and what is said of it to a desk holds no secret', () => {
    const read = settings({
      COUNTERSIGN_SECRET_A: 'VALUE',
      COUNTERSIGN_SECRET_A_FOR: 'a.test environment:prod',
      COUNTERSIGN_SECRET_B_FILE: '/VALUE',
      COUNTERSIGN_SECRET_B_FOR: 'b.test acme/other',
    });
    expect(secretGrants(read, desk)).toEqual([{ name: 'A', hosts: ['a.test'], environments: ['prod'] }]);
    expect(secretGrants(read, other).map(({ name }) => name)).toEqual(['A', 'B']);
    expect(JSON.stringify(secretGrants(read, other))).not.toContain('VALUE');
  });
});

test('a secret in a file is read each time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-secrets-'));
  const path = join(folder, 'okta');
  const secrets = open({ COUNTERSIGN_SECRET_OKTA_FILE: path, COUNTERSIGN_SECRET_OKTA_FOR: 'okta.test' });
  const find = () => secrets.find({ desk, name: 'OKTA', host: 'okta.test' });
  writeFileSync(path, 'one\n');
  expect(await find()).toBe('one');
  writeFileSync(path, 'two\n');
  expect(await find()).toBe('two');
  rmSync(folder, { recursive: true });
  expect((await failureOf(find())).message).toContain('COUNTERSIGN_SECRET_OKTA_FILE names is not there');
  expect(await secrets.find({ desk, name: 'OKTA', host: 'other.test' })).toBeUndefined();
});

describe('a secret in AWS Secrets Manager', () => {
  test('is all of it, or one key of its JSON', async () => {
    const { find, opened } = inAws(JSON.stringify({ user: 'u', token: 't1' }));
    expect(await find(opened('#token'))).toBe('t1');
    expect(JSON.parse((await find(opened())) ?? '')).toEqual({ user: 'u', token: 't1' });
  });

  test('is found by its name as well', async () => {
    aws.secretsManager.put({ account, region, name: 'team/okta@prod', value: 'by-name' });
    const secrets = open({
      COUNTERSIGN_SECRET_OKTA_AWS: 'team/okta@prod',
      COUNTERSIGN_SECRET_OKTA_FOR: 'okta.test',
    });
    expect(await secrets.find({ desk, name: 'OKTA', host: 'okta.test' })).toBe('by-name');
  });

  test('is asked for once a minute, by one question at a time', async () => {
    const { arn, find, opened } = inAws('one');
    const secrets = opened();
    const before = asked();
    expect(await Promise.all([1, 2, 3].map(() => find(secrets)))).toEqual(['one', 'one', 'one']);
    aws.secretsManager.rotate(arn, 'two');
    await clock.advance(59_000);
    expect(await find(secrets)).toBe('one');
    expect(asked()).toBe(before + 1);
    await clock.advance(1_000);
    expect(await find(secrets)).toBe('two');
    expect(asked()).toBe(before + 2);
  });

  test('is not asked for by whom it is not granted to', async () => {
    const { opened } = inAws('one');
    const before = asked();
    expect(await opened().find({ desk, name: 'OKTA', host: 'elsewhere.test' })).toBeUndefined();
    expect(asked()).toBe(before);
  });

  const outages = [
    { kind: 'error', status: 500, code: 'InternalServiceError' },
    { kind: 'error', status: 400, code: 'ThrottlingException' },
    { kind: 'reset' },
  ] as const;
  test.each(outages)(
    'through an outage, %j, is known as it was to take access back alone',
    async (trouble) => {
      const { find, opened } = inAws('one');
      const secrets = opened();
      await find(secrets);
      await clock.advance(3_600_000);
      aws.troubles.add(trouble, { service: 'secretsmanager' });
      expect(await find(secrets, 'deescalate')).toBe('one');
      for (const purpose of ['escalate', 'look'] as const)
        expect(await failureOf(find(secrets, purpose))).toMatchObject({ transient: true });
      aws.troubles.clear();
      expect(await find(secrets)).toBe('one');
    },
  );

  test('that was never read is not there for anybody', async () => {
    const { find, opened } = inAws('one');
    aws.troubles.add({ kind: 'reset' }, { service: 'secretsmanager' });
    expect(await failureOf(find(opened(), 'deescalate'))).toMatchObject({ transient: true });
  });

  test('keeps nobody waiting for long', async () => {
    const { find, opened } = inAws('one');
    aws.troubles.add({ kind: 'hang' }, { service: 'secretsmanager' });
    const found = failureOf(find(opened()));
    expect(await clock.settle(found, 10_000)).toMatchObject({
      transient: true,
      message: 'The secret OKTA cannot be read. AWS Secrets Manager did not answer in time.',
    });
  });

  test('that was withdrawn is gone for everybody', async () => {
    const { arn, find, opened } = inAws('one');
    const secrets = opened();
    await find(secrets);
    aws.secretsManager.remove(arn);
    await clock.advance(60_000);
    for (const purpose of ['deescalate', 'escalate'] as const)
      expect(await failureOf(find(secrets, purpose))).toMatchObject({
        transient: false,
        message: 'The secret OKTA cannot be read. AWS answered InvalidRequestException to reading it.',
      });
    aws.troubles.add({ kind: 'reset' }, { service: 'secretsmanager' });
    await failureOf(find(secrets, 'deescalate'));
  });

  const sensitive = 'VALUE';
  const notJson = 'is no JSON object with a text under the key after the #.';
  test.each<readonly [string, string | Uint8Array, { name?: string; kmsKey?: string; key?: string }, string]>(
    [
      ['that may not be read', sensitive, { name: 'denied-VALUE' }, 'AWS answered AccessDeniedException to'],
      [
        'by a key of ours',
        sensitive,
        { kmsKey: 'arn:aws:kms:VALUE' },
        'AWS answered AccessDeniedException to',
      ],
      ['of bytes', Buffer.from(sensitive), {}, 'AWS keeps bytes there, and no text.'],
      ['that is empty', '{"a":""}', { key: '#a' }, notJson],
      ['that is no JSON', sensitive, { key: '#VALUE' }, notJson],
      ['that is a list', `["${sensitive}"]`, { key: '#0' }, notJson],
      ['of a number', '{"a":4711}', { key: '#a' }, notJson],
      ['that every object has', '{"a":"VALUE"}', { key: '#toString' }, notJson],
    ],
  )('%s: said without it, and without where it lies', async (_, value, { key, ...more }, says) => {
    const { arn, find, opened } = inAws(value, more);
    const failure = await failureOf(find(opened(key)));
    expect(failure).toMatchObject({ transient: false });
    expect(failure.message).toContain(says);
    for (const hidden of [sensitive, arn, 's0.', '4711']) expect(told(failure)).not.toContain(hidden);
  });

  test('that is nowhere', async () => {
    const secrets = open({
      COUNTERSIGN_SECRET_OKTA_AWS: 'VALUE',
      COUNTERSIGN_SECRET_OKTA_FOR: 'okta.test',
    });
    const failure = await failureOf(secrets.demandReadable('OKTA'));
    expect(failure.message).toBe(
      'The secret OKTA cannot be read. AWS answered ResourceNotFoundException to reading it.',
    );
    expect(told(failure)).not.toContain('VALUE');
  });
});

/** All that a log could show of it. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message} ${error.stack} ${told(error.cause ?? '')}`;
}
