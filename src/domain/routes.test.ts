import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { aDesk, aThread, History, start } from '../../test/builders/history.ts';
import { accountOf } from '../../test/builders/facts.ts';
import { nextDeadline } from './deadlines.ts';
import { hours, minutes } from './duration.ts';
import type { Route } from './flow.ts';
import { destination, plus, type Destination } from './names.ts';
import { outstanding } from './outstanding.ts';
import { cardPlaces, doorOf, onIssue, toldToDecide } from './routes.ts';

const access = destination('slack-channel:access');
const bob = destination('person:bob');
const mail = destination('email:security@acme.com');

const route = (to: Destination, after?: number): Route => ({
  to: [to],
  ...(after !== undefined && { after: minutes(after) }),
});

function asked(...routes: readonly Route[]): History {
  return new History({ flows: [flowWith(aStep('data-owner', 'team:acme/data', { routes }))] }).asks('ann-o');
}

function flowWith(...steps: readonly ReturnType<typeof aStep>[]): ReturnType<typeof aFlow> {
  return aFlow({ approval: anApproval({ steps }) });
}

const told = (history: History): readonly Destination[] =>
  history.request === undefined ? [] : toldToDecide(history.request);

function shown(history: History, to: Destination, ref = '1.1'): History {
  const thread = { surface: 'slack', workspace: 'T07ACME00', channel: to, message: ref } as const;
  return history.when({ type: 'note-notified', notice: 'card', to, thread, ref });
}

const undelivered = (history: History, to: Destination, retried?: true): History =>
  history.when({
    type: 'note-undelivered',
    notice: 'card',
    to,
    error: 'The app is not in the channel.',
    ...(retried && { retried }),
  });

describe('who is told that a step is asked', () => {
  it('is the first route, at once, and the request’s own issue', () => {
    const history = asked(route(access), route(bob, 15));
    expect(told(history)).toEqual([access]);
    expect(history.request && cardPlaces(history.request)).toEqual([onIssue, access]);
  });

  it('is the next once its time has come, with those before it', () => {
    const history = asked(route(access), route(bob, 15));
    expect(history.request && nextDeadline(history.request)).toBe(plus(start, minutes(15)));
    history.wait(minutes(14)).when({ type: 'note-time' });
    expect(told(history)).toEqual([access]);
    history.wait(minutes(1)).when({ type: 'note-time' });
    expect(told(history)).toEqual([access, bob]);
    expect(history.request && nextDeadline(history.request)).toBe(plus(start, hours(24)));
  });

  it('is not the first before its own time', () => {
    const history = asked(route(access, 5));
    expect(told(history)).toEqual([]);
    history.wait(minutes(5)).when({ type: 'note-time' });
    expect(told(history)).toEqual([access]);
  });

  it('is the next at once where nobody before it could be told', () => {
    const history = asked(route(access), route(bob), route(mail, 60));
    undelivered(history, access).when({ type: 'note-time' });
    expect(told(history)).toEqual([access, bob]);
    undelivered(history, bob).when({ type: 'note-time' });
    expect(told(history)).toEqual([access, bob, mail]);
  });

  it('is a fallback only then', () => {
    const history = shown(asked(route(access), route(bob), route(mail, 60)), access);
    history.wait(minutes(59)).when({ type: 'note-time' });
    expect(told(history)).toEqual([access]);
    history.wait(minutes(1)).when({ type: 'note-time' });
    expect(told(history)).toEqual([access, mail]);
  });

  it('is also the next while the first is still tried, which is owed all the same', () => {
    const history = undelivered(asked(route(access), route(bob)), access, true).when({ type: 'note-time' });
    expect(told(history)).toEqual([access, bob]);
    expect(owedCards(history)).toEqual([onIssue, access, bob]);
    shown(history, access);
    expect(history.request?.undelivered).toEqual([]);
    expect(owedCards(history)).toEqual([onIssue, bob]);
  });

  it('is nobody of a step that waits for another, and then counts from its own turn', () => {
    const history = new History({
      flows: [
        flowWith(
          aStep('first', 'team:acme/data'),
          aStep('then', 'team:acme/security', { needs: ['first'], routes: [route(access), route(mail, 15)] }),
        ),
      ],
    }).asks('ann-o');
    expect(told(history)).toEqual([]);
    history.wait(hours(1)).says('bob-l', 'approve');
    expect(told(history)).toEqual([access]);
    expect(history.request && nextDeadline(history.request)).toBe(plus(start, minutes(75)));
  });

  it('is nobody any more once it is decided; the cards that are there follow', () => {
    const history = shown(asked(route(access), route(bob, 15)), access).says('bob-l', 'deny');
    expect(told(history)).toEqual([]);
    expect(history.request && cardPlaces(history.request)).toEqual([onIssue, access]);
    expect(history.request && nextDeadline(history.request)).toBeUndefined();
  });
});

