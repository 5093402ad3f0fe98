// countersign standing: against the sandbox as the app's settings name it, and on grants that a test gives.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleWorld } from '../../../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { readSample } from '../../desk/sample-desk.ts';
import type { OperatorDesk } from '../operator-desk.ts';
import { isBroken } from '../../desk/desk.ts';
import type { LiveGrant } from '../../domain/drift.ts';
import { noIdentities } from '../../domain/identities.ts';
import { deskId, instant, personId, requestId } from '../../domain/names.ts';
import type { AccessReports, Holders } from '../../engine/ports/access.ts';
import { systemClock } from '../system.ts';
import { openWith } from './operator.ts';
import { standingCommand, standingOf } from './standing.ts';

const flow = `label: Team
strategy: { type: github-team }
targets:
  fixed: { label: Fixed, settings: { organization: acme, team_slug: data } }
  chosen: { label: "Team \${{ fields.team }}", settings: { organization: acme, team_slug: "\${{ fields.team }}" } }
  typed: { label: "Typed", settings: { organization: "\${{ fields.typed }}", team_slug: data } }
duration: { options: [30m], default: 30m }
requesters: [person:ann]
fields:
  team: { type: string, label: Team, options: [data, ops] }
  typed: { type: string, label: Typed, pattern: "^[a-z]+$" }
approval: { steps: [{ name: data, approvers: [person:bob] }] }
`;

const grant = (account: string, wanted: string, more: Partial<LiveGrant> = {}) =>
  ({
    ...{
      request: requestId('R1'),
      person: personId('ann'),
      flow: 'team',
      resource: 'team:data',
      account,
      wanted,
    },
    before: 'none',
    ...more,
  }) as const;

async function reportOf(
  listings: Readonly<Record<string, Holders>>,
  grants: readonly ReturnType<typeof grant>[] = [],
) {
  const files = readSample({ 'flows/team.yml': flow });
  const read = files.flows.get('team');
  if (read === undefined || isBroken(read) || !files.people || !files.settings)
    throw new Error(JSON.stringify(files.diagnostics));
  const access: Pick<AccessReports, 'holders'> = {
    holders: async (_desk, _ref, { team_slug }) =>
      listings[String(team_slug)] ?? { missing: 'impossible', why: 'There is no such team.' },
  };
  const { people, settings } = files;
  const desk: Pick<OperatorDesk, 'id' | 'files'> = {
    id: deskId('github', 1),
    files: { ...files, people, settings },
  };
  return standingOf({ ...desk, access }, [read], { grants, identities: noIdentities });
}

describe('who holds the targets of a flow', () => {
  const order = ['none', 'member', 'maintainer'];
  const data = (...holders: readonly { readonly account: string; readonly holds: string }[]): Holders => ({
    ...{ resource: 'team:data', order, holders },
  });

  test('is told by person, with what is ours and what stands; of a bound target, for each option', async () => {
    const until = instant(Date.parse('2026-11-20T12:00:00Z'));
    const report = await reportOf(
      {
        data: data({ account: 'github:1', holds: 'member' }, { account: 'github:2', holds: 'maintainer' }),
        ops: { resource: 'team:ops', order, holders: [{ account: 'github:99', holds: 'member' }] },
      },
      [grant('github:1', 'member', { until })],
    );
    expect(report.places).toEqual([
      {
        resource: 'team:data',
        targets: ['team/fixed (Fixed)', 'team/chosen (Team data)'],
        holders: [
          {
            ...{ person: 'ann', account: 'github:1', holds: 'member', standing: null, lacks: null },
            grants: [{ request: 'R1', flow: 'team', until }],
          },
          {
            ...{
              person: 'bob',
              account: 'github:2',
              holds: 'maintainer',
              standing: 'maintainer',
              lacks: null,
            },
            grants: [],
          },
        ],
      },
      {
        resource: 'team:ops',
        targets: ['team/chosen (Team ops)'],
        holders: [
          {
            person: null,
            account: 'github:99',
            holds: 'member',
            standing: 'member',
            lacks: null,
            grants: [],
          },
        ],
      },
    ]);
    expect(report.unlisted).toEqual([
      { flow: 'team', target: 'typed', why: expect.stringContaining('“typed”') },
    ]);
  });

  test('says what a grant says and nobody has', async () => {
    const report = await reportOf({ data: data() }, [grant('github:1', 'member')]);
    expect(report.places[0]?.holders).toMatchObject([{ person: 'ann', holds: 'none', lacks: 'member' }]);
  });

  test('tells what cannot be listed from what could not be looked at', async () => {
    const report = await reportOf({
      data: { missing: 'unlisted', why: 'It has no list.', resource: 'team:data' },
      ops: { missing: 'unavailable', why: 'It does not answer.' },
    });
    expect(report.unlisted.map(({ target }) => target)).toEqual(['fixed', 'chosen', 'typed']);
    expect(report.failed).toEqual([{ flow: 'team', target: 'chosen', why: 'It does not answer.' }]);
  });
});

describe('countersign standing', () => {
  let folder: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-standing-'));
    const seedFolder = join(import.meta.dirname, '../../../flows');
    sandbox = await startSandbox({ port: 0, folder, world: sampleWorld, seedFolder });
  });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const lines = { out: '', err: '' };
    const environment = { COUNTERSIGN_DATA: join(folder, 'data'), ...sandbox.environment() };
    const open = openWith({ environment, clock: systemClock, fetch: (...asked) => fetch(...asked) });
    const code = await standingCommand(open).run(args, {
      out: (line) => void (lines.out += `${line}\n`),
      err: (line) => void (lines.err += `${line}\n`),
    });
    return { code, ...lines };
  }

  test('asks the real system, and ends with 1 once somebody holds a target for good', async () => {
    const quiet = await run('production-access');
    expect([quiet.code, quiet.err]).toEqual([0, '']);
    sandbox.world.joinTeam('production-access', 'bob-l', 'maintainer');
    const { code, out } = await run('production-access');
    expect(code).toBe(1);
    expect(out).toMatch(/^ {2}bob +github:583232 +maintainer +standing$/m);
    const { places } = JSON.parse((await run('production-access', '--json')).out);
    expect(places).toMatchObject([{ holders: [{ person: 'bob', standing: 'maintainer' }] }]);
  });

  test('is called wrongly with a flow or a desk that there is not', async () => {
    expect(await run('prodction-access')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean'),
    });
    expect(await run('--desk', 'acme/other')).toMatchObject({ code: 2 });
  });
});
