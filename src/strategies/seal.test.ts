import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Failure } from '../engine/ports/failure.ts';
import { seal, sealingKey, unseal } from './seal.ts';

const first = keyOf(Buffer.alloc(32, 1));
const second = keyOf(Buffer.alloc(32, 2));
const nonce = () => randomBytes(12);
const keys = { keys: [first], nonce };

function keyOf(bytes: Buffer) {
  const key = sealingKey(bytes.toString('base64'));
  if (key === undefined) throw new Error('It is a key.');
  return key;
}

test('opens what it sealed, and hides it meanwhile', () => {
  const sealed = seal({ lease: 'hush-hush' }, 'request 1', keys);
  expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('hush');
  expect(unseal(sealed, 'request 1', keys)).toEqual({ lease: 'hush-hush' });
});

test('does not open for another request', () => {
  const sealed = seal({ lease: 'x' }, 'request 1', keys);
  expect(() => unseal(sealed, 'request 2', keys)).toThrow(Failure);
});

test('does not open what was altered', () => {
  const sealed = seal({ lease: 'x' }, 'request 1', keys);
  const [version, kid, iv, text = ''] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  expect(() => unseal([version, kid, iv, bytes.toString('base64url')].join('.'), 'request 1', keys)).toThrow(
    /altered/,
  );
});

test('does not open with a tag cut short', () => {
  const sealed = seal({ lease: 'x' }, 'request 1', keys);
  const [version, kid, iv, text = ''] = sealed.split('.');
  const cut = Buffer.from(text, 'base64url').subarray(0, 8).toString('base64url');
  expect(() => unseal([version, kid, iv, cut].join('.'), 'request 1', keys)).toThrow(Failure);
});

test('opens with an older key after the operator put a newer one first', () => {
  const sealed = seal({ lease: 'x' }, 'request 1', keys);
  expect(unseal(sealed, 'request 1', { keys: [second, first], nonce })).toEqual({ lease: 'x' });
  expect(() => unseal(sealed, 'request 1', { keys: [second], nonce })).toThrow(/not configured/);
});

test.each(['', 'short', Buffer.alloc(31).toString('base64'), `${Buffer.alloc(32).toString('base64')}!`])(
  'takes no key that is not 32 bytes of base64: %s',
  (text) => {
    expect(sealingKey(text)).toBeUndefined();
  },
);
