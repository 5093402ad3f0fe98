import { describe, expect, test } from 'vitest';
import { files, line, paths } from '../../../test/builders/changed-desk.ts';
import type { Flow, Settings } from '../../domain/flow.ts';
import type { Desk } from '../desk.ts';
import { createDeskReader } from '../desk-reader.ts';
import { sampleStrategies } from '../sample-desk.ts';
import { compareDesks } from './compare-desks.ts';
import { usable } from './membership.ts';
import { pairFlows, standingGrants } from './pair-flows.ts';
import { createGrantIndex } from './same-grants.ts';

/** With a strategy that takes any settings. */
const strategies = {
  ...sampleStrategies,
  http: { settings: { type: 'object' }, integration: { type: 'object' } },
};

function read(all: Readonly<Record<string, string>>): Desk {
  const content = Object.entries(all).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  return createDeskReader({ strategies }).readDesk(new Map(content), 'c0ffee');
}

const team = `strategy: { type: github-team }
targets: { it: { settings: { organization: acme, team_slug: admins } } }
duration: { options: [1h] }
requesters: [team:acme/engineering]
approval: { steps: [{ name: lead, approvers: [team:acme/leads] }] }
`;

const http = (integration: string, settings: string): string =>
  team
    .replace('{ type: github-team }', `{ type: http, integration: ${integration} }`)
    .replace('{ organization: acme, team_slug: admins }', settings);

function said(before: string, copy: string, settings = ''): readonly string[] {
  const shared = {
    ...files,
    [paths.settings]: files[paths.settings].replace('integrations:\n', `integrations:\n${settings}`),
  };
  const was = read({ ...shared, 'flows/strict.yml': before });
  const after = read({ ...shared, 'flows/strict.yml': before, 'flows/lax.yml': copy });
  expect([...was.diagnostics, ...after.diagnostics]).toEqual([]);
  return compareDesks({ before: was, after })
    .filter(({ kind }) => kind === 'same-grant')
    .map(line);
}

const sure = [
  '!easier same-grant: The target it of lax grants what strict grants too: it can be had by what lax asks.',
];
const perhaps = [
  '!easier same-grant: The target it of lax may grant what strict grants too: they differ only in settings that one of them leaves out.',
];

describe('the same grant is seen though it is spelled otherwise', () => {
  test('in other letters', () => {
    expect(said(team, team.replace('organization: acme', 'organization: ACME'))).toEqual(sure);
  });

  test('with a default that one of them leaves out', () => {
    expect(said(team, team.replace('slug: admins', 'slug: admins, role: member'))).toEqual(perhaps);
    expect(said(team.replace('slug: admins', 'slug: admins, role: member'), team)).toEqual(perhaps);
  });

  test.each(['/./g', '//g', '/x/../g', '/%67', '/G/'])('by the path %s', (path) => {
    const settings = (at: string): string =>
      `{ grant: { method: PUT, path: "${at}" }, revoke: { path: /r } }`;
    expect(said(http('tool', settings('/g')), http('tool', settings(path)))).toEqual(sure);
  });

  test('under an address that is cut at another place, or written otherwise', () => {
    const settings = (at: string): string => `{ grant: { method: PUT, path: "${at}" } }`;
    const root =
      '  root: { type: http, base_url: "https://TOOL.acme.com:443/", token: "${{ secrets.TOOL_TOKEN }}" }\n';
    expect(said(http('tool', settings('/g')), http('root', settings('/api/g')), root)).toEqual(sure);
    expect(said(http('tool', settings('/g')), http('root', settings('/g')), root)).toEqual([]);
  });

  test('and taken away otherwise', () => {
    const settings = (revoke: string): string =>
      `{ grant: { method: PUT, path: /g }, revoke: { path: ${revoke} } }`;
    expect(said(http('tool', settings('/r')), http('tool', settings('/nothing')))).toEqual(sure);
  });
});

test('another grant is none, though it has something in common', () => {
  expect(said(team, team.replace('slug: admins', 'slug: others'))).toEqual([]);
  expect(
    said(
      team.replace('slug: admins', 'slug: admins, role: maintainer'),
      team.replace('slug: admins', 'slug: admins, role: member'),
    ),
  ).toEqual([]);
});

test('what many flows grant is said once of each flow, with as many as can be read', () => {
  const flows = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`flows/f${n}.yml`, team]));
  const twice = team.replace(
    /targets: .*\n/,
    'targets: { a: { settings: { organization: acme, team_slug: admins } }, b: { settings: { organization: acme, team_slug: admins } } }\n',
  );
  const found = compareDesks({
    before: read({ ...files, ...flows }),
    after: read({ ...files, ...flows, 'flows/lax.yml': twice }),
  }).filter(({ kind }) => kind === 'same-grant');
  expect(found.map(line)).toEqual([
    '!easier same-grant: The targets a and b of lax grant what f0, f1, f10, f11, f2, f3 and others grant too: it can be had by what lax asks.',
  ]);
});

const sample = read({ ...files, 'flows/sample.yml': http('tool', '{ path: /g }') });

function big(settings: (n: number, target: number) => Settings, flows: number): Desk {
  const flow = usable(sample.flows.get('sample'));
  const access = flow?.access;
  if (flow === undefined || access === undefined) throw new Error('The sample is broken.');
  const flowOf = (n: number): Flow => ({
    ...flow,
    ref: { ...flow.ref, name: `f${n}` },
    access: {
      ...access,
      targets: Array.from({ length: 50 }, (_, at) => ({
        name: `t${at}`,
        label: 'It',
        settings: settings(n, at),
      })),
    },
  });
  return { ...sample, flows: new Map(Array.from({ length: flows }, (_, n) => [`f${n}`, flowOf(n)])) };
}

/** As they are, under names that nobody had. */
const renamed = (desk: Desk): Desk => ({
  ...desk,
  flows: new Map([...desk.flows].map(([name, flow]) => [`new-${name}`, flow])),
});

describe('many flows with fifty targets each are compared at once, and not each with each', () => {
  const shapes: readonly (readonly [string, number, (n: number, target: number) => Settings])[] = [
    ['a thousand that grant the same', 1000, (_, at) => ({ path: `/g${at}` })],
    ['that differ in a value', 150, (n, at) => ({ path: '/g', body: { who: `${n}-${at}` } })],
    ['that differ in what they set', 150, (n, at) => ({ path: '/g', body: { [`k${n}-${at}`]: 'x' } })],
  ];
  test.each(shapes)(
    '%s',
    (_, flows, settings) => {
      const desk = big(settings, flows);
      const found = compareDesks({ before: sample, after: desk, elsewhere: standingGrants(renamed(desk)) });
      expect(found.some(({ kind }) => kind === 'same-grant')).toBe(true);
      expect(pairFlows(desk, renamed(desk))).toHaveLength(flows);
    },
    60_000,
  );

  test('and where it would take too long, that is said loudly', () => {
    const many = Array.from({ length: 3000 }, (_, n) => ({
      flow: `f${n}`,
      grant: { way: 'x', settings: [['path', `/g${n}`] as const, [`k${n}`, 'x'] as const] },
    }));
    const index = createGrantIndex(many);
    for (const { flow, grant } of many) index.find(grant, flow);
    expect(index.isSpent()).toBe(true);
  });
});
