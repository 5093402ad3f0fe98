// What operators hear of a review that nobody gives.
import { expect, test } from 'vitest';
import {
  aBrokenGlassIn,
  aDesk,
  aRequestIn,
  followedBy,
  noon,
  reviewedEntry,
} from '../../test/builders/request.ts';
import type { NewEntry } from '../domain/entries.ts';
import type { Problem } from './problems.ts';
import { watchRequests } from './watch-requests.ts';

const ended = aBrokenGlassIn('ended');
const raised = (times: number): NewEntry => ({
  type: 'review-reminded',
  by: { system: 'sweep' },
  data: { times },
});

function watched(isNew = false) {
  const said: unknown[] = [];
  const overdue = followedBy(ended, [raised(2)]).request;
  const watch = watchRequests({
    store: {
      due: async () => [],
      uncommitted: async () => [],
      reviews: async () => [
        {
          request: overdue.id,
          flow: 'aws-power-user',
          person: overdue.requester.person,
          account: overdue.requester.via.account,
          deadline: overdue.review?.deadline ?? noon,
        },
      ],
      load: async () => ({ request: overdue, lines: [], committedSeq: 0, shownSeq: 0 }),
    },
    clock: { now: () => noon },
    desks: [aDesk],
    errors: {
      raise: (_, { kind, what, times }: Problem) => void said.push([kind, what, times]),
      clear: (_, key) => void said.push(`clear ${key}`),
      isNew: () => isNew,
      noteLooked: () => undefined,
    },
  });
  return { watch, said };
}

const what =
  'Production for ann, which nobody approved: ann cannot break the glass again until it is reviewed';

test('they hear of it once it is overdue, how often it was raised, and no more once it is given', () => {
  const { watch, said } = watched();
  const half = followedBy(ended, [raised(1)]);
  watch.recorded(half.request, [raised(1)]);
  expect(said).toEqual([]);
  const later = followedBy(followedBy(half, [raised(2)]), [raised(3)]);
  watch.recorded(later.request, [raised(3)]);
  const reviewed = followedBy(later, [reviewedEntry()]);
  watch.recorded(reviewed.request, [reviewedEntry()]);
  expect(said).toEqual([['review-overdue', what, 2], `clear review ${ended.request.id}`]);
});

test('they hear of what could not be run, and no more once it runs', () => {
  const { watch, said } = watched();
  const { request } = ended;
  const failedFor = (gaveUp: boolean): NewEntry => ({
    type: 'action-failed',
    by: { system: 'reconciler' },
    data: { index: 0, name: 'migrate', error: 'There is no such workflow.', gaveUp },
  });
  watch.recorded(request, [failedFor(false)]);
  expect(said).toEqual([]);
  watch.recorded(request, [failedFor(true)]);
  watch.recorded({ ...request, revoked: { by: request.requester } }, [failedFor(true)]);
  watch.recorded(request, [
    { type: 'action-finished', by: { system: 'reconciler' }, data: { index: 0, name: 'migrate' } },
  ]);
  expect(said).toEqual([
    [
      'action-failed',
      'migrate, after the approval of Production for ann: There is no such workflow.',
      'again',
    ],
    'clear action aws-power-user migrate',
  ]);
});

test('they hear of it again after a start that remembers nothing', async () => {
  const { watch, said } = watched(true);
  await watch.start();
  expect(said).toEqual([['review-overdue', what, 1]]);
});

test('they hear of it where somebody left, whose access ends', () => {
  const { watch, said } = watched();
  const left: NewEntry = { type: 'deescalation-started', by: { system: 'sweep' }, data: { why: 'left' } };
  const active = aRequestIn('active');
  watch.recorded(followedBy(active, [left]).request, [left]);
  expect(said).toEqual([
    ['requester-left', 'ann is no longer in people.yml: Production for ann is taken back', 'again'],
  ]);
  const revoked: NewEntry = { ...left, data: { why: 'revoked' } };
  watch.recorded(followedBy(active, [revoked]).request, [revoked]);
  expect(said).toHaveLength(1);
});
