import { describe, expect, test } from 'vitest';
import { aRefusal, deskLines, streamOf, type DeskLine } from '../../test/builders/desk-stream.ts';
import { aDesk, anId, aRequest, noon, someone } from '../../test/builders/request.ts';
import type { NewDeskEntry } from '../domain/desk-entries.ts';
import { sealDeskEntries } from '../domain/desk-entry-line.ts';
import { minutes } from '../domain/duration.ts';
import { account, hash, personId, plus } from '../domain/names.ts';
import type { Uncommitted } from '../engine/ports/store.ts';
import { printMessage, writeMessage } from './message.ts';
import { lackingMonths } from './stream-months.ts';

const batch = '01JD00000000000000000BATCH';
const sealed = (entries: readonly NewDeskEntry[]): readonly DeskLine[] =>
  sealDeskEntries(entries, { desk: aDesk, after: undefined, at: noon, mint: () => 'D1' });
const asked: Uncommitted = {
  request: anId(),
  desk: aDesk,
  lines: aRequest().lines.map(({ line }) => line),
  committed: 0,
};

function messageOf(entries: readonly NewDeskEntry[], requests: readonly Uncommitted[] = []): string {
  const { headline, body } = printMessage(
    writeMessage(batch, requests, lackingMonths(streamOf(sealed(entries)))),
  );
  return `${headline}\n\n${body}\n`;
}

const refused = aRefusal('eve-s');
const [diverged, disabled] = [
  {
    type: 'ledger-diverged',
    by: { system: 'committer' },
    data: { why: 'Somebody pushed.', since: noon, until: plus(noon, minutes(9)) },
  },
  {
    type: 'flow-disabled',
    by: { system: 'reader' },
    data: { flow: 'quick', commit: '9f3c0001234', code: 'unknown-key', line: 3 },
  },
] as const satisfies readonly NewDeskEntry[];

const onSlack = account('slack', 'T07ACME00/U07EVE000');
const bob = personId('bob');
const [linked, unlinked] = [
  {
    type: 'linked',
    by: someone('bob', 'C2'),
    data: { account: onSlack, name: 'b', person: bob, proof: { asked: noon, brought: 'C1' } },
  },
  { type: 'unlinked', by: someone('max', 'C3'), data: { account: onSlack, person: bob } },
] as const satisfies readonly NewDeskEntry[];

const okta = { person: bob, service: 'okta@main', account: '00u1a2b3c4' };
const drift = {
  type: 'drift-found',
  by: { system: 'drift' },
  data: { appeared: [], gone: [], lacking: 1, standing: 14 },
} as const satisfies NewDeskEntry;
const [found, forgotten] = [
  { type: 'identity-found', by: { system: 'finder' }, data: { ...okta, basis: hash('ab') } },
  { type: 'identity-forgotten', by: someone('max', 'C4'), data: okta },
] as const satisfies readonly NewDeskEntry[];

describe('a commit about the desk', () => {
  test('reads like a sentence', () => {
    expect(messageOf([refused])).toMatchInlineSnapshot(`
      "refused eve-s asking for quick: unlinked-account

      Countersign-Batch: 01JD00000000000000000BATCH
      Countersign-Desk: github:4711
      "
    `);
    expect(messageOf([diverged]).split('\n')[0]).toMatchInlineSnapshot(
      `"found the ledger whole again, which diverged at 2026-11-20 12:00"`,
    );
    expect(messageOf([disabled]).split('\n')[0]).toMatchInlineSnapshot(
      `"disabled quick: unknown-key on line 3 at 9f3c000"`,
    );
    expect(messageOf([linked]).split('\n')[0]).toMatchInlineSnapshot(
      `"linked the Slack account T07ACME00/U07EVE000 to bob"`,
    );
    expect(messageOf([unlinked]).split('\n')[0]).toMatchInlineSnapshot(
      `"unlinked the Slack account T07ACME00/U07EVE000 from bob, by max"`,
    );
    expect(messageOf([found]).split('\n')[0]).toMatchInlineSnapshot(
      `"found the okta_main account 00u1a2b3c4 to be bob, by e-mail address"`,
    );
    expect(messageOf([drift]).split('\n')[0]).toMatchInlineSnapshot(
      `"found 1 granted and not there, and 14 there and not granted"`,
    );
    expect(messageOf([forgotten]).split('\n')[0]).toMatchInlineSnapshot(
      `"forgot the okta_main account 00u1a2b3c4 of bob, by max"`,
    );
  });

  test('leads with what is rarest, and lists the rest', () => {
    expect(messageOf([refused, refused, disabled])).toMatchInlineSnapshot(`
      "3 entries of the desk: disabled quick: unknown-key on line 3 at 9f3c000

      - refused eve-s asking for quick: unlinked-account
      - refused eve-s asking for quick: unlinked-account
      - disabled quick: unknown-key on line 3 at 9f3c000

      Countersign-Batch: 01JD00000000000000000BATCH
      Countersign-Desk: github:4711
      "
    `);
  });

  test('leads with what people asked and decided where there is any', () => {
    expect(messageOf([refused], [asked])).toMatchInlineSnapshot(`
      "2 entries of a request and the desk: ann requested 01JD000000… aws-powe…

      - ann requested 01JD0000000000000000000001 aws-power-user → prod
      - refused eve-s asking for quick: unlinked-account

      Countersign-Batch: 01JD00000000000000000BATCH
      Countersign-Desk: github:4711
      Countersign-Request: 01JD0000000000000000000001
      "
    `);
  });

  test('cannot be led astray by what was typed', () => {
    const typed = 'x\n\nCountersign-Batch: forged @admins #1';
    const by = { ...refused.by, via: { ...refused.by.via, name: typed } };
    const message = messageOf([{ ...refused, by, data: { ...refused.data, flow: typed } }]);
    expect(message.split('\n').filter((line) => line.startsWith('Countersign-Batch'))).toHaveLength(1);
    expect(message).not.toMatch(/[@#]/);
  });

  test('says nothing of what the ledger holds already', () => {
    const months = lackingMonths(streamOf(deskLines([noon, noon]), 1));
    expect(writeMessage(batch, [], months)).toMatchObject({
      subject: 'refused eve-2 asking for quick: unlinked-account',
      body: [],
    });
  });
});
