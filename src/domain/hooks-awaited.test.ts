import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { aDesk, History } from '../../test/builders/history.ts';
import { factsOf, type World } from '../../test/builders/facts.ts';
import { nextDeadline } from './deadlines.ts';
import { decide } from './decide.ts';
import { hours, minutes } from './duration.ts';
import type { Answers, Question } from './facts.ts';
import type { Flow } from './flow.ts';
import type { CodeOffer, HookAnswer, HookName } from './hooks.ts';
import { destination, plus } from './names.ts';
import { outstanding, type Effect } from './outstanding.ts';
import { isSettled, type Request } from './request.ts';
import { toldToDecide } from './routes.ts';

const escalated = { type: 'note-escalated', verified: 'read-back' } as const;
const gone = { type: 'note-deescalated', verified: 'read-back', holds: 'none', neededBy: [] } as const;

function code(...hooks: readonly HookName[]): CodeOffer {
  return { file: 'flows/production.ts', hooks, hosts: [], vars: {} };
}

function given(
  hooks: readonly HookName[],
  { flow, ...world }: Partial<World> & { readonly flow?: Partial<Flow> } = {},
): History {
  return new History({ flows: [aFlow({ ...flow, code: code(...hooks) })], ...world });
}

function requestOf({ request }: History): Request {
  if (request === undefined) throw new Error('Nobody asked.');
  return request;
}

function owed(history: History): readonly Effect[] {
  const request = requestOf(history);
  return outstanding(request, { committedSeq: request.seq, shownSeq: request.visibleSeq }, history.now);
}

const hooksOwed = (history: History) =>
  owed(history).flatMap((effect) => (effect.type === 'run-hook' ? [effect.owed.hook] : []));
const typesOwed = (history: History) => owed(history).map(({ type }) => type);
const eventOf = (history: History, hook: HookName) =>
  owed(history).flatMap((effect) =>
    effect.type === 'run-hook' && effect.owed.hook === hook ? [effect.event] : [],
  )[0];

/** The code answers the hook that is owed. */
function answers(history: History, hook: HookName, came: Answers['hook']): History {
  const found = requestOf(history).code?.owed.find((each) => each.hook === hook);
  if (found === undefined) throw new Error(`${hook} is not owed.`);
  return history.when({ type: 'note-hook', owed: found, came });
}

const goOn: HookAnswer = { answer: 'go-on' };
const lastOf = (history: History) => JSON.parse(history.lines.at(-1) ?? '');

describe('on_escalate', () => {
  const approved = (): History => given(['on_escalate']).asks('ann-o').says('bob-l', 'approve');

  it('is asked before access is given, and it is given once the code goes on', () => {
    const history = approved();
    expect(history.status).toBe('escalating');
    expect(typesOwed(history)).toContain('run-hook');
    expect(typesOwed(history)).not.toContain('escalate-access');
    expect(eventOf(history, 'on_escalate')).toMatchObject({ account: 'toy:ann', endsAt: expect.any(String) });
    answers(history, 'on_escalate', goOn);
    expect(typesOwed(history)).toContain('escalate-access');
  });

  it.each([
    ['ignores it', { answer: 'ignore', message: 'The vault is sealed.' }, 'The vault is sealed.'],
    ['denies it', { answer: 'deny', reason: 'Not today.' }, 'Not today.'],
    ['comes to no answer', { unknown: 'it threw' }, 'it threw'],
  ] as const)('that %s ends in a clear failure, once that nothing is there was verified', (_, came, why) => {
    const history = answers(approved(), 'on_escalate', came);
    expect(history.status).toBe('deescalating');
    expect(typesOwed(history)).toContain('deescalate-access');
    history.when(gone);
    expect(requestOf(history).phase).toMatchObject({
      status: 'failed',
      error: expect.stringContaining(why),
    });
    expect(isSettled(requestOf(history))).toBe(true);
  });

  it('that never answers is overtaken by the time within which it has to start', () => {
    const history = approved().wait(minutes(15)).when({ type: 'note-time' });
    expect(history.status).toBe('deescalating');
    expect(hooksOwed(history)).toEqual([]);
    expect(typesOwed(history)).toContain('deescalate-access');
  });

  it('that answers too late changes nothing', () => {
    const history = approved();
    const [found] = requestOf(history).code?.owed ?? [];
    if (found === undefined) throw new Error('No hook is owed.');
    history.says('ann-o', 'revoke').when({ type: 'note-hook', owed: found, came: goOn });
    expect(history.status).toBe('deescalating');
    expect(history.when(gone).status).toBe('ended');
  });

  it('does not wait for hooks that come after a step', () => {
    const history = given(['after_request', 'after_approve', 'on_escalate'])
      .asks('ann-o')
      .says('bob-l', 'approve');
    expect(hooksOwed(history)).toEqual(['on_escalate', 'after_request']);
  });
});

