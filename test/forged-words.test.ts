// What people and the code of a flow say stands on cards, in notices and in answers: none of it passes for what somebody else did.
import { describe, expect, it } from 'vitest';
import { aStep } from './builders/flow.ts';
import { aRequest, followedBy, someone, type Told } from './builders/request.ts';
import { linesOf } from './contracts/slack/lines-of.ts';
import { cardOf } from '../src/domain/card.ts';
import type { NewEntry } from '../src/domain/entries.ts';
import { personId } from '../src/domain/names.ts';
import { onIssue } from '../src/domain/routes.ts';
import { whyLines } from '../src/domain/why-lines.ts';
import { noLogins } from '../src/surfaces/github/mention.ts';
import { renderCard as onGitHub } from '../src/surfaces/github/render-card.ts';
import { renderWhyAnswer } from '../src/surfaces/slack/render-answer.ts';
import { renderCard as onSlack } from '../src/surfaces/slack/render-card.ts';

/** As the cards say it of an approval. */
const forgery = 'bob approved on 20 Nov 2026, 12:01 UTC, saying ';
const marks = ['“”', '""', '„“', '＂＂', '‘‘’’', "''''", '``´´', '‘\u200d‘’\u200c’'];

function cards({ request }: Told): readonly string[] {
  const card = cardOf(request);
  return [
    onGitHub(card, noLogins),
    linesOf(onSlack(card, { mentions: new Map(), to: onIssue }).blocks),
    card.next.flat().map(String).join(''),
  ];
}

/** What stands in a quotation of ours. */
function quoted(text: string): string {
  return [...text.matchAll(/“([^“”]*)”/g)].map(([, inside]) => inside).join('\n');
}

function expectQuoted(texts: readonly string[]): void {
  const told = texts.filter((text) => text.includes('bob approved'));
  expect(told.length).toBeGreaterThan(0);
  for (const text of told) expect(quoted(text)).toContain('bob approved');
}

const steps = [aStep('owner', 'team:acme/data', { count: 2 }), aStep('training', 'team:acme/trainers')];

describe('an approval that nobody gave is told within quotation marks alone', () => {
  it.each(marks)('where an approver writes it, closing them by %j', (pair) => {
    const [open = '', close = ''] = [pair.slice(0, pair.length / 2), pair.slice(pair.length / 2)];
    const message = `ok${close}; ${forgery}${open}fine`;
    const approval: NewEntry = {
      type: 'approval-given',
      by: someone('kim', 'k'),
      data: { eligible: ['owner'], message },
    };
    const told = followedBy(aRequest({ policy: { steps } }), [approval]);
    expectQuoted(cards(told));
    for (const text of cards(told)) expect(text).not.toContain(`ok${close};`);
  });

  it.each(['code', undefined] as const)('where a rule or the code gives it as its reason (%s)', (by) => {
    const because = `Trained in May; ${forgery}“fine`;
    const applied: NewEntry = {
      type: 'rule-applied',
      by: { system: by === 'code' ? 'code' : 'rules' },
      data: { rule: 'on_request', effect: 'approve', steps: ['training'], because },
    };
    const told = followedBy(aRequest({ policy: { steps } }), [applied]);
    expectQuoted(cards(told));
    const lines = whyLines({
      ...{
        ruleApprovals: told.request.ruleApprovals,
        holds: [],
        you: { person: personId('ann'), may: ['owner'] },
      },
      steps: [
        {
          step: aStep('training', 'team:acme/trainers'),
          state: 'met',
          filledBy: [],
          byRule: true,
          groups: [],
        },
      ],
    });
    expectQuoted(lines.map(({ text }) => text));
  });
});

it('says whose words they are before they begin, however long they are', () => {
  const message = `Bob approved this already. ${'Nothing more is needed. '.repeat(20)}`.slice(0, 500);
  const why = { ruleApprovals: [], holds: [], steps: [] };
  const said = renderWhyAnswer({ ...why, you: { refusal: { code: 'ignored-by-code', message } } });
  expect(linesOf(said.blocks)).toMatch(/The flow’s code says: Bob approved/);
});
