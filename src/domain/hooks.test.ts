import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { aDesk, History } from '../../test/builders/history.ts';
import type { Answers } from './facts.ts';
import type { CodeOffer, HookName } from './hooks.ts';
import { outstanding } from './outstanding.ts';

const escalated = { type: 'note-escalated', verified: 'read-back' } as const;

function code(...hooks: readonly HookName[]): CodeOffer {
  return { file: 'flows/production.ts', hooks, hosts: [], vars: {} };
}

/** A flow with these hooks, whose code answers so. */
function given(hooks: readonly HookName[], answers: { readonly [hook: string]: Answers['hook'] }): History {
  return new History({ flows: [aFlow({ code: code(...hooks) })], code: answers });
}

const refusedBy = (history: History, name: string, type: 'approve' | 'deny') => {
  const decision = history.decide({ type, voice: history.voice(name) });
  return 'refusal' in decision ? decision.refusal : decision;
};

describe('on_request', () => {
  it('stands for steps, and says why', () => {
    const history = given(['on_request'], {
      on_request: { answer: 'approve', reason: 'Trained last week.' },
    }).asks('ann-o');
    expect(history.status).toBe('escalating');
    expect(JSON.parse(history.lines[1] ?? '')).toMatchObject({
      type: 'rule-applied',
      by: { system: 'code' },
      data: { rule: 'on_request', effect: 'approve', steps: ['data-owner'], because: 'Trained last week.' },
    });
  });

  it('that names a step which there is not stands for none, and says so', () => {
    const history = given(['on_request'], {
      on_request: { answer: 'approve', reason: 'Trained.', steps: ['data-owner', 'trainde'] },
    }).asks('ann-o');
    expect(history.status).toBe('pending');
    expect(history.entryTypes).toEqual(['requested', 'hook-failed']);
    expect(history.lines[1]).toContain('It stands for “trainde”, which is no step of the flow.');
  });

  describe('that stands for one of two steps', () => {
    const steps = [aStep('data-owner', 'team:acme/data'), aStep('trained', 'team:acme/trainers')];
    const flow = aFlow({ code: code('on_request'), approval: anApproval({ steps }) });
    const asked = (): History =>
      new History({
        flows: [flow],
        code: { on_request: { answer: 'approve', reason: 'Trained.', steps: ['trained'] } },
      }).asks('ann-o');

    it('leaves the other to people, and that is enough', () => {
      expect(asked().says('bob-l', 'approve').status).toBe('escalating');
    });

    it.each([
      ['the flow does not ask it any more', { ...flow, code: code('on_approve') }],
      [
        'the step is left to people by now',
        {
          ...flow,
          approval: anApproval({
            steps: [
              aStep('data-owner', 'team:acme/data'),
              aStep('trained', 'team:acme/trainers', { peopleOnly: true }),
            ],
          }),
        },
      ],
    ])('does not where %s', (_, now) => {
      expect(
        asked()
          .where({ flows: [now] })
          .says('bob-l', 'approve').status,
      ).toBe('pending');
    });
  });

  it('stands for no step that is met by its own people only', () => {
    const steps = [aStep('data-owner', 'team:acme/data', { peopleOnly: true })];
    const history = new History({
      flows: [aFlow({ code: code('on_request'), approval: anApproval({ steps }) })],
      code: { on_request: { answer: 'approve', reason: 'yes', steps: ['data-owner'] } },
    }).asks('ann-o');
    expect(history.status).toBe('pending');
  });

  it('still stands for its step once people have met another, unless code has no say any more', () => {
    const steps = [aStep('training', 'team:acme/security'), aStep('data-owner', 'team:acme/data')];
    const flow = aFlow({ code: code('on_request'), approval: anApproval({ steps }) });
    const answers = { on_request: { answer: 'approve', reason: 'Trained.', steps: ['training'] } } as const;
    const history = new History({ flows: [flow], code: answers }).asks('ann-o');
    expect(history.status).toBe('pending');
    expect(history.says('bob-l', 'approve').status).toBe('escalating');

    const { code: _, ...without } = flow;
    const later = new History({ flows: [flow], code: answers }).asks('ann-o').where({ flows: [without] });
    expect(later.says('bob-l', 'approve').status).toBe('pending');
  });

  it('denies, whatever approves', () => {
    const history = given(['on_request'], { on_request: { answer: 'deny', reason: 'No training.' } });
    expect(history.asks('ann-o').status).toBe('denied');
  });

  it('ignores with a message, and nothing is recorded', () => {
    const history = given(['on_request'], { on_request: { answer: 'ignore', message: 'Train first.' } });
    const decision = history.decide({
      type: 'request',
      desk: aDesk,
      flow: 'production',
      form: { fields: {} },
      voice: history.voice('ann-o'),
    });
    expect(decision).toEqual({ refusal: { code: 'ignored-by-code', message: 'Train first.' } });
  });

  it('decides nothing where it comes to no answer: people are asked, and it is recorded', () => {
    const history = given(['on_request'], { on_request: { unknown: 'it threw' } }).asks('ann-o');
    expect(history.status).toBe('pending');
    expect(history.entryTypes).toEqual(['requested', 'hook-failed']);
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });

  it('is not asked where the flow does not name it', () => {
    const history = given(['after_request'], { on_request: { answer: 'deny', reason: 'No.' } });
    expect(history.asks('ann-o').status).toBe('pending');
  });
});