describe('the end of access', () => {
  const all = ['on_deescalate', 'after_deescalate', 'after_escalate', 'on_forward', 'on_lapse'] as const;

  it('waits for no code, at its deadline', () => {
    const history = given(all).asks('ann-o').says('bob-l', 'approve').when(escalated);
    history.wait(minutes(30)).when({ type: 'note-time' });
    expect(history.status).toBe('deescalating');
    expect(owed(history)).toContainEqual(expect.objectContaining({ type: 'deescalate-access' }));
    expect(history.when(gone).status).toBe('ended');
  });

  it('is told to code, with the account and why', () => {
    const history = given(['on_deescalate', 'after_deescalate']).asks('ann-o').says('bob-l', 'approve');
    history.when(escalated).says('ann-o', 'revoke');
    expect(eventOf(history, 'on_deescalate')).toMatchObject({ account: 'toy:ann', because: 'revoked' });
    answers(history, 'on_deescalate', { unknown: 'it threw' }).when(gone);
    expect(eventOf(history, 'after_deescalate')).toMatchObject({ account: 'toy:ann', because: 'revoked' });
    expect(history.status).toBe('ended');
  });

  it('asks no code of what it decides: the clock needs no answer', () => {
    const history = given(all).asks('ann-o').says('bob-l', 'approve').when(escalated).wait(minutes(30));
    const asked: Question[] = [];
    const get = (question: Question) => void asked.push(question);
    decide({ type: 'note-time' }, history.request, { get }, history.now);
    expect(asked).toEqual([]);
  });
});

describe('on_lapse', () => {
  const late = (
    world: Parameters<typeof given>[1] = {},
    hooks: readonly HookName[] = ['on_lapse'],
  ): History => given(hooks, world).asks('ann-o').wait(hours(24)).when({ type: 'note-time' });

  it('is asked once time has come, and it lapses once the code goes on', () => {
    const history = late();
    expect(history.status).toBe('pending');
    expect(hooksOwed(history)).toEqual(['on_lapse']);
    expect(history.when({ type: 'note-time' }).lines).toHaveLength(2);
    expect(answers(history, 'on_lapse', goOn).status).toBe('lapsed');
    expect(isSettled(requestOf(history))).toBe(true);
  });

  it('lets nobody decide meanwhile', () => {
    expect(late().wait(1).refusalOf('bob-l', 'approve')).toBe('too-late');
  });

  it('that never answers is waited for a minute, and not looked at before', () => {
    const history = late();
    expect(nextDeadline(requestOf(history))).toBe(plus(history.now, minutes(1)));
    history.wait(minutes(1)).when({ type: 'note-time' });
    expect(history.status).toBe('lapsed');
    expect(history.entryTypes.slice(-2)).toEqual(['hook-failed', 'lapsed']);
    expect(hooksOwed(history)).toEqual([]);
  });

  it('that fails lets it lapse', () => {
    expect(answers(late(), 'on_lapse', { unknown: 'it threw' }).status).toBe('lapsed');
  });

  it('denies, in its own words', () => {
    const history = answers(late(), 'on_lapse', { answer: 'deny', reason: 'Ask again.' });
    expect(requestOf(history).phase).toMatchObject({
      status: 'denied',
      denier: { rule: 'on_lapse' },
      message: 'Ask again.',
    });
    expect(lastOf(history).by).toEqual({ system: 'code' });
  });

  const twoSteps = anApproval({
    steps: [aStep('data', 'team:acme/data'), aStep('security', 'team:acme/security')],
  });
  const stands: HookAnswer = { answer: 'approve', steps: ['security'], reason: 'Nobody minded.' };

  it('stands for what is missing, and for nothing else', () => {
    const flow = { approval: twoSteps };
    expect(answers(late({ flow }), 'on_lapse', stands).status).toBe('lapsed');
    const half = given(['on_lapse'], { flow }).asks('ann-o').says('bob-l', 'approve');
    half.wait(hours(24)).when({ type: 'note-time' });
    expect(answers(half, 'on_lapse', stands).status).toBe('escalating');
  });

  it('stands for no step that only its own people meet', () => {
    const steps = [aStep('data', 'team:acme/data', { peopleOnly: true })];
    const history = late({ flow: { approval: anApproval({ steps }) } });
    expect(answers(history, 'on_lapse', { answer: 'approve', reason: 'yes' }).status).toBe('lapsed');
  });

  it('does not pass a rule that cannot be judged', () => {
    const doubtful = { source: 'x', judge: () => ({ unknown: 'It does not answer.' }) };
    const flow = { rules: [{ name: 'freeze', condition: doubtful, then: { deny: true } as const }] };
    expect(answers(late({ flow }), 'on_lapse', { answer: 'approve', reason: 'yes' }).status).toBe('lapsed');
  });
});

