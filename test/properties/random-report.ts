// What machines may find at a target, and what they may report of it.
import fc from 'fast-check';
import type { Command } from '../../src/domain/commands.ts';
import type { Access } from '../../src/domain/facts.ts';
import { requestId } from '../../src/domain/names.ts';
import { onIssue } from '../../src/domain/routes.ts';

export const someAccess: fc.Arbitrary<Access> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      resource: fc.constant('toy:prod'),
      account: fc.constant('toy:ann'),
      wanted: fc.constant('member'),
      holds: fc.constantFrom('none', 'none', 'reader', 'member'),
      covered: fc.constantFrom(false, false, true),
      live: fc.array(
        fc.record({
          request: fc.constantFrom(requestId('R1'), requestId('R2')),
          before: fc.constantFrom('none', 'reader'),
        }),
        { maxLength: 2 },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Access>(
      { missing: 'unavailable', why: 'It does not answer.' },
      { missing: 'unavailable', why: 'It is asleep.' },
      { missing: 'impossible', why: 'There is no such team.' },
      { missing: 'no-identity', service: 'toy', why: 'Nobody knows.' },
    ),
  },
);

const thread = { surface: 'github', repository: 'acme/access', issue: 1 } as const;
const someNotice = fc.constantFrom(
  'card',
  'thread',
  'active',
  'over',
  'overdue-1',
  'extension-over-1' as const,
);

/** Whatever machines may report, in whatever state: also what they never would. */
export const someReport: fc.Arbitrary<Exclude<Command, { voice: unknown }>> = fc.oneof(
  fc.constant({ type: 'note-time' } as const),
  fc.constant({ type: 'start-escalation' } as const),
  fc.constant({ type: 'start-escalation' } as const),
  fc
    .record({
      verified: fc.constantFrom('read-back', 'answered' as const),
      sealed: fc.constantFrom(undefined, 'sealed'),
    })
    .map(({ verified, sealed }) => ({
      type: 'note-escalated' as const,
      verified,
      ...(sealed !== undefined && { sealed }),
    })),
  fc.constant({ type: 'note-escalation-failed', error: 'It said no.' } as const),
  fc
    .record({
      holds: fc.constantFrom('none', 'reader'),
      neededBy: fc.subarray([requestId('R1'), requestId('R2')]),
    })
    .map((outcome) => ({ type: 'note-deescalated' as const, verified: 'read-back' as const, ...outcome })),
  fc
    .integer({ min: -1, max: 9 })
    .map((attempts) => ({ type: 'note-deescalation-failed' as const, error: 'Down.', attempts })),
  fc
    .record({ notice: someNotice, ref: fc.constantFrom('M1', 'M2', 'M3') })
    .map((message) => ({ type: 'note-notified' as const, to: onIssue, thread, ...message })),
  someNotice.map((notice) => ({
    type: 'note-undelivered' as const,
    notice,
    to: onIssue,
    error: 'It was deleted.',
  })),
);
