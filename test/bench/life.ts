// Whole lives of requests against the sandbox, by the real app: every write call that GitHub saw of them.
import type { LoggedRequest } from '../../sandbox/traffic.ts';
import { runThrowaway } from '../../sandbox/throwaway.ts';
import { createStage, type Stage } from '../process/stage.ts';
import { pause, until } from '../process/until.ts';
import type { Bench, Figure } from './figure.ts';

const flow = `label: A life
strategy: { type: github-team }
targets:
  production:
    label: Production
    settings: { organization: acme, team_slug: production-access }
duration: { options: [8s], default: 8s }
requesters: [team:acme/engineering]
fields:
  reason: { type: string, label: Why }
approval:
  steps:
    - { name: data-owner, approvers: [team:acme/data] }
    - { name: security, approvers: [team:acme/security] }
`;
const form = `name: A life
description: For the bench.
title: 'A life'
body:
  - { type: dropdown, attributes: { label: Flow, options: [life], default: 0 } }
  - { type: dropdown, attributes: { label: Target, options: [production], default: 0 } }
  - { type: dropdown, attributes: { label: Duration, options: [8s], default: 0 } }
  - { type: textarea, attributes: { label: Why } }
`;
const answers = { Flow: 'life', Target: 'production', Duration: '8s', Why: 'To be counted' };

/** Long enough for what nothing waits for to reach the ledger, and for a card to catch up. */
const afterwardsMs = 13_000;

interface Writes {
  readonly all: number;
  readonly content: number;
}

/** Both figures are of the same lives. */
const measured = new Map<string, Promise<readonly Writes[]>>();

export const writesPerLife: Figure = {
  name: 'writes-per-life',
  bar: 9,
  better: 'lower',
  meaning:
    'Write calls to GitHub for a whole life (open from an issue form, two approvals, escalate, deescalate), reactions included, those on the target and the ledger not; the larger of a life that expires and one that is revoked.',
  measure: async (bench) => Math.max(...(await lives(bench)).map(({ all }) => all)),
};

export const contentWritesPerLife: Figure = {
  name: 'content-writes-per-life',
  bar: 3,
  better: 'lower',
  meaning: 'Those of the same write calls that make an issue or a comment.',
  measure: async (bench) => Math.max(...(await lives(bench)).map(({ content }) => content)),
};

function lives(bench: Bench): Promise<readonly Writes[]> {
  const known = measured.get(bench.folder) ?? live(bench);
  measured.set(bench.folder, known);
  return known;
}

async function live({ say }: Bench): Promise<readonly Writes[]> {
  const running = await runThrowaway('error');
  try {
    const { sandbox } = running;
    sandbox.as('max-p').pushFiles({
      message: 'A flow to be counted',
      files: { 'flows/life.yml': flow, '.github/ISSUE_TEMPLATE/life.yml': form },
      reviewed: true,
    });
    const stage = createStage(sandbox);
    // The first makes what the app makes once: its token, the ledger's branch.
    await liveOnce(stage, 'expires');
    const counted: Writes[] = [];
    for (const end of ['expires', 'revoked'] as const) {
      const [from, commits] = [sandbox.requests.length, sandbox.ledgerLog().length];
      await liveOnce(stage, end);
      const writes = sandbox.requests.slice(from).filter(isWrite);
      const content = writes.filter(
        ({ method, path }) => method === 'POST' && /\/(issues|comments)$/.test(path),
      );
      counted.push({ all: writes.length, content: content.length });
      say(`A life that ${end === 'expires' ? end : 'is revoked'}: ${writes.map(named).join(', ')}.`);
      say(`Its commits in the ledger: ${sandbox.ledgerLog().length - commits}.`);
    }
    return counted;
  } finally {
    await running.stop();
  }
}

async function liveOnce(stage: Stage, end: 'expires' | 'revoked'): Promise<void> {
  const { sandbox } = stage;
  const issue = stage.asks('ann-o', 'life.yml', answers, 'ended');
  await stage.untilCard(issue);
  stage.says('bob-l', issue, '/approve');
  await until('the first approval', () => (stage.ledger.at(issue)?.approvals.length ?? 0) === 1);
  await pause(3_000);
  stage.says('dora-k', issue, '/approve');
  await stage.untilStatus(issue, 'active');
  await pause(3_000);
  if (end === 'revoked') stage.says('ann-o', issue, '/revoke');
  await stage.untilStatus(issue, 'ended');
  await pause(afterwardsMs);
  await sandbox.settled();
}

/** Of the app itself: the grants app writes to the target alone. */
function isWrite({ app, method, operation, body }: LoggedRequest): boolean {
  if (app !== 'countersign' || method === 'GET') return false;
  return operation === null || (/\bmutation\b/.test(body) && operation !== 'createCommitOnBranch');
}

function named({ method, path }: LoggedRequest): string {
  return `${method} ${path.replace(/^\/repos\/[^/]+\/[^/]+/, '').replace(/\d+/g, 'N')}`;
}
