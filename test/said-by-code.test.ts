// What the code of a flow decided is never told as the doing of a rule, wherever people read it.
import { describe, expect, it } from 'vitest';
import { cardOf } from '../src/domain/card.ts';
import { hours } from '../src/domain/duration.ts';
import { parseLine } from '../src/domain/entry-line.ts';
import { explain } from '../src/domain/explain.ts';
import type { AnswerName, CodeOffer, HookAnswer, HookName } from '../src/domain/hooks.ts';
import { destination } from '../src/domain/names.ts';
import { whyLines } from '../src/domain/why-lines.ts';
import { sentence, subjectOf } from '../src/ledger/sentence.ts';
import { whatIsAsked } from '../src/surfaces/email/what-is-asked.ts';
import { noLogins } from '../src/surfaces/github/mention.ts';
import { renderCard as cardOnGitHub } from '../src/surfaces/github/render-card.ts';
import { renderNotice as noticeOnGitHub } from '../src/surfaces/github/render-notice.ts';
import { renderCard as cardOnSlack } from '../src/surfaces/slack/render-card.ts';
import { renderNotice as noticeOnSlack } from '../src/surfaces/slack/render-notice.ts';
import { factsOf } from './builders/facts.ts';
import { aFlow, anApproval, aStep } from './builders/flow.ts';
import { History } from './builders/history.ts';
import { linesOf } from './contracts/slack/lines-of.ts';

const steps = [aStep('training', 'team:acme/security'), aStep('data-owner', 'team:acme/data')];
const extend = { maxTotal: hours(8), times: 2 };

function answering(
  hook: HookName,
  said: HookAnswer,
  { answers = [] }: { readonly answers?: readonly AnswerName[] } = {},
): History {
  const code: CodeOffer = { file: 'flows/production.ts', hooks: [hook], answers, hosts: [], vars: {} };
  const flow = aFlow({ code, extend, approval: anApproval({ steps }) });
  return new History({ flows: [flow], code: { [hook]: said }, approval: steps });
}

/** Every place where somebody reads of it. */
function told(history: History): { readonly [place: string]: string } {
  const { request, world, now, lines } = history;
  if (request === undefined) throw new Error('There is no request.');
  const card = cardOf(request);
  const why = explain(request, history.voice('ann-o'), factsOf(world), now);
  if (!('why' in why)) throw new Error('It asks for more.');
  const entries = lines.map((line) => {
    const parsed = parseLine(line);
    if ('problem' in parsed) throw new Error(`A line cannot be read: ${parsed.problem}.`);
    return parsed.entry;
  });
  const [first] = entries;
  return {
    'the card on GitHub': cardOnGitHub(card, noLogins),
    'the card on Slack': linesOf(
      cardOnSlack(card, { mentions: new Map(), to: destination('slack-channel:access') }).blocks,
    ),
    'the mail': JSON.stringify(whatIsAsked(card)),
    'the notice on GitHub': noticeOnGitHub(request, 'over', { logins: noLogins, admins: [] }) ?? '',
    'the notice on Slack': linesOf(
      noticeOnSlack(request, 'over', { mentions: new Map(), admins: [], now })?.blocks ?? [],
    ),
    '/why': whyLines(why.why)
      .map(({ text }) => text)
      .join('\n'),
    'the ledger': first ? entries.map((entry) => sentence(entry, subjectOf(first))).join('\n') : '',
  };
}

describe('the code of a flow that', () => {
  it('stands for a step does so as itself', () => {
    const places = told(
      answering('on_request', { answer: 'approve', steps: ['training'], reason: 'Trained in May.' }).asks(
        'ann-o',
      ),
    );
    expect(places).toMatchObject({
      'the card on GitHub': expect.stringContaining(
        '- ✅ **training**: met by the flow’s code, saying “Trained in May.”',
      ),
      'the card on Slack': expect.stringContaining(
        '✅ *training*: met by the flow’s code, saying “Trained in May.”',
      ),
      'the mail': expect.stringContaining('training: met by the flow’s code'),
      '/why': expect.stringContaining('training is met by the flow’s code, saying “Trained in May”.'),
      'the ledger': expect.stringContaining('the flow’s code approved'),
    });
    expect(JSON.stringify(places)).not.toMatch(/rule|on_request/i);
  });

  it('denies does so as itself', () => {
    const places = told(answering('on_request', { answer: 'deny', reason: 'Not trained.' }).asks('ann-o'));
    expect(places).toMatchObject({
      'the card on GitHub': expect.stringMatching(/The flow’s code denied it .*, saying “Not trained\.”/),
      'the card on Slack': expect.stringMatching(/The flow’s code denied it .*, saying “Not trained\.”/),
      'the mail': expect.stringMatching(/The flow’s code denied it .*, saying “Not trained\.”/),
      'the notice on GitHub': expect.stringContaining('The flow’s code denied it'),
      'the notice on Slack': expect.stringContaining('The flow’s code denied it'),
      'the ledger': expect.stringContaining('the flow’s code denied'),
    });
    expect(JSON.stringify(places)).not.toMatch(/rule|on_request/i);
  });

  it('denies more time does so as itself', () => {
    const history = answering('on_approve', { answer: 'go-on' }).asks('ann-o');
    history.says('bob-l', 'approve').says('dora-k', 'approve');
    history.when({ type: 'note-escalated', verified: 'read-back' }).says('ann-o', 'extend');
    history.where({ code: { on_approve: { answer: 'deny', reason: 'Enough.' } } }).says('bob-l', 'approve');
    const { request, now } = history;
    if (request === undefined) throw new Error('There is no request.');
    expect(told(history)).toMatchObject({
      'the card on GitHub': expect.stringContaining('The flow’s code denied more time'),
      'the ledger': expect.stringContaining('the flow’s code denied more time with'),
    });
    const people = { logins: noLogins, admins: [], mentions: new Map(), now };
    const said = 'The flow’s code denied more time for prod, saying “Enough.”';
    expect(noticeOnGitHub(request, 'extension-over-1', people)).toContain(said);
    expect(linesOf(noticeOnSlack(request, 'extension-over-1', people)?.blocks ?? [])).toContain(said);
  });

  it('says who is asked is named where people are', () => {
    const history = answering('after_request', { answer: 'go-on' }, { answers: ['approval'] }).asks('ann-o');
    expect(told(history)).toMatchObject({
      'the card on GitHub': expect.stringContaining('**Who decides**, as the flow’s code said\n- ⏳'),
      'the card on Slack': expect.stringContaining('*Who decides*, as the flow’s code said'),
      '/why': expect.stringMatching(/^The flow’s code said who is asked\.\ntraining waits/),
    });
    expect(told(history.says('dora-k', 'approve').says('bob-l', 'approve'))).toMatchObject({
      'the card on GitHub': expect.stringContaining('**Who decided**, as the flow’s code said\n- ✅'),
    });
  });
});