describe('on_forward', () => {
  const routes = [
    { to: [destination('slack-channel:data')] },
    { to: [destination('person:bob')], after: minutes(15) },
    { to: [destination('person:max')], after: minutes(30) },
  ];
  const flow = { approval: anApproval({ steps: [aStep('data', 'team:acme/data', { routes })] }) };
  const due = (...hooks: readonly HookName[]): History =>
    given(hooks, { flow }).asks('ann-o').wait(minutes(15)).when({ type: 'note-time' });

  it('is asked before others are told, with whom and for which step', () => {
    const history = due('on_forward');
    expect(toldToDecide(requestOf(history))).toEqual(['slack-channel:data']);
    expect(eventOf(history, 'on_forward')).toMatchObject({ step: 'data', to: ['person:bob'] });
    answers(history, 'on_forward', goOn);
    expect(toldToDecide(requestOf(history))).toEqual(['slack-channel:data', 'person:bob']);
  });

  it('holds it back with its words, and is asked again for whoever is next', () => {
    const history = answers(due('on_forward', 'after_forward'), 'on_forward', {
      answer: 'ignore',
      message: 'Bob sleeps.',
    });
    expect(lastOf(history)).toMatchObject({ type: 'forwarded', data: { route: 1, heldBack: 'Bob sleeps.' } });
    expect(hooksOwed(history)).toEqual([]);
    expect(history.when({ type: 'note-time' }).lines).toHaveLength(4);
    history.wait(minutes(15)).when({ type: 'note-time' });
    answers(history, 'on_forward', goOn);
    expect(toldToDecide(requestOf(history))).toEqual(['slack-channel:data', 'person:max']);
    expect(eventOf(history, 'after_forward')).toMatchObject({ step: 'data', to: ['person:max'] });
  });

  it.each(['comes to no answer', 'never answers'])('that %s keeps nobody from being told', (how) => {
    const history = due('on_forward');
    if (how === 'never answers') history.wait(minutes(1)).when({ type: 'note-time' });
    else answers(history, 'on_forward', { unknown: 'it threw' });
    expect(toldToDecide(requestOf(history))).toContain('person:bob');
    expect(hooksOwed(history)).toEqual([]);
  });

  it('is forgotten where the request is decided meanwhile', () => {
    const history = due('on_forward').says('bob-l', 'deny');
    expect(hooksOwed(history)).toEqual([]);
    expect(isSettled(requestOf(history))).toBe(true);
  });
});

