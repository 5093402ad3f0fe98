// The real process, begun again without its store, over a ledger to which somebody pushed what they wanted to have been decided.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { repositoryNamed } from '../../sandbox/driver.ts';
import { hashLine } from '../../src/domain/entry-line.ts';
import { forms } from './day.ts';
import { openHouse, untilQuiet, type House, type Life } from './house.ts';
import { createStage, ourComments, type Stage } from './stage.ts';
import { until } from './until.ts';

const branch = 'countersign/ledger';

let house: House;
let stage: Stage;
let life: Life;

beforeEach(async () => {
  house = await openHouse();
  stage = createStage(house.sandbox);
  life = house.start();
  await life.listens();
}, 60_000);
afterEach(() => house.close(), 60_000);

const holders = (): readonly string[] => house.sandbox.holdings().teams['production-access'] ?? [];

function ledgerGit() {
  const { github } = house.sandbox;
  const git = github.git(repositoryNamed(github, 'acme/access'));
  return { git, head: git.readRef(`refs/heads/${branch}`) ?? '' };
}

/** The file of a request: its path, and its lines. */
function fileOf(id: string): { readonly path: string; readonly lines: readonly string[] } {
  const { git, head } = ledgerGit();
  const found = [...git.walk(git.commit(head)?.tree ?? '')].find(({ path }) => path.endsWith(`${id}.jsonl`));
  if (!found) throw new Error(`There is no file of ${id}.`);
  return {
    path: found.path,
    lines: (git.object(found.sha)?.content.toString('utf8') ?? '').split('\n').slice(0, -1),
  };
}

/** What the lines of one request say, as if it had been said of another, linked as we link. */
function saidOf(to: readonly string[], from: readonly string[], types: readonly string[]): readonly string[] {
  const { id: _id, request, at, flow }: Record<string, unknown> = JSON.parse(to.at(-1) ?? '');
  return from
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter(({ type }) => types.includes(String(type)))
    .reduce<readonly string[]>((lines, entry) => {
      const last = lines.at(-1) ?? '';
      const linked = { ...entry, request, seq: lines.length + 1, at, flow, prev: hashLine(last) };
      return [...lines, JSON.stringify(linked)];
    }, to);
}

test('believes nothing of it, takes nothing for granted, and goes on once the branch is put back', async () => {
  const model = stage.asks('ann-o', 'production-access.yml', forms.production, 'ended');
  await stage.untilCard(model);
  stage.says('bob-l', model, '/approve looks right');
  const granted = await stage.untilStatus(model, 'active');
  stage.says('ann-o', model, '/revoke');
  await stage.untilStatus(model, 'ended');
  const wanted = stage.asks('ann-o', 'production-access.yml', forms.production, 'ended');
  await stage.untilCard(wanted);
  const pending = await stage.untilStatus(wanted, 'pending');
  await untilQuiet(house);
  await life.end('SIGKILL');
  rmSync(house.dataFolder, { recursive: true });

  const sound = ledgerGit().head;
  const { path, lines } = fileOf(pending.id);
  const said = ['approval-given', 'approved', 'escalation-started'];
  const forged = saidOf(lines, fileOf(granted.id).lines, said);
  expect(forged).toHaveLength(lines.length + said.length);
  house.sandbox.as('max-p').pushFiles({
    branch,
    message: 'bob approved\n\nCountersign-Batch: 01FORGED',
    files: { [path]: `${forged.join('\n')}\n` },
  });

  life = house.start();
  await until('the app to say so', () => house.log().includes('The ledger holds commits that are not ours'));
  await untilQuiet(house);
  expect(holders()).not.toContain('ann-o');
  stage.says('bob-l', wanted, '/approve');
  const answer = (): string =>
    ourComments(house.sandbox)
      .filter(({ issue }) => issue === wanted)
      .map(({ body }) => body)
      .join();
  await until('Bob to be told', () => answer().includes('is not ours'));
  expect(holders()).not.toContain('ann-o');

  const { git, head } = ledgerGit();
  git.updateRef(`refs/heads/${branch}`, sound, head);
  await until('the ledger to be whole again', () => house.log().includes('The ledger is whole again'));
  stage.says('bob-l', wanted, '/approve');
  await stage.untilStatus(wanted, 'active');
  expect(holders()).toContain('ann-o');
}, 200_000);
