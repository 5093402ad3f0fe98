import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKey } from 'openpgp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anId, aRequest, aRequestIn, noon } from '../../../test/builders/request.ts';
import { aWrittenLedger, type WrittenLedger } from '../../../test/builders/written-ledger.ts';
import { minutes } from '../../domain/duration.ts';
import { plus } from '../../domain/names.ts';
import { auditVerify } from './audit-verify.ts';

let written: WrittenLedger;
let head: string;
const told = aRequestIn('denied');
const path = `requests/2026/11/20/${told.request.id}.jsonl`;

beforeEach(async () => {
  written = await aWrittenLedger();
  await written.commit([{ told, upTo: 1 }]);
  head = await written.commit([{ told, upTo: 2 }]);
});
afterEach(() => written.close());

async function called(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const code = await auditVerify.run(args, {
    out: (line) => (said.out += `${line}\n`),
    err: (line) => (said.err += `${line}\n`),
  });
  return { code, ...said };
}

const masked = (text: string): string =>
  text.replace(/\b[0-9a-f]{40}\b/g, 'OID').replace(/\b[0-9a-f]{12}\b/g, 'OID12');

describe('audit verify', () => {
  test('is short where all is well', async () => {
    const { code, out, err } = await called(written.folder);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(masked(out)).toMatchInlineSnapshot(`
      "Consistent: it holds.
      2 entries of 1 request (github:4711)
      3 commits of refs/heads/countersign/ledger, 2026-11-20 12:00 UTC to 2026-11-20 12:02 UTC, up to OID
      made by countersign[bot] <9100201+countersign[bot]@users.noreply.github.com>

      No commit carries a signature: a ledger on GitHub would.
      "
    `);
    expect(out).toContain(head);
  });

  test('says which times do not fit, although it holds', async () => {
    const late = aRequest({ id: anId(7), at: plus(noon, -minutes(90)) });
    await written.commit([{ told: late, upTo: 1 }]);
    const { code, out } = await called(written.folder);
    expect(code).toBe(0);
    expect(masked(out).split('\n\n')[1]).toMatchInlineSnapshot(`
      "Committed more than an hour after they say they were recorded, or before it:
        requests/2026/11/20/01JD0000000000000000000007.jsonl:1  says 2026-11-20 10:30 UTC, and came with OID12 of 2026-11-20 12:03 UTC
      GitHub out of reach for so long explains it, or a sandbox whose clock was moved. Else ask who runs the app."
    `);
  });

  test('says what was changed, since when, and what to do', async () => {
    const [first = '', second = ''] = told.lines.map(({ line }) => line);
    const changed = `${first.replace('ann', 'eve')}\n${second}\n`;
    written.repository.commit({ [path]: changed }, 'Mend\u001b[2J');
    const { code, out, err } = await called(written.folder);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(masked(out)).toMatchInlineSnapshot(`
      "It does not hold: 3 findings.
      2 entries of 1 request (github:4711)
      4 commits of refs/heads/countersign/ledger, 2026-11-20 12:00 UTC to 2026-11-20 13:00 UTC, up to OID
      made by countersign[bot] <9100201+countersign[bot]@users.noreply.github.com>

      Since commit OID12 of 2026-11-20 13:00 UTC, by Mallory <mallory@example.com>:
        requests/2026/11/20/01JD0000000000000000000001.jsonl:1  entry 01JD0000000000000000000001-1, request 01JD0000000000000000000001
          Line 1 is no longer what it was. Line 2 does not hold the hash of the line before it. (rewritten)
        It touches entries, and names no batch: Countersign did not make it. (no-batch)
        It touches entries, and somebody else made it. (other-author)

      What to do: find out who pushed OID12. Then put the branch back to OID,
      the last commit before it. Access that was granted meanwhile is not in what is left: look at it.
      docs/ledger.md says more, under “When it diverges” and “Verify it yourself”.
      "
    `);
    expect(out).toContain(`Then put the branch back to ${head}`);
  });

  test('shows nothing of an author that could move the cursor', async () => {
    const { repository } = written;
    const tree = repository.git('rev-parse', `${head}^{tree}`).trim();
    const text = `tree ${tree}\nparent ${head}\nauthor Eve\u001b[31m\u202e <e@x.org> 1 +0000\ncommitter E <e@x.org> 9999999999999999 +0000\n\nHi\n`;
    const evil = repository.hashObject(text);
    repository.point(evil);
    repository.commit({ 'requests/x': 'x\n' }, 'y', [evil, head]);
    const { out } = await called(written.folder);
    expect(out).not.toMatch(/[\u001b\u202e]/);
    expect((await called(written.folder, '--json')).out).not.toMatch(/\u001b/);
  });

  test('tells a machine the same', async () => {
    const { code, out } = await called(written.folder, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      holds: true,
      strength: 'consistent',
      head,
      entries: 2,
      findings: [],
    });
    written.repository.commit({ [path]: null });
    const broken = await called('--json', written.folder);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.out)).toMatchObject({
      holds: false,
      findings: [{ code: 'removed', path }, { code: 'no-batch' }, { code: 'other-author' }],
    });
  });

  test('says how many findings it does not show', async () => {
    for (let number = 0; number < 22; number += 1) written.repository.commit({ 'requests/x': `${number}\n` });
    const { out } = await called(written.folder);
    expect(out).toContain('And 6 more findings in later commits: --json gives all.');
  });

  test('asks for the app that is named, in either form', async () => {
    expect((await called(written.folder, '--app', 'countersign')).code).toBe(0);
    expect((await called(written.folder, '--app=countersign[bot]')).code).toBe(0);
    expect((await called(written.folder, '--app', 'other')).code).toBe(1);
  });

  test('finds every commit unsigned where keys are given and none is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'));
    const keys = join(folder, 'web-flow.gpg');
    const { publicKey } = await generateKey({
      type: 'ecc',
      curve: 'ed25519Legacy',
      userIDs: [{ name: 'GitHub' }],
      format: 'armored',
    });
    writeFileSync(keys, publicKey);
    const { code, out } = await called(written.folder, '--keys', keys);
    writeFileSync(keys, 'nothing');
    const without = await called(written.folder, '--keys', keys);
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(out.match(/It touches entries, and is not signed\. \(unsigned\)/g)).toHaveLength(2);
    expect(without).toMatchObject({ code: 2, out: '' });
    expect(without.err).toContain('holds no public key');
  });

  test.each<readonly [string, readonly string[], number, string]>([
    ['an option that there is not', ['--deep'], 2, '--deep'],
    ['two folders', ['a', 'b'], 2, 'One folder at a time: what is “b”?'],
    ['a file of keys that is not there', ['--keys', '/nowhere/keys'], 2, 'The keys could not be read'],
    ['a folder that is no clone', ['/'], 3, 'This is no Git repository'],
  ])('complains of %s', async (_, args, code, complaint) => {
    const said = await called(...args);
    expect(said).toMatchObject({ code, out: '' });
    expect(said.err).toContain(complaint);
  });
});
