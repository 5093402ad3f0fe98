import { describe, expect, test } from 'vitest';
import { aFlow, aTarget } from '../../test/builders/flow.ts';
import { History } from '../../test/builders/history.ts';
import { minutes } from './duration.ts';
import { outstanding, type Effect, type Marks } from './outstanding.ts';
import { statuses, type Status } from './request.ts';

const caughtUp: Marks = { committedSeq: 1000, shownSeq: 1000 };

function owed(history: History, marks: Marks = caughtUp): readonly Effect['type'][] {
  if (history.request === undefined) throw new Error('There is no request.');
  return outstanding(history.request, marks, history.now).map(({ type }) => type);
}

describe('access', () => {
  const table: { readonly [S in Status]: readonly Effect['type'][] } = {
    pending: [],
    approved: ['start-escalation'],
    escalating: ['escalate-access'],
    active: [],
    deescalating: ['deescalate-access'],
    ended: [],
    denied: [],
    cancelled: [],
    lapsed: [],
    failed: [],
  };
  for (const status of statuses)
    test(`owed when ${status}: ${table[status].join() || 'nothing'}`, () => {
      const access = owed(History.in(status)).filter(
        (type) => type.endsWith('access') || type === 'start-escalation',
      );
      expect(access).toEqual(table[status]);
    });

  test('is not granted before the ledger holds escalation-started', () => {
    const history = History.in('escalating');
    const phase = history.request?.phase;
    const started = phase?.status === 'escalating' ? phase.startedSeq : 0;
    expect(owed(history, { ...caughtUp, committedSeq: started - 1 })).not.toContain('escalate-access');
    expect(owed(history, { ...caughtUp, committedSeq: started })).toContain('escalate-access');
  });

  test('is not granted from start-by on', () => {
    expect(owed(History.in('escalating').wait(minutes(15)))).not.toContain('escalate-access');
  });

  test('is taken back whether the ledger can be written or not', () => {
    expect(owed(History.in('deescalating'), { ...caughtUp, committedSeq: 0 })).toContain('deescalate-access');
  });
});

describe('messages', () => {
  test('are not sent before the ledger holds what they say', () => {
    expect(owed(History.in('active'), { committedSeq: 3, shownSeq: 0, unproven: 4 })).toEqual([]);
    expect(owed(History.in('active'), { committedSeq: 9, shownSeq: 0 })).toEqual([
      'show-card',
      'send-notice',
    ]);
  });

  test('show the card again when there is something new on it', () => {
    expect(owed(History.in('pending'), { committedSeq: 1, shownSeq: 0 })).toEqual(['show-card']);
  });
});

describe('what is granted', () => {
  test('is what the card showed, whatever the flow says by then', () => {
    const history = History.in('pending', { flows: [withTarget('prod')] });
    const { form } = history.request ?? {};
    history.where({ flows: [withTarget('everything')] }).says('bob-l', 'approve');
    expect(history.request?.phase).toMatchObject({
      grant: { settings: form?.target?.settings, duration: form?.duration },
    });
    expect(form?.target?.settings).toEqual({ team_slug: 'prod' });
  });

  function withTarget(team_slug: string): ReturnType<typeof aFlow> {
    const { access } = aFlow();
    return aFlow({
      ...(access && { access: { ...access, targets: [aTarget('prod', { settings: { team_slug } })] } }),
    });
  }
});
