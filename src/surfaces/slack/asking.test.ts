import { expect, it } from 'vitest';
import { aFlow } from '../../../test/builders/flow.ts';
import { noOptions } from '../../../test/builders/options.ts';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import { deskId, personId } from '../../domain/names.ts';
import type { Prompts } from '../../engine/prompts.ts';
import { createAsking } from './asking.ts';
import type { OpenHere } from './open-here.ts';
import type { SlackView } from './read-delivery.ts';
import { requestCallback } from './request-form.ts';

const desk = deskId('github', 1);
const flow = aFlow();
const who = { team: 'T07ACME00', user: 'U07ANN000', name: 'ann' };
const open: OpenHere = {
  flow,
  targets: flow.access?.targets ?? [],
  glass: false,
  desk,
  person: personId('ann'),
};
const list: SlackView = { id: 'V1', callback: 'flows', metadata: '', values: {}, hash: 'h1' };

/** All that happened, in order: what the code was asked, and what stood in the window. */
function house(prompts: Partial<Prompts> = {}, here: OpenHere = open) {
  const happened: string[] = [];
  const clock = createVirtualClock();
  const show = (how: string, view: unknown): void => {
    const text = JSON.stringify(view);
    const what = /Looking up/.test(text)
      ? 'loading'
      : text.includes(`"callback_id":"${requestCallback}"`)
        ? 'form'
        : text;
    happened.push(`${how}: ${what}`);
  };
  const connection = {
    openView: async ({ view }: { readonly view: object }) => (show('open', view), { id: 'V1', hash: 'h1' }),
    updateView: async ({ content }: { readonly content: unknown }) => (
      show('update', content),
      { id: 'V1', hash: 'h2' }
    ),
  };
  const asking = createAsking({
    reception: {
      accept: () => Promise.reject(new Error('Nothing is sent here.')),
      outcome: () => Promise.reject(new Error('Nothing is sent here.')),
    },
    flows: {
      list: async () => [flow],
      current: async () => ({ flow }),
      risks: async () => [],
    },
    openTo: async () => [[here], true],
    who: { known: async () => [], among: async () => new Map(), isColleague: async () => true },
    clock,
    options: noOptions,
    told: { expect: () => undefined, note: () => undefined, within: async () => false },
    prompts: {
      opening: async (prompt) => (happened.push('on_prompt'), prompts.opening?.(prompt)),
      opened: async () => void happened.push('after_prompt'),
    },
    deskUrl: async () => undefined,
    desks: [desk],
    background: (work) => void work(),
  });
  const ask = (glass?: true) =>
    clock.settle(
      asking.open(connection, { who, trigger: 't', flow: flow.ref.name, ...(glass && { glass }) }),
    );
  const choose = () => clock.settle(asking.change(connection, who, list, flow.ref.name));
  return { happened, clock, asking, connection, ask, choose };
}

it('lets the code of a flow know before its form opens, and once it is there', async () => {
  const { happened, ask, choose } = house();
  await ask();
  await choose();
  expect(happened).toEqual([
    ...['on_prompt', 'open: form', 'after_prompt'],
    ...['on_prompt', 'update: form', 'after_prompt'],
  ]);
});

it('shows what the code says in place of the form', async () => {
  const { happened, ask, choose } = house({ opening: async () => 'Do the training first.' });
  await ask();
  await choose();
  expect(happened).toEqual([
    ...['on_prompt', expect.stringMatching(/^open: .*Do the training first\./)],
    ...['on_prompt', expect.stringMatching(/^update: .*Do the training first\./)],
  ]);
});

it('shows that it waits where the code takes its time', async () => {
  const { happened, clock, ask, choose } = house({ opening: () => clock.sleep(3_000).then(() => undefined) });
  await ask();
  await choose();
  expect(happened).toEqual([
    ...['on_prompt', 'open: loading', 'update: form', 'after_prompt'],
    ...['on_prompt', 'update: loading', 'update: form', 'after_prompt'],
  ]);
});

it('says of a flow that is not open now why, and asks its code no more', async () => {
  const { happened, ask } = house({}, { ...open, shut: 'The freeze lasts until Monday.' });
  await ask();
  expect(happened).toEqual([expect.stringMatching(/is not open to you now: The freeze lasts until Monday/)]);
});

it('keeps nobody waiting who waits for no approval', async () => {
  const { happened, ask } = house();
  await ask(true);
  expect(happened).toEqual(['open: form']);
});

it('asks the code nothing while the form is filled in', async () => {
  const { happened, clock, asking, connection } = house();
  const place = JSON.stringify({ desk, flow: flow.ref.name });
  const form = { ...list, callback: requestCallback, metadata: place };
  await clock.settle(asking.change(connection, who, form, 'x'));
  expect(happened).toEqual(['update: form']);
});
