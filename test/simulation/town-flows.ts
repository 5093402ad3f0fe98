// The flows of the town and what becomes of them, with their rules as data: what a condition means is read here by the app and by the judge.
import type { Unknown } from '../../src/domain/facts.ts';
import type { BreakGlassOffer, Condition, Circumstances, Flow, Route, Rule } from '../../src/domain/flow.ts';
import { hours, minutes } from '../../src/domain/duration.ts';
import { destination, group, type Milliseconds } from '../../src/domain/names.ts';
import { aFlow, anApproval, anApprovalOnlyFlow, aStep, aTarget } from '../builders/flow.ts';

/** What a rule or a step asks about the requester. */
export type Test =
  | { readonly about: 'team'; readonly team: string }
  | { readonly about: 'guest' }
  /** More than so many earlier requests of this flow. */
  | { readonly about: 'often'; readonly within: Milliseconds; readonly most: number };

export interface TownRule {
  readonly name: string;
  readonly test: Test;
  /** Absent: it denies. */
  readonly approve?: readonly string[];
}

const barred: TownRule = { name: 'barred', test: { about: 'team', team: 'team:acme/barred' } };
const freeze: TownRule = { name: 'freeze', test: { about: 'team', team: 'team:acme/frozen' } };
const often: TownRule = { name: 'often', test: { about: 'often', within: hours(3), most: 3 } };
const strangers: TownRule = { name: 'strangers', test: { about: 'guest' } };
const onCall: TownRule = {
  name: 'on-call',
  test: { about: 'team', team: 'team:acme/on-call' },
  approve: ['data', 'security'],
};
/** Names a step that only its own people meet. */
const member: TownRule = {
  name: 'engineer',
  test: { about: 'team', team: 'team:acme/engineering' },
  approve: ['data', 'owner'],
};

const originalRules: { readonly [flow: string]: readonly TownRule[] } = {
  repository: [],
  quick: [],
  migration: [strangers],
  deploy: [onCall, barred, often],
  hotfix: [barred, member],
  urgent: [barred],
};

export const stepConditions: { readonly [flow: string]: { readonly [step: string]: Test } } = {
  deploy: { security: { about: 'guest' } },
};

/** `security` is asked where it is to last longer than this, all of it together. */
export const longOfQuick: Milliseconds = minutes(50);

/** The commits that a flow may be at. `c2` asks more, `c3` has no rules and offers less, `c4` has a rule more. */
export const versions = ['c1', 'c2', 'c3', 'c4'] as const;
export type Version = (typeof versions)[number];

export function rulesOf(flow: string, version: string): readonly TownRule[] {
  const original = originalRules[flow] ?? [];
  if (version === 'c3') return [];
  return version === 'c4' ? [...original, freeze] : original;
}

const few = { maxTotal: hours(1), times: 1 };

/** The flow after a commit that asks more, asks others, or asks nobody any more. */
export function flowAt(name: string, version: Version): Flow | undefined {
  const flow = theFlows.find(({ ref }) => ref.name === name);
  if (flow === undefined) return undefined;
  const { approval, extend } = flow;
  return {
    ...flow,
    ref: { name, commit: version },
    rules: rulesOf(name, version).map(ruleOf),
    ...(version === 'c3' && extend && { extend: few }),
    ...(version === 'c2' && {
      approval: { ...approval, steps: [...approval.steps, aStep('platform', 'role:admin')] },
    }),
  };
}

/** The most that a flow lets access last, extensions included, and how often it may be extended. */
export function offerOf(flow: string, version: string): { maxTotal: Milliseconds; times: number } {
  const { extend } = theFlows.find(({ ref }) => ref.name === flow) ?? {};
  if (extend === undefined) return { maxTotal: 0, times: 0 };
  return version === 'c3' ? few : extend;
}

function ruleOf({ name, test, approve }: TownRule): Rule {
  return {
    name,
    condition: conditionOf(name, test),
    then: approve ? { approve } : { deny: true },
    reason: `Because of ${name}.`,
  };
}

function conditionOf(source: string, test: Test): Condition {
  return {
    source,
    judge: ({ circumstances }) => (circumstances ? holds(test, circumstances) : { unknown: 'Nobody asks.' }),
  };
}

function holds(test: Test, asked: Circumstances): boolean | Unknown {
  if (test.about === 'team') return asked.belongs(group(test.team));
  if (test.about === 'guest') {
    const role = asked.role();
    return typeof role === 'string' ? role === 'guest' : role;
  }
  const history = asked.history(test.within);
  return 'unknown' in history ? history : history.requests > test.most;
}

const levels = ['read', 'write', 'admin'] as const;

