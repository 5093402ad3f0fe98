import { expect, test } from 'vitest';
import { createDeskReader } from '../desk-reader.ts';
import { sampleFiles } from '../sample-desk.ts';
import { compareDesks } from './compare-desks.ts';

const reader = createDeskReader({
  strategies: { custom: { settings: { type: 'object' }, runsCode: true } },
});

function desk(strategy: string, code: string, commit: string) {
  const flow = `requesters: [team:acme/data]
strategy: { type: custom, ${strategy} }
targets: { seat: { settings: { product: suite } } }
duration: { options: [1h] }
approval: { steps: [{ name: data, approvers: [team:acme/data] }] }
`;
  const files = { ...sampleFiles, 'flows/seats.yml': flow, 'flows/seats.ts': code, 'flows/other.ts': '' };
  const read = reader.readDesk(
    new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)])),
    commit,
  );
  expect(read.diagnostics.filter(({ file }) => file === 'flows/seats.yml')).toEqual([]);
  return read;
}

function told(before: readonly [string, string], after: readonly [string, string]): readonly string[] {
  const changes = compareDesks({ before: desk(...before, 'one'), after: desk(...after, 'two') });
  expect(changes.filter(({ loud }) => !loud)).toEqual([]);
  return changes.map(({ sentence }) => sentence);
}

test('another commit alone is nothing', () => {
  expect(told(['file: seats.ts', 'x'], ['file: seats.ts', 'x'])).toEqual([]);
});

test('other code of a strategy is told with the flows that it grants for', () => {
  expect(told(['file: seats.ts', 'x'], ['file: seats.ts', 'y'])).toEqual([
    'The code in flows/seats.ts changes.',
    expect.stringContaining('It is the strategy of seats: what is asked for from now on is granted'),
  ]);
});

test('another file, and further hosts, are told of the flow', () => {
  const said = told(
    ['file: seats.ts, hosts: [a.acme.com, b.acme.com]', 'x'],
    ['file: other.ts, hosts: [b.acme.com, c.acme.com]', 'x'],
  );
  expect(said).toEqual([
    'seats is granted and taken back by the code of flows/other.ts instead of flows/seats.ts.',
    'The code that grants seats may newly call c.acme.com.',
    'The code that grants seats may no longer call a.acme.com.',
  ]);
});
