import { expect, test } from 'vitest';
import { createTurnstile } from './turnstile.ts';

function aGate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

test('those with the same key go through one by one, in the order they came', async () => {
  const turnstile = createTurnstile();
  const gate = aGate();
  const order: string[] = [];
  const first = turnstile.pass('a', async () => {
    await gate.opened;
    order.push('first');
  });
  const others = ['second', 'third'].map((name) => turnstile.pass('a', async () => void order.push(name)));
  await turnstile.pass('b', async () => void order.push('another key'));
  gate.open();
  await Promise.all([first, ...others]);
  expect(order).toEqual(['another key', 'first', 'second', 'third']);
});

test('who fails is told, and does not stop those behind', async () => {
  const turnstile = createTurnstile();
  const fails = turnstile.pass('a', async () => {
    throw new Error('no');
  });
  const behind = turnstile.pass('a', async () => 'through');
  await expect(fails).rejects.toThrow('no');
  expect(await behind).toBe('through');
});
