import { expect, it } from 'vitest';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { account } from '../../domain/names.ts';
import { createPatience } from './patience.ts';

it('shows one person so much at once, another as much, and the first again later', async () => {
  const clock = createVirtualClock();
  const mayBeShown = createPatience(clock);
  const [mallory, ann] = [account('slack', 'T1/U1'), account('slack', 'T1/U2')];
  const shown = Array.from({ length: 150 }, () => mayBeShown(mallory)).filter(Boolean).length;
  expect(shown).toBe(12);
  expect(mayBeShown(ann)).toBe(true);
  await clock.advance(60_000);
  expect(mayBeShown(mallory)).toBe(true);
});
