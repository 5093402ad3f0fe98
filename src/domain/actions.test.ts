// What runs after an approval: planned when it is asked for, started one by one, and over when the approval is.
import { describe, expect, test } from 'vitest';
import { aField, anApprovalOnlyFlow } from '../../test/builders/flow.ts';
import { aRequest, approvalEntry, followedBy, noon, type Told } from '../../test/builders/request.ts';
import { cardOf } from './card.ts';
import type { Command } from './commands.ts';
import { decide } from './decide.ts';
import { minutes } from './duration.ts';
import type { NewEntry } from './entries.ts';
import type { Action } from './flow.ts';
import { nextSentences } from './next-sentences.ts';
import { personId, plus, requestId, type Instant } from './names.ts';
import { outstanding } from './outstanding.ts';
import { planActions } from './plan-actions.ts';

const by = { system: 'reconciler' } as const;
const actions: readonly Action[] = [
  { name: 'migrate', run: 'toy', with: { path: '/one' } },
  { name: 'announce', run: 'toy', with: { path: '/two' } },
];
const validUntil = plus(noon, minutes(60));

/** Approved, with the first of two started at entry 4. */
function approved(): Told {
  const asked = aRequest({ form: {}, policy: { actions } });
  const { strategy: _, ...policy } = asked.request.policy;
  const { target: _target, duration: _duration, ...form } = asked.request.form;
  const told = { ...asked, request: { ...asked.request, policy, form } };
  return followedBy(told, [approvalEntry('bob'), { type: 'approved', by, data: { validUntil } }, started(0)]);
}

function started(index: number): NewEntry {
  return { type: 'action-started', by, data: { index, name: actions[index]?.name ?? '' } };
}

function after(told: Told, command: Command, at: Instant = plus(noon, minutes(2))): Told {
  const decision = decide(command, told.request, { get: () => undefined }, at);
  if (!('entries' in decision)) throw new Error('It was not recorded.');
  return followedBy(told, decision.entries, at);
}

const finished = (index: number): Command => ({
  type: 'note-action-finished',
  index,
  recorded: { url: 'https://acme.test/1' },
});
const failed = (
  index: number,
  more: { readonly gaveUp?: boolean; readonly attempts?: number } = {},
): Command => ({
  type: 'note-action-failed',
  index,
  error: 'It said no.',
  gaveUp: true,
  attempts: 1,
  ...more,
});

const marks = { committedSeq: 99, shownSeq: 99 };
const owed = ({ request }: Told, at: Instant = plus(noon, minutes(2)), committedSeq = 99) =>
  outstanding(request, { ...marks, committedSeq }, at).filter(({ type }) => type === 'run-action');
const typesOf = ({ lines }: Told): readonly string[] => lines.map(({ entry }) => entry.type);
const said = ({ request }: Told): string =>
  nextSentences(request)
    .map((phrase) =>
      phrase.map((part) => (typeof part === 'string' ? part : 'time' in part ? 'THEN' : part.link)).join(''),
    )
    .join(' ');

describe('what is planned', () => {
  const flow = anApprovalOnlyFlow({
    fields: [
      aField('name'),
      aField('count', { type: 'int' }),
      aField('sure', { type: 'bool' }),
      aField('for', { type: 'duration' }),
      aField('note', { required: false }),
    ],
    actions: [
      {
        name: 'a',
        run: 'toy',
        encoded: ['path'],
        with: {
          path: '/x/${{ fields.name }}?by=${{ requester.id }}',
          body: {
            count: '${{ fields.count }}',
            sure: '${{ fields.sure }}',
            for: '${{fields.for}}',
            note: '${{ fields.note }}',
            text: 'For ${{ fields.name }}: ${{ fields.note }}.',
            who: '${{ requester.name }}',
            ids: ['${{ request.id }}', '${{ action.key }}'],
          },
        },
      },
    ],
  });
  const plan = (name: string) =>
    planActions(flow, {
      request: requestId('01R'),
      requester: { person: personId('ann'), name: 'Ann' },
      fields: { name, count: 3, sure: true, for: minutes(90) },
    });

  test('is filled in once, keeps its type, and leaves out what has no answer', () => {
    expect(plan('a/b ${{ request.id }}')).toEqual({
      actions: [
        {
          name: 'a',
          run: 'toy',
          with: {
            path: '/x/a%2Fb%20%24%7B%7B%20request.id%20%7D%7D?by=ann',
            body: {
              count: 3,
              sure: true,
              for: '90m',
              text: 'For a/b ${{ request.id }}: .',
              who: 'Ann',
              ids: ['01R', '01R-1'],
            },
          },
        },
      ],
    });
  });

  test('may not become too long', () => {
    expect(plan('x'.repeat(60_000))).toEqual({ tooLong: 'a' });
  });

  test('half a character breaks nothing', () => {
    expect(plan('\ud800')).toMatchObject({ actions: [{ with: { path: '/x/%EF%BF%BD?by=ann' } }] });
  });
});

