import { describe, expect, test } from 'vitest';
import { Failure } from '../../engine/ports/failure.ts';
import { fillBody, fillPath } from './placeholders.ts';

const values = { account: 'ann@acme.com', 'sealed.lease': 'a/b' };

test('fills paths, percent-encoded', () => {
  expect(fillPath('/users/{{account}}/leases/{{ sealed.lease }}?by={{account}}', values)).toBe(
    '/users/ann%40acme.com/leases/a%2Fb?by=ann%40acme.com',
  );
});

test('fills the texts of a body, wherever they are, and nothing else', () => {
  expect(fillBody({ who: '{{account}}', n: 3, deep: { list: ['{{account}}', 'x'] } }, values)).toEqual({
    who: 'ann@acme.com',
    n: 3,
    deep: { list: ['ann@acme.com', 'x'] },
  });
});

test('fills what was filled in no second time', () => {
  expect(fillBody('{{account}}', { account: '{{sealed.lease}}', 'sealed.lease': 'secret' })).toBe(
    '{{sealed.lease}}',
  );
});

describe('refuses', () => {
  test.each([
    ['a value that climbs', '/users/{{account}}/keys', '..'],
    ['a value that stands still', '/users/{{account}}', '.'],
    ['a path that climbs', '/users/../{{account}}', 'ann'],
    ['a path that climbs in disguise', '/users/%2e%2E/{{account}}', 'ann'],
    ['a path to another host', '//evil.example/{{account}}', 'ann'],
    ['a backslash', '/users\\{{account}}', 'ann'],
    ['an empty value', '/users/{{account}}', ''],
    ['an unknown placeholder', '/users/{{acount}}', 'ann'],
  ])('%s', (_, path, account) => {
    expect(() => fillPath(path, { account })).toThrow(Failure);
  });

  test('a part of the answer that never came', () => {
    expect(() => fillPath('/leases/{{sealed.id}}', values)).toThrow(/never arrived/);
  });
});
