// Whatever a desk's files and people hold, Slack takes what we make of it, and nothing typed does anything there.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage, checkMetadata } from '../../../sandbox/slack/limits/message.ts';
import { checkSuggestions, checkView } from '../../../sandbox/slack/limits/view.ts';
import { cardOf } from '../../../src/domain/card.ts';
import type { NewEntry } from '../../../src/domain/entries.ts';
import { fieldTypes, type Field, type Flow } from '../../../src/domain/flow.ts';
import { deskId, destination, group, personId, plus } from '../../../src/domain/names.ts';
import { hours, minutes } from '../../../src/domain/duration.ts';
import { refusalExamples } from '../../../src/domain/refusal-examples.ts';
import { statuses, type Request } from '../../../src/domain/request.ts';
import { decisionForm, decisions } from '../../../src/surfaces/slack/decision-form.ts';
import { flowList, flowOptions } from '../../../src/surfaces/slack/flow-list.ts';
import {
  doneView,
  errorView,
  loadingView,
  refusalView,
  welcomeView,
} from '../../../src/surfaces/slack/plain-views.ts';
import { renderRefusal, renderStatus, renderWhyAnswer } from '../../../src/surfaces/slack/render-answer.ts';
import { renderCard } from '../../../src/surfaces/slack/render-card.ts';
import { renderHome } from '../../../src/surfaces/slack/render-home.ts';
import { renderNotice } from '../../../src/surfaces/slack/render-notice.ts';
import { formOptions, requestForm } from '../../../src/surfaces/slack/request-form.ts';
import { aFlow, aTarget, anApproval } from '../../builders/flow.ts';
import { aRequestIn, anId, followedBy, noon, someone } from '../../builders/request.ts';

const mischief =
  '<!channel> <@U07BOB000> *bold* _x_ ~y~ `z` :tada: > <https://evil.example|bank> @here \u202e👨‍👩‍👧‍👦';
/** As long as it is said to be, of what Slack would obey. */
const endless = mischief.repeat(200);
const long = (length: number): string => endless.slice(0, length);

const lengths = fc.record({
  fields: fc.integer({ min: 0, max: 50 }),
  text: fc.constantFrom(1, 60, 400, 3000, 10_000),
  steps: fc.integer({ min: 1, max: 20 }),
  groups: fc.integer({ min: 1, max: 20 }),
  name: fc.constantFrom(3, 80, 200, 1000),
});
type Lengths = typeof lengths extends fc.Arbitrary<infer L> ? L : never;
const largest: Lengths = { fields: 50, text: 10_000, steps: 20, groups: 20, name: 1000 };

function aLargeRequest(size: Lengths, status: Request['phase']['status']): Request {
  const steps = Array.from({ length: size.steps }, (_, n) => ({
    name: `s${n}-${long(size.name)}`.slice(0, 63),
    approvers: Array.from({ length: size.groups }, (_, m) =>
      group(`team:${m}/${long(size.name)}`.slice(0, 200)),
    ),
    count: 20,
    needs: [],
    peopleOnly: false,
  }));
  const said: NewEntry[] = ['bob', 'dora', 'kofi'].map((name) => ({
    type: 'approval-given',
    by: {
      ...someone(name, `said-by-${name}`),
      via: { ...someone(name, `said-by-${name}`).via, name: long(size.name) },
    },
    data: { eligible: [steps[0]?.name ?? ''], message: long(size.text) },
  }));
  const told = aRequestIn(status, {
    requester: 'ann',
    form: {
      target: {
        name: 'prod',
        label: long(size.name),
        settings: Object.fromEntries(
          Array.from({ length: size.fields }, (_, n) => [`k${n}`, long(size.text)]),
        ),
      },
      answers: Array.from({ length: size.fields }, (_, n) => ({
        label: `${n} ${long(size.name)}`,
        text: long(size.text),
      })),
      message: long(size.text),
    },
    policy: {
      label: long(size.name),
      danger: long(size.text),
      environment: 'prod',
      steps,
      extend: { maxTotal: hours(8), times: 2 },
    },
  });
  const { request } = status === 'pending' ? followedBy(told, said) : told;
  return {
    ...request,
    requester: { ...request.requester, via: { ...request.requester.via, name: long(size.name) } },
  };
}