function owedCards({ request }: History): readonly Destination[] {
  if (request === undefined) return [];
  const effects = outstanding(request, { committedSeq: 99, shownSeq: 0 }, start);
  return effects.flatMap((effect) =>
    effect.type === 'show-card' && effect.card === undefined ? [effect.to] : [],
  );
}

describe('a card that cannot be shown', () => {
  it('is not owed any more, and said so once', () => {
    const history = undelivered(asked(route(access)), access);
    expect(owedCards(history)).toEqual([onIssue]);
    expect(history.decide({ type: 'note-undelivered', notice: 'card', to: access, error: 'Again.' })).toEqual(
      {
        entries: [],
      },
    );
  });

  it('is forgotten where it was there before', () => {
    const history = undelivered(shown(asked(route(access)), access), access);
    expect(history.request?.messages.filter(({ to }) => to === access)).toEqual([]);
    expect(owedCards(history)).toEqual([onIssue]);
  });
});

describe('a request from Slack', () => {
  const fromSlack = (
    flow = flowWith(aStep('data-owner', 'team:acme/data', { routes: [route(access)] })),
  ): History => {
    const history = new History({ flows: [flow] });
    const voice = { ...history.voice('ann-o'), surface: 'slack' as const, account: accountOf('ann-o') };
    return history.when({ type: 'request', desk: aDesk, flow: flow.ref.name, form: { fields: {} }, voice });
  };

  it('has a card for whoever asked, beside its issue', () => {
    const { request } = fromSlack();
    expect(request && cardPlaces(request)).toEqual([onIssue, 'requester', access]);
  });

  it('has no issue where the flow is asked for elsewhere than on GitHub', () => {
    const { request } = fromSlack({
      ...flowWith(aStep('data-owner', 'team:acme/data', { routes: [route(access)] })),
      sources: ['slack'],
    });
    expect(request && cardPlaces(request)).toEqual(['requester', access]);
    const owed = request && outstanding(request, { committedSeq: 99, shownSeq: 0 }, start);
    expect(owed?.map(({ type }) => type)).not.toContain('open-thread');
  });

  it('tells whoever asked by themselves, and nobody on the issue', () => {
    const history = fromSlack().says('bob-l', 'deny');
    expect(history.request?.notices).toEqual([{ notice: 'over', to: 'requester' }]);
  });

  it('is owed on Slack before its issue is there', () => {
    const history = fromSlack();
    const owed = history.request && outstanding(history.request, { committedSeq: 99, shownSeq: 0 }, start);
    expect(owed?.map((effect) => ('to' in effect ? effect.to : effect.type))).toEqual([
      'open-thread',
      'requester',
      access,
    ]);
    expect(aThread.surface).toBe('github');
  });
});

it('goes by a door of its own', () => {
  expect([onIssue, access, bob, mail].map(doorOf)).toEqual(['github', 'slack', 'slack', 'email']);
});
