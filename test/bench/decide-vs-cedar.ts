// What one whole decision costs, against the simplest authorization by an engine that is known to be fast.
import { setFlagsFromString } from 'node:v8';
import { readSample } from '../../src/desk/sample-desk.ts';
import { isBroken } from '../../src/desk/desk.ts';
import { standings } from '../../src/domain/approvals.ts';
import type { Command } from '../../src/domain/commands.ts';
import { decide } from '../../src/domain/decide.ts';
import type { Flow } from '../../src/domain/flow.ts';
import { account, deskId, instant } from '../../src/domain/names.ts';
import { aWorld, factsOf } from '../builders/facts.ts';
import type { Bench, Figure } from './figure.ts';

/** Short ones, that mostly run without being interrupted. */
const perRound = 250;
const rounds = 401;
/** Until both are compiled as well as they will be. */
const warmUp = 400;

export const decideVsCedar: Figure = {
  name: 'decide-vs-cedar',
  bar: 3,
  better: 'higher',
  meaning:
    'How many of our decisions (five rules, three steps, with the tree of /why) take as long as one Cedar authorization of one preparsed rule.',
  async measure({ say }: Bench) {
    const ours = ourDecision();
    const floor = await cedarDecision();
    const ratios: number[] = [];
    const best = { theirs: Infinity, mine: Infinity };
    for (let round = -warmUp; round < rounds; round += 1) {
      const theirs = timeOf(floor);
      const mine = timeOf(ours);
      best.theirs = Math.min(best.theirs, theirs);
      best.mine = Math.min(best.mine, mine);
      if (round >= 0) ratios.push(theirs / mine);
    }
    say(`at best: Cedar ${microseconds(best.theirs)}, ours ${microseconds(best.mine)}`);
    return ratios;
  },
};

/**
 * A request, decided: the form checked, every rule judged with its facts and its reason, the steps pinned, and the tree
 * that `/why` shows of it: each rule's result, what was looked up, where each step stands. Facts are at hand, as they are
 * once they were gathered; so are Cedar's. What `/why` adds for the person who asks it is a second decision, that of
 * their approval, and not in here.
 */
function ourDecision(): () => void {
  const flow = fiveRulesThreeSteps();
  const facts = factsOf(aWorld({ flows: [flow] }));
  const now = instant(Date.UTC(2026, 10, 20, 9));
  const voice = {
    surface: 'github',
    account: account('github', 'ann-o'),
    name: 'ann-o',
    ref: 'IC_1',
    at: now,
  } as const;
  const command: Command = {
    type: 'request',
    desk: deskId('github', 1),
    flow: flow.ref.name,
    form: { fields: { reason: 'Backfill of order 4711', urgency: 'Emergency' } },
    voice,
  };
  return () => {
    const decision = decide(command, undefined, facts, now);
    if (!('entries' in decision)) throw new Error('It was not decided.');
    const [requested, applied] = decision.entries;
    if (requested?.type !== 'requested' || applied?.type !== 'rule-applied')
      throw new Error('No rule was applied.');
    const { steps } = requested.data.policy;
    const tree = {
      judged: requested.data.judged,
      steps: standings(steps, [], new Set(applied.data.steps)),
    };
    if (tree.judged?.rules.length !== 5 || tree.steps.length !== 3) throw new Error('It was not explained.');
  };
}

function fiveRulesThreeSteps(): Flow {
  const desk = readSample({
    'flows/prod.yml': `label: Production
strategy: { type: github-team }
targets: { prod: { settings: { organization: acme, team_slug: prod } } }
duration: { options: [30m, 1h] }
requesters: [team:acme/engineering]
fields:
  reason: { type: string }
  urgency: { type: string, options: [Normal, Emergency], default: Normal }
approval:
  steps:
    - { name: data-owner, approvers: [team:acme/data] }
    - { name: security, approvers: [team:acme/security] }
    - { name: customer, approvers: [person:bob], needs: [data-owner] }
rules:
  - name: on-call
    if: fields.urgency == 'Emergency' && requester.belongs_to('team:acme/engineering')
    approve: [data-owner]
    reason: On call, and said \${{ fields.reason }}.
  - { name: short, if: "request.duration <= duration('15m')", approve: [security] }
  - { name: freeze, if: "fields.reason.matches('^frozen')", deny: true }
  - { name: often, if: "requester.requests('1d') > 20", deny: true }
  - { name: outsiders, if: "requester.role == 'guest' && request.target == 'staging'", deny: true }
`,
  });
  const flow = desk.flows.get('prod');
  if (flow === undefined || isBroken(flow))
    throw new Error(`The flow of the bench is broken: ${JSON.stringify(desk.diagnostics)}`);
  return flow;
}

/** Node 20 stops with a fault of V8 where such calls are inlined and then taken back. */
const noInlinedWasm = '--no-turbo-inline-js-wasm-calls';

async function cedarDecision(): Promise<() => void> {
  setFlagsFromString(noInlinedWasm);
  const { default: cedar } = await import('@cedar-policy/cedar-wasm/nodejs');
  const policy =
    'permit(principal, action == Action::"approve", resource) when { context.urgency == "Emergency" };';
  cedar.preparsePolicySet('bench', { staticPolicies: policy });
  const call: Parameters<typeof cedar.statefulIsAuthorized>[0] = {
    principal: { type: 'User', id: 'ann' },
    action: { type: 'Action', id: 'approve' },
    resource: { type: 'Step', id: 'data-owner' },
    context: { urgency: 'Emergency' },
    preparsedPolicySetId: 'bench',
    entities: [],
  };
  return () => {
    const answer = cedar.statefulIsAuthorized(call);
    if (answer.type !== 'success' || answer.response.decision !== 'allow')
      throw new Error('Cedar did not allow it.');
  };
}

/** Nanoseconds of one. */
function timeOf(decision: () => void): number {
  const from = process.hrtime.bigint();
  for (let count = 0; count < perRound; count += 1) decision();
  return Number(process.hrtime.bigint() - from) / perRound;
}

function microseconds(ns: number): string {
  return `${(ns / 1000).toFixed(1)} µs`;
}
