import { format, resolveConfig } from 'prettier';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { insideSource } from '../app/reference/inside-source.ts';
import { defineStrategy, demandOk, log } from './index.ts';

it('is the same inside the sandbox: what is generated from it is fresh', async () => {
  const { path, content } = insideSource();
  const text = await format(content, { ...(await resolveConfig(path)), filepath: path });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

it('says what to do where it is used outside', () => {
  expect(() => log('x')).toThrow('In a test, use countersign/sdk/testing.');
});

it('takes a strategy whose order begins with nothing, and names each once', () => {
  const rest = {
    wanted: () => 'member' as const,
    resource: () => ({ resource: 'r' }),
    read: () => 'unreadable' as const,
    set: () => undefined,
  };
  expect(defineStrategy({ order: ['none', 'member'], ...rest }).describe()).toEqual({
    order: ['none', 'member'],
    identifies: false,
    seals: false,
  });
  // @ts-expect-error: one that names nothing more is none.
  expect(() => defineStrategy({ order: ['none'], ...rest })).toThrow('`order` begins with none');
  // @ts-expect-error: each is named once.
  expect(() => defineStrategy({ order: ['none', 'member', 'member'], ...rest })).toThrow('`order`');
  // @ts-expect-error: `wanted` answers one of them.
  expect(defineStrategy({ order: ['none', 'admin'], ...rest }).order).toHaveLength(2);
});

it('says of an answer whether it is worth another try', () => {
  const failureOf = (status: number, or?: readonly number[]): unknown => {
    try {
      return demandOk({ status }, or && { or });
    } catch (error) {
      return error;
    }
  };
  expect([200, 204].map((status) => failureOf(status))).toEqual([undefined, undefined]);
  expect(failureOf(404, [404])).toBeUndefined();
  for (const status of [408, 425, 429, 500, 503])
    expect(failureOf(status)).toMatchObject({ transient: true });
  for (const status of [302, 401, 403, 404, 422])
    expect(failureOf(status)).toMatchObject({ transient: false });
});