describe('what is owed', () => {
  test('is owed only once the ledger holds that it was started', () => {
    expect(owed(approved(), plus(noon, minutes(2)), 3)).toEqual([]);
    expect(owed(approved())).toMatchObject([{ index: 0, action: actions[0], runBy: validUntil }]);
  });

  test('has the same key each time, and the next another', () => {
    const first = approved();
    const key = (told: Told): readonly unknown[] => owed(told).map((effect) => 'key' in effect && effect.key);
    const again = after(first, failed(0, { gaveUp: false, attempts: 4 }));
    expect(key(again)).toEqual(key(first));
    expect(key(first)).toEqual([`${first.request.id}-1`]);
    expect(key(after(first, finished(0)))).toEqual([`${first.request.id}-2`]);
  });

  test('not when the time of the approval is up, nor after somebody ended it', () => {
    expect(owed(approved(), validUntil)).toEqual([]);
    const revoked = followedBy(approved(), [{ type: 'revoke-asked', by: approvalEntry('bob').by, data: {} }]);
    expect(owed(revoked)).toEqual([]);
  });
});

describe('what comes of it', () => {
  test('one runs after the other, and the requester is told once all did', () => {
    const one = after(approved(), finished(0));
    expect(typesOf(one).slice(-2)).toEqual(['action-finished', 'action-started']);
    expect(one.request.notices.map(({ notice }) => notice)).not.toContain('actions-over');
    const both = after(one, finished(1));
    expect(typesOf(both).at(-1)).toBe('action-finished');
    expect(both.request.notices.map(({ notice }) => notice)).toContain('actions-over');
    expect(owed(both)).toEqual([]);
    expect(said(both)).toContain('migrate was run on THEN: https://acme.test/1');
  });

  test('one that failed for good stops those after it, and the card says so', () => {
    const told = after(approved(), failed(0));
    expect(owed(told)).toEqual([]);
    expect(told.request.phase.status).toBe('approved');
    expect(told.request.notices.map(({ notice }) => notice)).toContain('actions-over');
    expect(said(told)).toContain(
      'migrate could not be run: It said no. So announce, which comes after it, does not run.',
    );
    expect(cardOf(told.request).runs.map(({ state }) => state)).toEqual(['failed', 'skipped']);
  });

  test('a hiccup is not told; what fails again and again is, and is still owed', () => {
    const decided = decide(
      failed(0, { gaveUp: false, attempts: 3 }),
      approved().request,
      { get: () => undefined },
      noon,
    );
    expect(decided).toEqual({ entries: [] });
    const told = after(approved(), failed(0, { gaveUp: false, attempts: 4 }));
    expect(owed(told)).toHaveLength(1);
    expect(said(told)).toContain('What went wrong the last time: It said no. It is tried again.');
  });

  test('what is under way when the time is up is given up, and told where its answer still comes', () => {
    const over = after(approved(), { type: 'note-time' }, validUntil);
    expect(typesOf(over).slice(-2)).toEqual(['action-failed', 'expired']);
    expect(over.request.phase.status).toBe('ended');
    const late = after(over, finished(0), plus(validUntil, 5000));
    expect(typesOf(late).slice(-1)).toEqual(['action-finished']);
    expect(late.request.actionRuns).toMatchObject([{ state: 'finished' }]);
    expect(said(late)).toContain('The approval ended before, so that announce does not run.');
  });

  test('nothing is told twice', () => {
    const done = after(approved(), finished(0));
    expect(decide(finished(0), done.request, { get: () => undefined }, noon)).toEqual({ entries: [] });
    expect(decide(failed(0), done.request, { get: () => undefined }, noon)).toEqual({ entries: [] });
  });
});

test.each([
  ['the second before the first is done', [started(1)]],
  ['one that is not planned', [{ type: 'action-started', by, data: { index: 2, name: 'x' } }]],
  [
    'one by another name',
    [
      { type: 'action-finished', by, data: { index: 0, name: 'migrate' } },
      { type: 'action-started', by, data: { index: 1, name: 'migrate' } },
    ],
  ],
  [
    'an end of what was never started',
    [{ type: 'action-finished', by, data: { index: 1, name: 'announce' } }],
  ],
] satisfies readonly (readonly [string, readonly NewEntry[]])[])('a ledger cannot say %s', (_, entries) => {
  expect(() => followedBy(approved(), entries)).toThrow(/cannot follow/);
});

test('before it is approved, the card shows what will run, and with what', () => {
  const { request } = aRequest({ policy: { actions } });
  expect(cardOf(request).runs[0]).toEqual({
    name: 'migrate',
    run: 'toy',
    settings: [{ name: 'path', text: '/one' }],
    state: 'planned',
    recorded: [],
  });
});
