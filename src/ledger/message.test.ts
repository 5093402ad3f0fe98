import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NewEntry } from '../domain/entries.ts';
import { deskId, personId } from '../domain/names.ts';
import type { Uncommitted } from '../engine/ports/store.ts';
import {
  anId,
  approvalEntry,
  approvedEntry,
  aRequest,
  escalationStartedEntry,
  followedBy,
  someone,
  type Told,
} from '../../test/builders/request.ts';
import { batchOf, printMessage, readTrailers, writeMessage } from './message.ts';

const batch = '01JD00000000000000000BATCH';
const fromLine = ({ request, lines }: Told, committed: number): Uncommitted => ({
  request: request.id,
  desk: request.desk,
  lines: lines.map(({ line }) => line),
  committed,
});
const whole = (uncommitted: readonly Uncommitted[]): string => {
  const { headline, body } = printMessage(writeMessage(batch, uncommitted));
  return `${headline}\n\n${body}\n`;
};
const approved = (id = anId(1)): Told => followedBy(aRequest({ id }), [approvalEntry('bob')]);

describe('the message of a commit', () => {
  test('reads like a sentence where one thing happened', () => {
    expect(whole([fromLine(approved(), 1)])).toMatchInlineSnapshot(`
      "bob approved 01JD0000000000000000000001 aws-power-user → prod for ann

      Countersign-Batch: 01JD00000000000000000BATCH
      Countersign-Desk: github:4711
      Countersign-Request: 01JD0000000000000000000001
      "
    `);
  });

  test('leads with what people decided, and lists what followed', () => {
    const asked = aRequest();
    const told = followedBy(asked, [
      approvalEntry('bob'),
      approvedEntry(asked.request),
      escalationStartedEntry(),
    ]);
    expect(whole([fromLine(told, 1)])).toMatchInlineSnapshot(`
      "bob approved 01JD0000000000000000000001 aws-power-user → prod for ann

      - bob approved 01JD0000000000000000000001 aws-power-user → prod for ann
      - all steps are met of 01JD0000000000000000000001 aws-power-user → prod for ann
      - began to escalate 01JD0000000000000000000001 aws-power-user → prod for ann

      Countersign-Batch: 01JD00000000000000000BATCH
      Countersign-Desk: github:4711
      Countersign-Request: 01JD0000000000000000000001
      "
    `);
  });

  test('says in a burst how much it holds, and names every request', () => {
    expect(whole([fromLine(aRequest({ id: anId(2), requester: 'dan' }), 0), fromLine(approved(), 0)]))
      .toMatchInlineSnapshot(`
      "3 entries of 2 requests: bob approved 01JD000000… aws-power-user → prod…

      - dan requested 01JD0000000000000000000002 aws-power-user → prod
      - ann requested 01JD0000000000000000000001 aws-power-user → prod
      - bob approved 01JD0000000000000000000001 aws-power-user → prod for ann

      Countersign-Batch: 01JD00000000000000000BATCH
      Countersign-Desk: github:4711
      Countersign-Request: 01JD0000000000000000000002
      Countersign-Request: 01JD0000000000000000000001
      "
    `);
  });

  test('shortens the id before it shortens the sentence, and says the whole below', () => {
    const asked = aRequest({ flow: { name: 'aws-administrators-of-finance', commit: 'c0ffee' } });
    const { subject, body } = writeMessage(batch, [fromLine(asked, 0)]);
    expect(subject).toBe('ann requested 01JD000000… aws-administrators-of-finance → prod');
    expect(body).toEqual([`- ann requested ${anId(1)} aws-administrators-of-finance → prod`]);
  });

  test('can be written of every entry', () => {
    const by = someone('bob', 'C1');
    const entries: readonly NewEntry[] = [
      { type: 'undelivered', by, data: { notice: 'card', error: 'no' } },
      { type: 'refused', by, data: { command: 'approve', code: 'self-approval' } },
      {
        type: 'notified',
        by: { system: 'reconciler' },
        data: { notice: 'active', thread: aThread, ref: 'x' },
      },
    ];
    const { body } = writeMessage(batch, [fromLine(followedBy(aRequest(), entries), 1)]);
    expect(body).toEqual([
      `- could not tell people about ${anId(1)} aws-power-user → prod for ann`,
      `- refused approve by bob on ${anId(1)} aws-power-user → prod for ann`,
      `- told people about ${anId(1)} aws-power-user → prod for ann`,
    ]);
  });

  test('names an account that is linked to nobody as its surface shows it', () => {
    const stranger = { ...someone('x', 'C1'), person: null };
    const named = { ...stranger, via: { ...stranger.via, name: '#@ev\u202eil\nCountersign-Batch: forged' } };
    const refused: NewEntry = {
      type: 'refused',
      by: named,
      data: { command: 'deny', code: 'unlinked-account' },
    };
    expect(writeMessage(batch, [fromLine(followedBy(aRequest(), [refused]), 1)]).subject).toContain(
      'refused deny by _evil Countersign-Batch_ forged',
    );
  });
});

describe('what people type', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '# x',
      '@acme/all',
      'fixes #1',
      '\n\nCountersign-Batch: forged\n',
      '\r\nA: b',
      '\u2028x',
      '',
    ),
  );

  test('forges no line, no trailer, no mention and no reference', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, anyText, (flow, target, requester, giver) => {
        const asked = aRequest({
          flow: { name: flow, commit: 'c0ffee' },
          requester,
          form: { target: { name: target, label: target, settings: {} } },
        });
        const told = followedBy(asked, [
          { ...approvalEntry(), by: { ...someone(giver, 'C1'), person: personId(giver) } },
        ]);
        const message = whole([fromLine(told, 0)]);
        const [subject = '', ...rest] = message.split('\n');
        expect([...subject].length).toBeLessThanOrEqual(72);
        expect(message).not.toMatch(/^#|@|\S#\d|\u2028/m);
        expect(message).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/,
        );
        expect(rest).toHaveLength(8);
        expect(readTrailers(message).map(({ value }) => value)).toEqual([batch, 'github:4711', anId(1)]);
        expect(batchOf(message)).toBe(batch);
      }),
      { numRuns: 300 },
    );
  });

  test('is never a trailer, even as an id', () => {
    const { trailers } = writeMessage('B\nX: y', [
      { ...fromLine(approved(), 1), desk: deskId('git hub', '1\n2') },
    ]);
    expect(trailers.slice(0, 2).map(({ value }) => value)).toEqual(['B_X:_y', 'git_hub:1_2']);
  });
});

describe('trailers', () => {
  test.each([
    ['a message of one paragraph', 'Countersign-Batch: B1'],
    ['a paragraph that is not the last', 'Subject\n\nCountersign-Batch: B1\n\nand more text'],
    ['a paragraph that is not all trailers', 'Subject\n\nsome text\nCountersign-Batch: B1'],
    ['two batches', 'Subject\n\nCountersign-Batch: B1\nCountersign-Batch: B2'],
    ['no message', ''],
  ])('say no batch in %s', (_, message) => {
    expect(batchOf(message)).toBeUndefined();
  });

  test('are read whatever the line endings and blanks around them', () => {
    expect(batchOf('Subject\r\n \r\nCountersign-Batch: B1 \r\nSigned-off-by: A <a@b>\r\n\r\n')).toBe('B1');
  });
});

const aThread = { surface: 'github', repository: 'acme/desk', issue: 1 } as const;