const long: Condition = {
  source: 'long',
  judge: ({ duration }) => typeof duration !== 'number' || duration > longOfQuick,
};

/** Of the flow that waits for nobody. */
export const urgency = {
  who: [group('team:acme/on-call')],
  max: hours(1),
  reviewers: [group('team:acme/security')],
  reviewWithin: hours(2),
  tell: [],
} as const satisfies BreakGlassOffer;

/** Others are told after a while. */
const later: readonly Route[] = [
  { to: [destination('slack-channel:data')] },
  { to: [destination('slack-channel:all'), destination('person:dora')], after: minutes(15) },
];
/** Others are told where the first could not be. */
const instead: readonly Route[] = [
  { to: [destination('slack-channel:security')] },
  { to: [destination('slack-channel:all')] },
];

export const theFlows: readonly Flow[] = [
  aFlow({
    ref: { name: 'repository', commit: 'c1' },
    requesters: [group('team:acme/engineering')],
    access: {
      strategy: { type: 'toy' },
      targets: levels.map((level) => aTarget(level, { settings: { level } })),
      durations: { options: [minutes(30), hours(1), 'until-revoked'], default: minutes(30) },
    },
    approval: anApproval({
      steps: [
        aStep('data', 'team:acme/data', { routes: later }),
        aStep('security', 'team:acme/security', { routes: instead }),
      ],
    }),
    extend: { maxTotal: hours(1), times: 1 },
  }),
  aFlow({
    ref: { name: 'quick', commit: 'c1' },
    access: {
      strategy: { type: 'toy' },
      targets: [aTarget('write', { settings: { level: 'write' } })],
      durations: { options: [minutes(30)], default: minutes(30) },
    },
    approval: anApproval({
      steps: [
        aStep('data', 'team:acme/data', { routes: instead }),
        aStep('security', 'team:acme/security', { condition: long, routes: later }),
      ],
      lapseAfter: minutes(75),
      decisionMessage: 'off',
    }),
    extend: { maxTotal: minutes(75), times: 2 },
  }),
  aFlow({
    ref: { name: 'deploy', commit: 'c1' },
    requesters: [group('team:acme/engineering')],
    access: {
      strategy: { type: 'toy' },
      targets: [aTarget('write', { settings: { level: 'write' } })],
      durations: { options: [minutes(45), minutes(90)], default: minutes(45) },
    },
    approval: anApproval({
      steps: [
        aStep('data', 'team:acme/data'),
        aStep('security', 'team:acme/security', {
          condition: conditionOf('guest', { about: 'guest' }),
        }),
      ],
      lapseAfter: hours(3),
    }),
    rules: rulesOf('deploy', 'c1').map(ruleOf),
    extend: { maxTotal: minutes(150), times: 2 },
  }),
  aFlow({
    ref: { name: 'hotfix', commit: 'c1' },
    access: {
      strategy: { type: 'toy' },
      targets: [aTarget('admin', { settings: { level: 'admin' } })],
      durations: { options: [minutes(30), hours(1)], default: hours(1) },
    },
    approval: anApproval({
      steps: [aStep('data', 'team:acme/data'), aStep('owner', 'team:acme/security', { peopleOnly: true })],
      decisionMessage: 'required',
    }),
    rules: rulesOf('hotfix', 'c1').map(ruleOf),
    extend: { maxTotal: minutes(90), times: 1 },
  }),
  aFlow({
    ref: { name: 'urgent', commit: 'c1' },
    access: {
      strategy: { type: 'toy' },
      targets: [aTarget('write', { settings: { level: 'write' } })],
      durations: { options: [minutes(30), hours(1), hours(2)], default: hours(2) },
    },
    approval: anApproval({
      steps: [aStep('data', 'team:acme/data'), aStep('owner', 'team:acme/security', { peopleOnly: true })],
    }),
    rules: rulesOf('urgent', 'c1').map(ruleOf),
    extend: { maxTotal: hours(3), times: 2 },
    breakGlass: urgency,
  }),
  anApprovalOnlyFlow({
    ref: { name: 'migration', commit: 'c1' },
    approval: anApproval({ steps: [aStep('data', 'team:acme/data', { count: 2 })] }),
    rules: rulesOf('migration', 'c1').map(ruleOf),
    actions: [
      { name: 'migrate', run: 'toy', with: { for: '${{ request.id }}' } },
      { name: 'announce', run: 'toy', with: { by: '${{ requester.id }}' } },
    ],
  }),
];

/** Who fills which step. */
export const groupOfStep: { readonly [step: string]: string } = {
  data: 'team:acme/data',
  security: 'team:acme/security',
  owner: 'team:acme/security',
  platform: 'role:admin',
};

export const peopleOnly: ReadonlySet<string> = new Set(['owner']);
