import { expect, it } from 'vitest';
import { aFlow, aTarget } from '../../../test/builders/flow.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';
import { chosenFlow, flowList, flowOptions, type OpenFlow } from './flow-list.ts';

const open: readonly OpenFlow[] = Array.from({ length: 10 }, (_, n) => ({
  flow: aFlow({
    ref: { name: `flow-${n}`, commit: 'c0ffee' },
    label: `Flow ${n}`,
    description: 'Read and write for a while.',
  }),
  glass: false,
  targets:
    n === 0 ? [aTarget('eu', { label: 'Europe' }), aTarget('us', { label: 'America' })] : [aTarget('prod')],
}));
const lines = (flows: readonly OpenFlow[], unknown?: string): string =>
  linesOf(flowList({ open: flows, place: {}, ...(unknown !== undefined && { unknown }) }).blocks);

it('shows a few flows as buttons, with what they are for', () => {
  expect(lines(open.slice(0, 2))).toMatchInlineSnapshot(`
    "*Flow 0*
    Read and write for a while.
    Europe · America

    [Ask]

    *Flow 1*
    Read and write for a while.
    prod

    [Ask]"
  `);
});

it('says of what is not open now why, and offers no button for it', () => {
  expect(lines(open.slice(1, 2).map((each) => ({ ...each, shut: 'The freeze lasts until Monday.' }))))
    .toMatchInlineSnapshot(`
    "*Flow 1*
    Read and write for a while.
    prod

    ⏸️ Not now: The freeze lasts until Monday."
  `);
});

it('lets many be searched, and finds targets too', () => {
  expect(lines(open)).toMatchInlineSnapshot(`
    "*What do you need?*

    ‹external_select›"
  `);
  expect(flowOptions(open, 'amer').map(({ text, value }) => [text.text, value])).toEqual([
    ['Flow 0: America', 'flow-0/us'],
  ]);
});

it('says that nothing is open, and that a name is unknown', () => {
  expect(lines([], 'prood')).toMatchInlineSnapshot(`
    "There is no flow “prood” that is open to you.

    Nothing here is open to you at the moment. Who may ask for what stands in the flows of this desk; one of its admins can let you in."
  `);
});

it('knows what was chosen, as long as it is open', () => {
  expect(chosenFlow(open, 'flow-0/us')).toMatchObject({ flow: { label: 'Flow 0' }, target: 'us' });
  expect(chosenFlow(open, 'flow-3')).toEqual(open[3]);
  for (const gone of ['flow-10', 'flow-0/asia', '']) expect(chosenFlow(open, gone)).toBeUndefined();
});

it('tells flows of the same name apart where several desks are served', () => {
  const [flow] = open;
  if (flow === undefined) throw new Error('There is a flow.');
  const both = ['github:1', 'github:2'].map((key) => ({
    ...flow,
    at: { key, name: `acme/${key.slice(-1)}` },
  }));
  const chosen = flowOptions(both, '').map(({ value }) => chosenFlow(both, value ?? '')?.at?.key);
  expect(new Set(chosen)).toEqual(new Set(['github:1', 'github:2']));
  expect(JSON.stringify(flowList({ open: both, place: {} }))).toContain('(acme/2)');
});
