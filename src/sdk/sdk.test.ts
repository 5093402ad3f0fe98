import { format, resolveConfig } from 'prettier';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { insideSource } from '../app/reference/inside-source.ts';
import { defineStrategy, log } from './index.ts';

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
    wanted: () => 'member',
    resource: () => ({ resource: 'r' }),
    read: () => 'unreadable' as const,
    set: () => undefined,
  };
  expect(defineStrategy({ order: ['none', 'member'], ...rest }).describe()).toEqual({
    order: ['none', 'member'],
    identifies: false,
  });
  expect(() => defineStrategy({ order: ['none'], ...rest })).toThrow('`order` begins with none');
  expect(() => defineStrategy({ order: ['none', 'a', 'a'], ...rest })).toThrow('`order`');
});