describe('a decision of the code’s own', () => {
  const approve: HookAnswer = { answer: 'approve', reason: 'Trained.' };
  const hooks = ['on_request', 'on_approve', 'on_deny', 'after_approve', 'after_deny'] as const;

  /** What each hook was asked, while somebody asks for access. */
  function asked(history: History): readonly { readonly hook: string; readonly source?: string }[] {
    const seen: { readonly hook: string; readonly source?: string }[] = [];
    const facts = factsOf(history.world);
    decide(
      {
        type: 'request',
        desk: aDesk,
        flow: 'production',
        form: { fields: {} },
        voice: history.voice('ann-o'),
      },
      undefined,
      {
        get: (question) => {
          const any: Question = question;
          if (any.ask === 'hook')
            seen.push({ hook: any.hook, ...(any.event.decision && { source: any.event.decision.source }) });
          return facts.get(question);
        },
      },
      history.now,
    );
    return seen;
  }

  it('runs the hooks of an approval once, which see whose it is', () => {
    const history = given(hooks, { code: { on_request: approve } });
    expect(asked(history)).toEqual([{ hook: 'on_request' }, { hook: 'on_approve', source: 'code' }]);
    history.asks('ann-o');
    expect(history.status).toBe('escalating');
    expect(hooksOwed(history)).toEqual(['after_approve']);
    expect(eventOf(history, 'after_approve')?.decision).toMatchObject({
      source: 'code',
      message: 'Trained.',
    });
    expect(eventOf(history, 'after_approve')?.request.approvals).toMatchObject([{ source: 'code' }]);
    expect(hooksOwed(answers(history, 'after_approve', goOn))).toEqual([]);
  });

  it('runs the hooks of a denial once, and goes round in no circle', () => {
    const on_approve: HookAnswer = { answer: 'deny', reason: 'Frozen.' };
    const history = given(hooks, { code: { on_request: approve, on_approve } });
    expect(asked(history)).toEqual([
      { hook: 'on_request' },
      { hook: 'on_approve', source: 'code' },
      { hook: 'on_deny', source: 'code' },
    ]);
    history.asks('ann-o');
    expect(requestOf(history).phase).toMatchObject({ status: 'denied', message: 'Frozen.' });
    expect(eventOf(history, 'after_deny')?.decision).toMatchObject({ source: 'code', message: 'Frozen.' });
  });

  it.each([
    ['ignores it', { answer: 'ignore', message: 'Not by code.' }],
    ['comes to no answer', { unknown: 'it threw' }],
  ] as const)('does not count where its own on_approve %s: people are asked', (_, on_approve) => {
    const history = given(hooks, { code: { on_request: approve, on_approve } }).asks('ann-o');
    expect(history.status).toBe('pending');
  });

  it('that denies can be ignored by its own on_deny, and the request is open', () => {
    const world = {
      code: {
        on_request: { answer: 'deny', reason: 'No.' },
        on_deny: { answer: 'ignore', message: 'Let people say so.' },
      },
    } as const;
    const history = given(hooks, world).asks('ann-o');
    expect(history.status).toBe('pending');
    expect(history.where({ code: {} }).says('bob-l', 'approve').status).toBe('escalating');
  });

  it('is told apart from what people and rules decide', () => {
    const history = given(['after_approve', 'after_deny']).asks('ann-o').says('bob-l', 'approve');
    expect(eventOf(history, 'after_approve')?.decision).toMatchObject({ source: 'person', by: 'bob' });
    const denied = given(['after_deny']).asks('ann-o').says('bob-l', 'deny');
    expect(eventOf(denied, 'after_deny')?.decision).toMatchObject({ source: 'person', by: 'bob' });
    const rules = [
      { name: 'all', condition: { source: 'true', judge: () => true }, then: { deny: true } as const },
    ];
    const ruled = given(['after_deny'], { flow: { rules } }).asks('ann-o');
    expect(eventOf(ruled, 'after_deny')?.decision).toMatchObject({ source: 'rule' });
  });

  it('that was ignored leaves the request open, and no later step goes back', () => {
    const history = given(['on_deny'], {
      code: { on_deny: { answer: 'ignore', message: 'Ask Bob first.' } },
    });
    history.asks('ann-o');
    const entries = history.lines.length;
    expect(history.decide({ type: 'deny', voice: history.voice('bob-l') })).toEqual({
      refusal: { code: 'ignored-by-code', message: 'Ask Bob first.' },
    });
    expect(history.lines).toHaveLength(entries);
    expect(history.says('bob-l', 'approve').status).toBe('escalating');
  });
});