describe('on_approve', () => {
  it('lets an approval not count, with a message', () => {
    const history = given(['on_approve'], { on_approve: { answer: 'ignore', message: 'Not on Fridays.' } });
    expect(refusedBy(history.asks('ann-o'), 'bob-l', 'approve')).toEqual({
      code: 'ignored-by-code',
      message: 'Not on Fridays.',
    });
  });

  it('denies the request', () => {
    const history = given(['on_approve'], { on_approve: { answer: 'deny', reason: 'Frozen.' } });
    expect(history.asks('ann-o').says('bob-l', 'approve').status).toBe('denied');
  });

  it('lets no approval count while it comes to no answer, but that of an admin who stands in', () => {
    const history = given(['on_approve'], { on_approve: { unknown: 'it took too long' } }).asks('ann-o');
    expect(refusedBy(history, 'bob-l', 'approve')).toMatchObject({ code: 'code-unavailable' });
    history.when({ type: 'approve', as: 'admin', message: 'It is urgent.', voice: history.voice('max-p') });
    expect(history.status).toBe('escalating');
    expect(history.entryTypes).toContain('hook-failed');
  });

  it('never keeps anybody from denying', () => {
    const history = given(['on_deny'], { on_deny: { unknown: 'it threw' } }).asks('ann-o');
    expect(history.says('bob-l', 'deny').status).toBe('denied');
  });
});

describe('after a step', () => {
  const all = ['after_request', 'after_approve', 'after_escalate', 'after_deescalate'] as const;
  const owed = (history: History, committedSeq?: number) => {
    const { request, now } = history;
    if (request === undefined) throw new Error('Nobody asked.');
    const marks = { committedSeq: committedSeq ?? request.seq, shownSeq: request.visibleSeq };
    return outstanding(request, marks, now).flatMap((effect) =>
      effect.type === 'run-hook' ? [effect.owed.hook] : [],
    );
  };
  const ran = (history: History, values?: { readonly [key: string]: string }) => {
    const [next] = history.request?.code?.owed ?? [];
    if (next === undefined) throw new Error('No hook is owed.');
    return history.when({
      type: 'note-hook',
      owed: next,
      came: { answer: 'go-on', ...(values && { values }) },
    });
  };

  it('is owed once the ledger holds the step, one after the other, and no more once it ran', () => {
    const history = given(all, {}).asks('ann-o');
    expect(owed(history, 0)).toEqual([]);
    expect(owed(history)).toEqual(['after_request']);
    history.says('bob-l', 'approve');
    expect(owed(history)).toEqual(['after_request']);
    expect(owed(ran(history))).toEqual(['after_approve']);
    expect(owed(ran(history))).toEqual([]);
    expect(owed(history.when(escalated))).toEqual(['after_escalate']);
  });

  it('outlives the end of the request', () => {
    const history = given(['after_deny'], {}).asks('ann-o').says('bob-l', 'deny');
    expect(history.status).toBe('denied');
    expect(owed(history)).toEqual(['after_deny']);
    expect(owed(ran(history))).toEqual([]);
  });

  it('keeps what it returned for those that come later', () => {
    const history = given(all, {}).asks('ann-o');
    ran(history, { ticket: 'OPS-1' }).says('bob-l', 'approve');
    const { request, now } = history;
    const marks = { committedSeq: request?.seq ?? 0, shownSeq: 0 };
    const [effect] = request
      ? outstanding(request, marks, now).filter(({ type }) => type === 'run-hook')
      : [];
    expect(effect).toMatchObject({ event: { outputs: { after_request: { ticket: 'OPS-1' } } } });
  });

  it('that comes to no answer takes nothing back', () => {
    const history = given(['after_escalate'], {}).asks('ann-o').says('bob-l', 'approve').when(escalated);
    const [next] = history.request?.code?.owed ?? [];
    if (next) history.when({ type: 'note-hook', owed: next, came: { unknown: 'it threw' } });
    expect(history.status).toBe('active');
    expect(owed(history)).toEqual([]);
  });
});
