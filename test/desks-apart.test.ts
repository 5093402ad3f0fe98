// On Slack one app serves several desks: what is wrong with one of them is no matter of the others.
import { expect, it } from 'vitest';
import { aFlow } from './builders/flow.ts';
import { deskId, instant, personId } from '../src/domain/names.ts';
import { Failure } from '../src/engine/ports/failure.ts';
import { createOpenFlows } from '../src/surfaces/slack/open-flows.ts';
import { createOpenTo } from '../src/surfaces/slack/open-here.ts';
import { createWho } from '../src/surfaces/slack/who.ts';

const [gone, mine, strange] = [deskId('github', 1), deskId('github', 2), deskId('github', 3)];
const ann = { team: 'T07ACME00', user: 'U07ANN000', name: 'ann' };
const outage = new Failure('The repository is not there.', { transient: true });

function house(fails: { readonly people?: true; readonly flows?: true }, desks = [gone, mine, strange]) {
  const directory = {
    person: async (desk: string) => {
      if (desk === gone && fails.people) throw outage;
      return desk === strange ? null : personId('ann');
    },
    belongs: async () => true,
  };
  const openFlows = createOpenFlows({
    flows: {
      list: async (desk) => {
        if (desk === gone && fails.flows) throw outage;
        return [aFlow()];
      },
    },
    directory,
    prompts: { available: async () => 'open' },
    clock: { now: () => instant(0) },
  });
  const who = createWho({ desks, directory });
  return { who, openTo: createOpenTo({ openFlows, who, desks, deskNames: new Map() }) };
}

it.each([{ people: true }, { flows: true }] as const)(
  'a desk that cannot be read keeps nobody from asking another (%o)',
  async (fails) => {
    const [open, isKnown] = await house(fails).openTo(ann, {});
    expect([open.map(({ desk }) => desk), isKnown]).toEqual([[mine], true]);
  },
);

it('says so where nothing is left', async () => {
  for (const fails of [{ people: true }, { flows: true }] as const) {
    await expect(house(fails, [gone]).openTo(ann, {})).rejects.toThrow(outage);
    await expect(house(fails, [gone, strange]).openTo(ann, {})).rejects.toThrow(outage);
  }
});

it('says so of the desk that a form is for', async () => {
  const { openTo } = house({ flows: true });
  await expect(openTo(ann, { desk: gone })).rejects.toThrow(outage);
  expect((await openTo(ann, { desk: mine }))[0]).toHaveLength(1);
});
