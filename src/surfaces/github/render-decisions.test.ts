import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { aRequest, aRequestIn, followedBy, someone, type Told } from '../../../test/builders/request.ts';
import { cardOf } from '../../domain/card.ts';
import { hours, minutes } from '../../domain/duration.ts';
import type { Judgement, NewEntry } from '../../domain/entries.ts';
import { plus } from '../../domain/names.ts';
import { escapeSaying } from './escape.ts';
import { noLogins } from './mention.ts';
import { renderCard } from './render-card.ts';
import { renderNotice } from './render-notice.ts';
import { renderWhy } from './render-why.ts';

const rules = { system: 'rules' } as const;
const hostile = '</details> @everyone | `x` \n\n### <!-- hm';

function card({ request }: Told): string {
  return renderCard(cardOf(request), noLogins);
}

function applied(data: Extract<NewEntry, { type: 'rule-applied' }>['data']): NewEntry {
  return { type: 'rule-applied', by: rules, data };
}

function extending(told = aRequestIn('active')): Told {
  const { stepsInForce } = told.request;
  return followedBy(told, [
    {
      type: 'extension-asked',
      by: someone('ann', 'more'),
      data: { total: hours(1), message: 'It takes longer.', steps: stepsInForce },
    },
  ]);
}

describe('the card', () => {
  it('says which rule stands for a step, and with what reason', () => {
    const effect = {
      rule: 'on-call',
      effect: 'approve',
      steps: ['data-owner'],
      because: 'On call.',
    } as const;
    expect(card(followedBy(aRequest(), [applied(effect)]))).toContain(
      '- ✅ **data-owner**: met by the rule **on-call**, saying “On call.”',
    );
  });

  it('says loudly that an admin stood in', () => {
    const override: NewEntry = {
      type: 'overridden',
      by: someone('max', 'o1'),
      data: { eligible: ['data-owner'], reason: 'They sleep.' },
    };
    expect(card(followedBy(aRequest(), [override]))).toMatch(
      /⚠️ max \*\*stood in as admin\*\* on .*, saying “They sleep\.”/,
    );
  });

  it('says what a rule that cannot be judged holds back, and who may help', () => {
    const held = followedBy(aRequest(), [
      applied({ rule: 'freeze', effect: 'hold', because: 'GitHub does not answer.' }),
    ]);
    expect(card(held)).toContain('while the rule freeze cannot be judged: GitHub does not answer.');
  });

  it('says that a rule denied, and why', () => {
    const denied: NewEntry = { type: 'denied', by: rules, data: { rule: 'freeze', message: 'Audit.' } };
    expect(card(followedBy(aRequest(), [denied]))).toMatch(
      /The rule freeze denied it on .*, saying “Audit\.”/,
    );
  });

  it('shows what is granted after somebody shortened it', () => {
    const given: NewEntry = {
      type: 'approval-given',
      by: someone('bob', 'a1'),
      data: { eligible: ['other'], duration: minutes(10) },
    };
    const shown = card(followedBy(aRequest(), [given]));
    expect(shown).toContain('Production for 10m');
    expect(shown).toContain('as bob shortened it');
    expect(shown).not.toContain('Production for 30m');
  });

  it('asks for a decision on more time beside the access that there is', () => {
    const shown = card(extending());
    expect(shown).toContain('**Who decides on 1h in all**\n- ⏳ **data-owner**: waiting for 1 approval');
    expect(shown).toContain('changes nothing until then');
  });

  it('keeps its shape whatever a rule says', () => {
    const judged: Judgement = {
      at: aRequest().request.requestedAt,
      rules: [
        { name: 'r', if: `x == '${hostile}'`, approve: ['data-owner'], result: 'holds', because: hostile },
      ],
      facts: {},
    };
    const told = followedBy(aRequest({ form: { message: hostile } }), [
      applied({ rule: 'r', effect: 'approve', steps: ['data-owner'], because: hostile }),
    ]);
    const body = renderCard(cardOf({ ...told.request, judged }), noLogins);
    const html = micromark(body, {
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
      allowDangerousHtml: true,
    });
    expect(html.match(/<\/details>/g)).toHaveLength(1);
    expect(html.match(/<h3>/g)).toHaveLength(1);
    expect(body).not.toMatch(/@everyone/);
  });
});

describe('a notice of more time', () => {
  const people = { logins: noLogins, admins: [] };

  it('asks those who decide, once', () => {
    expect(renderNotice(extending().request, 'extension-1', people)).toContain(
      '@acme/data **ann asks for more time: Production, 1h in all**, saying “It takes longer.”',
    );
  });

  it('tells whoever asked what became of it', () => {
    const asked = extending();
    const by = { system: 'reconciler' } as const;
    const expiresAt = plus(asked.request.requestedAt, hours(1));
    const given = followedBy(asked, [
      { type: 'extended', by, data: { duration: hours(1), expiresAt, endBy: expiresAt } },
    ]);
    expect(renderNotice(given.request, 'extension-over-1', people)).toContain(
      '@ann **You have more time: Production**, until **20 Nov 2026, 13:00 UTC**.',
    );
    const denied = followedBy(asked, [
      { type: 'extension-denied', by: someone('bob', 'd1'), data: { message: 'Enough.' } },
    ]);
    expect(renderNotice(denied.request, 'extension-over-1', people)).toContain(
      '@ann bob denied more time for Production, saying “Enough.”',
    );
  });

  it('says nothing of what is decided already', () => {
    expect(renderNotice(aRequestIn('active').request, 'extension-1', people)).toBeUndefined();
  });
});

describe('/why', () => {
  it('is a list, with what stands behind each line below it', () => {
    const why = renderWhy({
      ruleApprovals: [],
      holds: [],
      steps: [],
      you: { refusal: { code: 'self-approval' } },
    });
    expect(why).toBe(
      '- ▫️ If you said `/approve` now: This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, say `/cancel`.',
    );
  });
});

it('shows what can be said as code, and nothing else', () => {
  expect(escapeSaying('Say /approve as admin REASON, or *not* /path.')).toBe(
    'Say `/approve as admin REASON`, or \\*not\\* /path.',
  );
});
