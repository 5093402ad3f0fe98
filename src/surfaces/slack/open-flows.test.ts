import { expect, it } from 'vitest';
import { aFlow } from '../../../test/builders/flow.ts';
import { hours } from '../../domain/duration.ts';
import { deskId, group, instant, personId } from '../../domain/names.ts';
import { createOpenFlows } from './open-flows.ts';

const desk = deskId('github', 4711);

it('offers without waiting only what a flow trusts somebody with, and what cannot be told now', async () => {
  const flow = aFlow({
    requesters: [group('team:acme/engineering')],
    breakGlass: {
      who: [group('team:acme/on-call')],
      max: hours(1),
      reviewers: [group('team:acme/platform')],
      reviewWithin: hours(24),
      tell: [],
    },
  });
  const groups: { readonly [person: string]: readonly string[] } = {
    ann: ['team:acme/engineering'],
    kofi: ['team:acme/engineering', 'team:acme/on-call'],
  };
  const open = createOpenFlows({
    flows: { list: async () => [flow] },
    directory: {
      belongs: async (_, person, asked) =>
        person === 'lena' && asked === 'team:acme/on-call'
          ? { unknown: 'GitHub did not answer.' }
          : (groups[person]?.includes(asked) ?? true),
    },
    prompts: { available: async () => 'open' },
    clock: { now: () => instant(0) },
  });
  const glass = async (name: string): Promise<readonly boolean[]> =>
    (await open.of(desk, personId(name))).map((each) => each.glass);
  expect(await glass('ann')).toEqual([false]);
  expect(await glass('kofi')).toEqual([true]);
  expect(await glass('lena')).toEqual([true]);
});

it('keeps what the flow’s code says of whether it is open now', async () => {
  const open = createOpenFlows({
    flows: { list: async () => ['early', 'late'].map((name) => aFlow({ ref: { name, commit: 'c1' } })) },
    directory: { belongs: async () => true },
    prompts: {
      available: async ({ flow, person, source }) =>
        flow.ref.name === 'late' ? { why: `${person}, not now on ${source}.` } : 'open',
    },
    clock: { now: () => instant(0) },
  });
  expect((await open.of(desk, personId('ann'))).map(({ shut }) => shut)).toEqual([
    undefined,
    'ann, not now on slack.',
  ]);
});
