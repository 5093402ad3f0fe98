import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FunctionTimeout } from '../../../sandbox/services/aws/lambda.ts';
import {
  account,
  ann,
  awsParts,
  desk,
  openAwsWorld,
  region,
  type AwsWorld,
} from '../../../test/contracts/strategies/aws-double-parts.ts';
import { inContract, type Heard } from '../../../test/contracts/strategies/aws-lambda-subject.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import type { Settings } from '../../domain/flow.ts';
import { requestId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { SettleCall } from '../../engine/ports/access.ts';
import { createAccessControl } from '../access-control.ts';
import type { Person } from '../strategy.ts';
import { lambdaContract } from './contract.ts';

const type = 'aws-lambda';
const arn = `arn:aws:lambda:${region}:${account}:function:database-access`;
let world: AwsWorld;
let heard: Heard[];

beforeEach(async () => {
  world = await openAwsWorld({ type, service: 'lambda', writing: /^Invoke$/ });
  heard = [];
});
afterEach(() => world.close());

/** The function answers so; what it throws is an error of its own. */
function answering(answer: (event: Heard) => unknown, more: { readonly concurrency?: number } = {}): void {
  world.aws.lambda.add({
    ...{ account, region, name: 'database-access', qualifiers: ['live'], ...more },
    handler(event) {
      const said: Heard = JSON.parse(JSON.stringify(event));
      heard.push(said);
      return answer(said);
    },
  });
}

async function openGrant(
  more: Settings = {},
  person: Person = { id: ann, accounts: { postgres: 'ann_ortega' } },
) {
  const clock = createVirtualClock();
  const access = createAccessControl(awsParts(world, { clock, people: [person] }));
  const settings = { function_name: 'database-access:live', ...more };
  const strategy = { type, integration: 'main' };
  const seen = await access.look(desk, strategy, settings, ann);
  const call = (): Omit<SettleCall, 'purpose' | 'wanted'> => {
    if ('missing' in seen) throw new Error(`${seen.missing}: ${'why' in seen ? seen.why : ''}`);
    const { resource, account: whom, holds: before } = seen;
    const signal = new AbortController().signal;
    return {
      request: requestId('01REQUEST'),
      desk,
      strategy,
      settings,
      resource,
      account: whom,
      before,
      signal,
    };
  };
  return {
    seen,
    give: () => access.settle({ ...call(), purpose: 'escalate', wanted: ['granted'] }),
    takeBack: (sealed?: string) =>
      access.settle({
        ...call(),
        purpose: 'deescalate',
        wanted: [],
        ...(sealed !== undefined && { sealed }),
      }),
  };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  if (!(thrown instanceof Failure)) throw new Error(`It should have failed: ${String(thrown)}`);
  return thrown;
}

test('the published contract is the one that is kept', () => {
  const path = join(import.meta.dirname, '../../../docs/strategies/aws-lambda.contract.json');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(lambdaContract)));
});