/** Nothing in `mrkdwn` that Slack would obey, and no whole call anywhere. */
function expectHarmless(shown: unknown): void {
  JSON.stringify(shown, (key, value: unknown) => {
    if (typeof value !== 'string') return value;
    expect(value).not.toMatch(/<[!@#](?!\u200b)[a-zA-Z]|@(here|channel|everyone)/);
    if (key === 'text') expect(value).not.toMatch(/\p{Cs}|\u202e/u);
    return value;
  });
}

const mentions = new Map([[personId('bob'), 'U07BOB000']]);
const to = destination('slack-channel:access');
const now = plus(noon, minutes(10));
const people = {
  mentions,
  admins: Array.from({ length: 40 }, (_, n) => group(`team:${n}/${long(190)}`)),
  now,
};

function expectCard(request: Request): void {
  const { metadata, ...card } = renderCard(cardOf(request), {
    mentions,
    to,
    issue: 'https://github.com/acme/access/issues/1',
  });
  expect(checkMessage(card)).toBeNull();
  expect(checkMetadata(metadata)).toBeNull();
  expectHarmless(card.blocks);
  expect(card.text).not.toMatch(/<!|@(here|channel|everyone)|[*~`]/);
}

describe('a card', () => {
  it('is taken at its largest, in every state', () => {
    for (const status of statuses) expectCard(aLargeRequest(largest, status));
  });

  it('is taken whatever it holds', () => {
    fc.assert(
      fc.property(lengths, fc.constantFrom(...statuses), (size, status) =>
        expectCard(aLargeRequest(size, status)),
      ),
      { numRuns: 30 },
    );
  });

  it('says what matters and what is left out, however little fits', () => {
    const { blocks } = renderCard(cardOf(aLargeRequest(largest, 'pending')), { mentions, to });
    expect(JSON.stringify(blocks)).toMatch(/Waiting for approval[\s\S]*in the ledger[\s\S]*"approve"/);
  });
});

describe('messages beside the card', () => {
  const notices = ['active', 'over', 'overdue-1', 'extension-1', 'extension-over-1', 'expiring'] as const;

  it('are taken at their largest', () => {
    for (const status of statuses) {
      const request = aLargeRequest(largest, status);
      for (const notice of notices) {
        const message = renderNotice(request, notice, people);
        if (message === undefined) continue;
        expect(checkMessage(message)).toBeNull();
        expectHarmless(message.blocks);
      }
      expect(checkMessage(renderStatus(request))).toBeNull();
    }
  });

  it('are taken whatever is refused, and why', () => {
    for (const refusal of Object.values(refusalExamples))
      expect(checkMessage(renderRefusal(refusal))).toBeNull();
    const refusal = {
      code: 'not-an-approver',
      waitingFor: Array.from({ length: 20 }, (_, n) => ({ step: `s${n}`, groups: people.admins })),
    } as const;
    expect(checkMessage(renderRefusal(refusal))).toBeNull();
    const request = aLargeRequest(largest, 'pending');
    const steps = request.policy.steps.map((step) => ({
      step,
      state: 'open' as const,
      filledBy: [],
      groups: step.approvers.map((each) => ({ group: each, belongs: { unknown: long(500) } })),
    }));
    const why = renderWhyAnswer({
      ruleApprovals: [],
      holds: [{ rule: 'freeze', why: long(3000) }],
      steps,
      you: { refusal },
    });
    expect(checkMessage(why)).toBeNull();
    expectHarmless(why.blocks);
  });
});

function aLargeFlow({ fields, text, name }: Lengths): Flow {
  const asked = Array.from({ length: fields }, (_, n): Field => {
    const type = fieldTypes[n % fieldTypes.length] ?? 'string';
    const hasOptions = n % 3 === 0 && (type.startsWith('string') || type.startsWith('person'));
    const options = Array.from({ length: n % 2 === 0 ? 100 : 300 }, (_, m) => `${m} ${long(name)}`);
    return {
      name: `f${n}`,
      type,
      label: long(Math.max(1, name)),
      description: long(text),
      required: n % 5 !== 0,
      ...(hasOptions && { options }),
      ...(type === 'string' && !hasOptions && { default: long(text) }),
    };
  });
  return aFlow({
    label: long(name),
    header: long(text),
    danger: long(text),
    confirm: 'typed',
    fields: asked,
    approval: anApproval(),
  });
}

const targets = (count: number, length: number): readonly ReturnType<typeof aTarget>[] =>
  Array.from({ length: count }, (_, n) =>
    aTarget(`t${n}-${'x'.repeat(length)}`, { label: `${n} ${long(length)}` }),
  );
const place = { desk: deskId('github', 4711), flow: 'production', origin: 'C07ACC000' };

function expectForm(size: Lengths): void {
  const flow = aLargeFlow(size);
  const problems = Array.from({ length: 20 }, () => long(size.text));
  for (const open of [
    targets(1, size.name),
    targets(4, size.name),
    targets(100, size.name),
    targets(300, size.name),
  ]) {
    const view = requestForm({ flow, targets: open, place, problems });
    expect(checkView(view, 'modal')).toBeNull();
    expectHarmless(view.blocks.filter(({ type }) => type === 'rich_text' || type === 'header'));
    expect(
      checkSuggestions({ options: formOptions(flow, open, { blockId: 'target', query: '' }) }),
    ).toBeNull();
  }
  for (const { name } of flow.fields)
    expect(
      checkSuggestions({ options: formOptions(flow, [], { blockId: `field:${name}`, query: '1' }) }),
    ).toBeNull();
}

describe('a form', () => {
  it('is taken at its largest', () => {
    expectForm(largest);
  });

  it('is taken whatever the flow holds', () => {
    fc.assert(fc.property(lengths, expectForm), { numRuns: 5 });
  });

  it('to decide is taken for every request', () => {
    for (const status of statuses)
      for (const decision of decisions)
        expect(
          checkView(
            decisionForm(decision, aLargeRequest(largest, status), { channel: 'C07ACC000' }),
            'modal',
          ),
        ).toBeNull();
  });

  it('to choose a flow is taken, few or many', () => {
    const flow = aLargeFlow(largest);
    for (const count of [0, 1, 8, 9, 120]) {
      const open = Array.from({ length: count }, (_, n) => ({
        flow: { ...flow, ref: { name: `flow-${n}`, commit: 'c0ffee' } },
        targets: targets(n, 200),
        glass: false,
      }));
      expect(
        checkView(flowList({ open, place: { channel: 'C1' }, unknown: long(3000) }), 'modal'),
      ).toBeNull();
      expect(checkSuggestions({ options: flowOptions(open, '') })).toBeNull();
    }
  });

  it('with nothing to fill in is taken', () => {
    const views = [
      loadingView(),
      doneView(long(2000)),
      errorView(long(2000)),
      welcomeView('https://github.com/acme/access/tree/main/flows'),
      ...Object.values(refusalExamples).map(refusalView),
    ];
    for (const view of views) expect(checkView(view, 'modal')).toBeNull();
  });
});

it('App Home is taken with as much as there may be', () => {
  const many = (from: number, status: Request['phase']['status']): readonly Request[] => {
    const one = aLargeRequest({ ...largest, fields: 2 }, status);
    return Array.from({ length: 30 }, (_, n) => ({ ...one, id: anId(from + n) }));
  };
  const mine = [...many(100, 'active'), ...many(200, 'pending')];
  for (const page of [0, 1, 2, 3, 7]) {
    const view = renderHome({ waiting: many(0, 'pending'), mine, now, page, mayAsk: true });
    expect(checkView(view, 'home')).toBeNull();
    expectHarmless(view.blocks);
  }
});
