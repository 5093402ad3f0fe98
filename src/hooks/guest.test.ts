import { expect, it } from 'vitest';
import { createGuest } from './guest.ts';
import { usualLimits } from './limits.ts';

it('asks for another sandbox before what calls leave behind fails one of them', async () => {
  const littering = `export const hook = () => {
  const one = { text: 'x'.repeat(10_000) };
  const other = { one, list: new Array(500).fill(one) };
  one.other = other;
  return 'done';
};`;
  const limits = { ...usualLimits, computeMs: 60_000 };
  const guest = await createGuest({ modules: { 'flows/a.ts': littering }, limits }, () => undefined);
  const call = { type: 'call', file: 'flows/a.ts', export: 'hook', input: '{}', at: 0, nonce: 'n' } as const;
  let outcome = guest.begin(call).outcome;
  for (let calls = 1; calls < 10_000 && outcome?.isSound; calls += 1) outcome = guest.begin(call).outcome;
  expect(outcome).toEqual({ kind: 'answer', text: '"done"', isSound: false });
});
