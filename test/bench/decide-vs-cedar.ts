// What one whole decision costs, against the simplest authorization by an engine that is known to be fast.
import cedar from '@cedar-policy/cedar-wasm/nodejs';
import { readSample } from '../../src/desk/sample-desk.ts';
import { isBroken } from '../../src/desk/desk.ts';
import type { Command, Voice } from '../../src/domain/commands.ts';
import { decide } from '../../src/domain/decide.ts';
import { explain } from '../../src/domain/explain.ts';
import { sealEntries } from '../../src/domain/entry-line.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Flow } from '../../src/domain/flow.ts';
import { account, deskId, instant, requestId } from '../../src/domain/names.ts';
import type { Request } from '../../src/domain/request.ts';
import { whyLines } from '../../src/domain/why-lines.ts';
import { aWorld, factsOf } from '../builders/facts.ts';
import type { Bench, Figure } from './figure.ts';

const rounds = 15;
const perRound = 2000;

export const decideVsCedar: Figure = {
  name: 'decide-vs-cedar',
  bar: 3,
  better: 'higher',
  meaning:
    'How many of our decisions (five rules, three steps, with the tree of /why) take as long as one Cedar authorization of one preparsed rule.',
  async measure({ say }: Bench) {
    const ours = ourDecision();
    const floor = cedarDecision();
    const ratios: number[] = [];
    for (let round = -3; round < rounds; round += 1) {
      const theirs = timeOf(floor);
      const mine = timeOf(ours);
      if (round >= 0) ratios.push(theirs / mine);
      say(`Cedar ${microseconds(theirs)}, ours ${microseconds(mine)}`);
    }
    return ratios;
  },
};

/** A request, decided and explained: facts are at hand, as they are once they were gathered. */
function ourDecision(): () => void {
  const flow = fiveRulesThreeSteps();
  const facts = factsOf(aWorld({ flows: [flow] }));
  const now = instant(Date.UTC(2026, 10, 20, 9));
  const voice: Voice = {
    surface: 'github',
    account: account('github', 'ann-o'),
    name: 'ann-o',
    ref: 'IC_1',
    at: now,
  };
  const command: Command = {
    type: 'request',
    desk: deskId('github', 1),
    flow: flow.ref.name,
    form: { fields: { reason: 'Backfill of order 4711', urgency: 'Emergency' } },
    voice,
  };
  const asked = requestedBy(command, flow);
  const approver: Voice = { ...voice, account: account('github', 'dora-k'), name: 'dora-k', ref: 'IC_2' };
  return () => {
    const decision = decide(command, undefined, facts, now);
    if (!('entries' in decision) || decision.entries.length < 2) throw new Error('It was not decided.');
    const explained = explain(asked, approver, facts, now);
    if (!('why' in explained) || whyLines(explained.why).length < 8) throw new Error('It was not explained.');
  };

  function requestedBy(asking: Command, { ref }: Flow): Request {
    const decision = decide(asking, undefined, facts, now);
    if (!('entries' in decision)) throw new Error('It was not decided.');
    let minted = 0;
    const id = requestId('01JD0000000000000000000000');
    const mint = (): string => `E${(minted += 1)}`;
    const request = sealEntries(decision.entries, {
      request: id,
      flow: ref,
      after: undefined,
      at: now,
      mint,
    }).reduce<Request | undefined>((state, { entry, line }) => evolve(state, entry, line), undefined);
    if (request === undefined) throw new Error('It was not asked.');
    return request;
  }
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

function cedarDecision(): () => void {
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