describe('the function', () => {
  test('is told what to do, for whom, and by which key the same try is known', async () => {
    answering(inContract(({ operation }) => (operation === 'read' ? { holds: false } : null)));
    const payload = { database: 'orders', limits: { rows: 10 } };
    const grant = await openGrant({ payload, account: 'accounts.postgres' });
    await grant.give();
    await grant.takeBack();
    expect(heard).toEqual(
      ['grant', 'revoke'].map((operation) => ({
        ...{ version: 1, payload, operation, desk: 'github:1', account: 'ann_ortega' },
        ...{ request: '01REQUEST', idempotencyKey: `01REQUEST-${operation}` },
      })),
    );
  });

  test('that keeps a part of the grant to end it by gets that part back, and nobody reads it meanwhile', async () => {
    answering(
      inContract(({ operation }) =>
        operation === 'grant' ? { recorded: { role: 'reader' }, sealed: { user: 'tmp_4711' } } : {},
      ),
    );
    const grant = await openGrant({ sealed: true });
    const given = await grant.give();
    expect(given).toMatchObject({ verified: 'answered', recorded: { role: 'reader' } });
    expect(JSON.stringify(given)).not.toContain('tmp_4711');
    await grant.takeBack(given.sealed);
    expect(heard.at(-1)).toMatchObject({ operation: 'revoke', sealed: { user: 'tmp_4711' } });
  });

  test('that seals where the target does not say so, or does not where it does, is not believed', async () => {
    answering(({ operation }) => (operation === 'grant' ? { sealed: { user: 'tmp_4711' } } : {}));
    const failure = await failureOf((await openGrant()).give());
    expect(failure).toMatchObject({ transient: false });
    expect(failure.message).not.toContain('tmp_4711');
    answering(() => ({}));
    expect((await failureOf((await openGrant({ sealed: true })).give())).transient).toBe(false);
  });

  test('is asked where it can be read', async () => {
    let isThere = false;
    answering(
      inContract(({ operation }) => {
        if (operation === 'read') return { holds: isThere };
        isThere = operation === 'grant';
        return null;
      }),
    );
    const grant = await openGrant({ readable: true });
    expect(await grant.give()).toMatchObject({ verified: 'read-back', holds: 'granted' });
    expect(await grant.takeBack()).toMatchObject({ verified: 'read-back', holds: 'none' });
  });

  test.each([
    [true, 'The function says: The database is being moved.'],
    [false, 'The function says: The database is being moved.'],
  ])('may say no: transient %s', async (transient, message) => {
    answering(() => ({ error: { message: 'The database\n is <being> moved.', transient } }));
    expect(await failureOf((await openGrant()).give())).toMatchObject({ transient, message });
  });

  test('cannot write on a card: what it says is words', async () => {
    const message = '[x](http://evil.test) @here <!channel> `a` *b* _c_ | # d\u202e';
    answering(() => ({ error: { message, transient: false } }));
    const failure = await failureOf((await openGrant()).give());
    expect(failure.message).toBe('The function says: x (http://evil.test) here !channel a b c d');
  });

  test.each<readonly [string, unknown]>([
    ['another key', { recorded: {}, password: 'SECRET' }],
    ['text', 'SECRET'],
    ['true', true],
    ['a number to record', { recorded: { rows: 4711 } }],
    ['half an error', { error: { message: 'SECRET' } }],
    ['too much', { recorded: { text: 'SECRET'.repeat(1000) } }],
  ])('that answers %s is not believed, and not quoted', async (_, answer) => {
    answering(() => answer);
    const failure = await failureOf((await openGrant()).give());
    expect(failure).toMatchObject({ transient: false });
    expect(failure.message).toBe(
      'The function answered what it may not: docs/strategies/aws-lambda.md says what it may.',
    );
  });

  test('that answers more than we read', async () => {
    answering(() => ({ recorded: { a: 'x'.repeat(300_000) } }));
    expect((await failureOf((await openGrant()).give())).message).toBe(
      'The function answered more than 256 KB.',
    );
  });
});

describe('AWS', () => {
  class ConfigurationError extends Error {
    override readonly name = 'Runtime.SECRET_4711';
  }
  test.each<readonly [string, unknown, string]>([
    ['throws', new TypeError('SECRET 4711'), 'The function failed.'],
    ['throws an error with a name of its own', new ConfigurationError('x'), 'The function failed.'],
    ['takes too long', new FunctionTimeout(), 'The function failed.'],
  ])('says that it %s: tried again, in our words', async (_, error, message) => {
    answering(({ operation }) => {
      if (operation === 'grant') throw error;
      return {};
    });
    const grant = await openGrant();
    expect(await failureOf(grant.give())).toMatchObject({ transient: true, message });
    expect(await grant.takeBack()).toMatchObject({ holds: 'none' });
  });

  test('says that the answer is too large', async () => {
    answering(() => ({ recorded: { a: 'x'.repeat(6 * 1024 * 1024) } }));
    expect((await failureOf((await openGrant()).give())).message).toBe(
      'The function failed: Function.ResponseSizeTooLarge.',
    );
  });

  test('says that too many call it, and when to come again', async () => {
    answering(() => ({}));
    const grant = await openGrant();
    answering(() => ({}), { concurrency: 0 });
    expect(await failureOf(grant.give())).toMatchObject({
      transient: true,
      retryAfter: 3000,
      message: 'AWS answered TooManyRequestsException to calling the function.',
    });
  });

  test('says beforehand that there is no such function, or that it may not be called', async () => {
    expect((await openGrant()).seen).toMatchObject({
      missing: 'impossible',
      why: 'AWS Lambda has no such function there.',
    });
    answering(() => ({}));
    expect((await openGrant({ function_name: 'database-access:test' })).seen).toMatchObject({
      missing: 'impossible',
      why: 'The role may not call the function.',
    });
    expect(heard).toEqual([]);
  });
});

test('a function by its name and by its ARN is one thing, and another payload is another', async () => {
  answering(() => ({}));
  const resource = async (more: Settings) => {
    const { seen } = await openGrant(more);
    return 'resource' in seen ? seen.resource : seen;
  };
  const one = await resource({ payload: { a: '1', b: '2' } });
  expect(await resource({ function_name: `${arn}:live`, payload: { b: '2', a: '1' } })).toBe(one);
  expect(await resource({ payload: { a: '1', b: '3' } })).not.toBe(one);
  expect(await resource({ function_name: 'database-access', payload: { a: '1', b: '2' } })).not.toBe(one);
});
