import { createHash } from 'node:crypto';
import { createMessage, generateKey, readPrivateKey, sign } from 'openpgp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deskLines } from '../../test/builders/desk-stream.ts';
import { aDesk, aRequest, anId, noon, type Told } from '../../test/builders/request.ts';
import {
  aWrittenLedger,
  ledgerAuthor,
  writeTwoRequests,
  type WrittenLedger,
} from '../../test/builders/written-ledger.ts';
import { minutes } from '../domain/duration.ts';
import { hashLine } from '../domain/entry-line.ts';
import { deskId, plus } from '../domain/names.ts';
import { openGitCopy } from './git-copy.ts';
import { deskPath, requestPath } from './layout.ts';
import type { LedgerCopy } from './ledger-copy.ts';
import { readSigningKeys, type SigningKeys } from './signing-keys.ts';
import { verifyLedger, type Verdict, type Verifying } from './verify.ts';

let written: WrittenLedger;
let ann: Told;
let dan: Told;

let template: WrittenLedger;

beforeAll(async () => {
  template = await aWrittenLedger();
  [ann, dan] = await writeTwoRequests(template);
}, 60_000);
afterAll(() => template.close());
beforeEach(async () => {
  written = await aWrittenLedger(template);
});
afterEach(() => written.close());

const verified = async (options: Verifying = {}, ref?: string): Promise<Verdict> => {
  const copy = await openGitCopy(written.folder, ref);
  try {
    return await verifyLedger(copy, options);
  } finally {
    copy.close();
  }
};

const pathOf = ({ request }: Told): string => requestPath(request.id, request.requestedAt);
const linesOf = (told: Told): readonly string[] => told.lines.map(({ line }) => line);
const file = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const entryOf = (told: Told, line: number): string | undefined => told.lines[line - 1]?.entry.id;
const mallory = 'Mallory <mallory@example.com>';
const author = `${ledgerAuthor.name} <${ledgerAuthor.email}>`;

/** Links lines anew, as somebody does who knows how it is done. */
function relinked(lines: readonly object[]): readonly string[] {
  return lines.reduce<readonly string[]>((linked, line) => {
    const last = linked.at(-1);
    return [...linked, JSON.stringify({ ...line, prev: last === undefined ? null : hashLine(last) })];
  }, []);
}
const raw = (told: Told): readonly object[] => linesOf(told).map((line) => JSON.parse(line));

/** By Mallory, who knows how our commits look. */
const push = (path: string, content: string | null): string =>
  written.repository.commit({ [path]: content }, 'Looks right\n\nCountersign-Batch: B99');

/** As if the history had been written like that from the start: each version of the file in a commit by the app. */
async function rewriteFromStart(...contents: readonly string[]): Promise<readonly string[]> {
  const { repository, ledger } = written;
  repository.point(repository.git('rev-list', '--max-parents=0', repository.head()).trim());
  const oids: string[] = [];
  for (const [index, content] of contents.entries()) {
    const batch = `C${index}`;
    const trailers = [{ name: 'Countersign-Batch', value: batch }];
    const files = [{ path: pathOf(ann), content }];
    await ledger.append({ batch, subject: 'Written anew', body: [], trailers, files }, repository.head());
    oids.push(repository.head());
  }
  return oids;
}

const codes = ({ findings }: Verdict): readonly string[] => findings.map(({ code }) => code);

describe('a ledger that is as it was written', () => {
  test('holds', async () => {
    await written.commitStream(deskLines([noon, plus(noon, minutes(1))]));
    const entries = ann.lines.length + dan.lines.length;
    const withEntries = entries + 1;
    expect(await verified()).toEqual({
      ref: 'refs/heads/countersign/ledger',
      head: written.repository.head(),
      strength: 'consistent',
      desk: aDesk,
      requests: 2,
      entries,
      deskEntries: 2,
      commits: { all: withEntries + 1, withEntries, carryingSignature: 0 },
      from: '2026-11-20T12:00:00Z',
      to: `2026-11-20T12:${String(withEntries).padStart(2, '0')}:00Z`,
      author,
      notJudged: [],
      untimely: [],
      findings: [],
    });
  });

  test('holds where somebody wrote what is no entry', async () => {
    written.repository.commit({ 'README.md': 'Mine.\n' });
    await written.commit([{ told: aRequest({ id: anId(3) }), upTo: 1 }]);
    expect(await verified()).toMatchObject({ strength: 'consistent', requests: 3 });
  });

  test('holds before anything is in it', async () => {
    const empty = await aWrittenLedger();
    const copy = await openGitCopy(empty.folder);
    expect(await verifyLedger(copy)).toMatchObject({ strength: 'consistent', requests: 0, entries: 0 });
    copy.close();
    empty.close();
  });

  test('holds in several requests and lines in one commit, and in months of a stream', async () => {
    const later = [aRequest({ id: anId(4) }), aRequest({ id: anId(5) })];
    await written.commit(later.map((told) => ({ told, upTo: 1 })));
    const lines = deskLines([noon, plus(noon, minutes(60 * 24 * 20))]);
    await written.commitStream(lines.slice(0, 1));
    await written.commitStream(lines, 1);
    expect(await verified()).toMatchObject({ strength: 'consistent', requests: 4, deskEntries: 2 });
  });
});

describe('says what, where and since when', () => {
  test('a line was changed', async () => {
    const lines = linesOf(ann).with(1, (linesOf(ann)[1] ?? '').replace('bob', 'eve'));
    const parent = written.repository.head();
    const oid = push(pathOf(ann), file(lines));
    await written.commit([{ told: aRequest({ id: anId(3) }), upTo: 1 }]);
    const verdict = await verified();
    const commit = { oid, at: '2026-11-20T13:00:00Z', author: mallory, parent };
    expect(verdict).not.toHaveProperty('strength');
    expect(verdict.findings).toEqual([
      {
        code: 'rewritten',
        sentence: 'Line 2 is no longer what it was. Line 3 does not hold the hash of the line before it.',
        path: pathOf(ann),
        line: 2,
        entry: entryOf(ann, 2),
        request: ann.request.id,
        commit,
      },
      { code: 'other-author', sentence: 'It touches entries, and somebody else made it.', commit },
    ]);
  });

  test.each<readonly [string, () => string, number, string]>([
    ['lines were removed', () => file(linesOf(ann).slice(0, 3)), 4, 'Lines 4 to 5 were removed.'],
    ['a line was left out', () => file(linesOf(ann).toSpliced(2, 1)), 3, 'Line 3 is numbered 4.'],
    ['two lines were exchanged', () => exchanged(2, 3), 3, 'Line 3 is numbered 4.'],
    [
      'the end of a line is missing',
      () => file(linesOf(ann)).slice(0, -9),
      5,
      'Line 5 ends without a line break',
    ],
    ['it was made empty', () => '', 1, 'Lines 1 to 5 were removed.'],
  ])('%s', async (_, content, line, sentence) => {
    const oid = push(pathOf(ann), content());
    const found = (await verified()).findings.find(({ code }) => code === 'rewritten');
    expect(found).toMatchObject({ path: pathOf(ann), line, entry: entryOf(ann, line), commit: { oid } });
    expect(found?.sentence).toContain(sentence);
  });

  const exchanged = (one: number, other: number): string => {
    const lines = linesOf(ann);
    return file(lines.with(one, lines[other] ?? '').with(other, lines[one] ?? ''));
  };

  test('a file was removed', async () => {
    const oid = push(pathOf(dan), null);
    expect((await verified()).findings).toContainEqual({
      code: 'removed',
      sentence: 'The file was removed, with its 2 entries.',
      path: pathOf(dan),
      line: 1,
      entry: entryOf(dan, 1),
      request: dan.request.id,
      commit: expect.objectContaining({ oid }),
    });
  });

  test('a file was moved to where it does not fit', async () => {
    const elsewhere = pathOf(dan).replace('/20/', '/21/');
    const oid = written.repository.commit({ [pathOf(dan)]: null, [elsewhere]: file(linesOf(dan)) });
    const { findings } = await verified();
    expect(findings).toContainEqual(expect.objectContaining({ code: 'removed', path: pathOf(dan) }));
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'wrong-day',
        path: elsewhere,
        commit: expect.objectContaining({ oid }),
      }),
    );
  });

  test('a change that was put right is still told, and only once', async () => {
    const oid = push(pathOf(ann), file(linesOf(ann).slice(0, 2)));
    push(pathOf(ann), file(linesOf(ann)));
    const rewritten = (await verified()).findings.filter(({ code }) => code === 'rewritten');
    expect(rewritten).toMatchObject([{ line: 3, commit: { oid } }]);
  });

  test('what was written on top of a change is not the change', async () => {
    const some = aRequest({ id: anId(7) });
    await written.commit([{ told: some, upTo: 1 }]);
    const changed = (linesOf(some)[0] ?? '').replace('ann', 'eve');
    const oid = push(pathOf(some), file([changed]));
    push(pathOf(some), file([changed, linesOf(dan)[1] ?? '']));
    const rewritten = (await verified()).findings.filter(({ path, code }) => path && code === 'rewritten');
    expect(rewritten).toMatchObject([{ line: 1, commit: { oid } }]);
  });

  test('a forged entry with the right chain, by somebody who makes commits like ours', async () => {
    const forged = relinked([...raw(dan), { ...raw(dan)[1], seq: 3, type: 'refused', id: 'FORGED' }]);
    const oid = push(pathOf(dan), file(forged));
    const verdict = await verified();
    expect(codes(verdict)).toEqual(['other-author']);
    expect(verdict.findings).toMatchObject([{ commit: { oid, author: mallory } }]);
    expect(codes(await verified({ author: 'countersign[bot]' }))).toEqual(['other-author']);
  });

  test('a commit that carries no batch, or that of another', async () => {
    const path = 'requests/2026/11/20/x.jsonl';
    const first = written.repository.commit({ [path]: 'x\n' }, 'Mine');
    const second = written.repository.commit({ [path]: 'x\ny\n' }, 'Mine\n\nCountersign-Batch: B2');
    const { findings } = await verified();
    const twin = written.repository.git('rev-list', '--reverse', 'countersign/ledger').split('\n')[2] ?? '';
    expect(findings.filter(({ code }) => code.endsWith('batch'))).toMatchObject([
      { code: 'no-batch', commit: { oid: first } },
      {
        code: 'repeated-batch',
        sentence: `It carries the batch of commit ${twin.slice(0, 12)}.`,
        commit: { oid: second },
      },
    ]);
  });

  test('a merge', async () => {
    const { repository } = written;
    const head = repository.head();
    const side = repository.commit({ 'requests/2026/11/20/x.jsonl': 'x\n' }, 'Side', [`${head}~2`]);
    repository.point(head);
    const oid = repository.commit({ 'requests/2026/11/20/x.jsonl': 'x\n' }, 'Merge', [head, side]);
    const { findings, commits } = await verified();
    expect(findings).toContainEqual({
      code: 'several-parents',
      sentence: 'It has 2 parents: Countersign never merges.',
      commit: expect.objectContaining({ oid, parent: head }),
    });
    expect(commits.all).toBe(ann.lines.length + dan.lines.length + 2);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'not-json', line: 1 }));
  });

  test('what is no plain file, holds no text, or is none of ours', async () => {
    const content = Buffer.from(file(linesOf(dan)));
    const blob = (text: Buffer): string =>
      createHash('sha1').update(`blob ${text.length}\0`).update(text).digest('hex');
    const files = [
      { path: 'desk/notes.md', mode: '100644', content },
      { path: pathOf(ann), mode: '120000', content },
      {
        path: pathOf(dan),
        mode: '100644',
        content: Buffer.concat([content.subarray(0, -4), Buffer.from([255])]),
      },
    ];
    const copy: LedgerCopy = {
      ref: 'x',
      head: 'x',
      hash: 'sha1',
      length: 1,
      async *commits() {
        const changes = files.map((each) => ({ path: each.path, blob: blob(each.content) }));
        yield { oid: 'x', parents: [], author, at: 0, batch: 'B1', changes };
      },
      async *files() {
        yield* files;
      },
      list: async () => [],
      blob: async () => Promise.reject(new Error('It was read, although it is what it says.')),
      close: () => undefined,
    };
    const { findings } = await verifyLedger(copy);
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ['stray-file', 'desk/notes.md'],
      ['stray-file', pathOf(ann)],
      ['not-utf8', pathOf(dan)],
    ]);
  });
});

describe('says of what was never right which commit brought it', () => {
  const change = (line: number, by: object): readonly string[] =>
    relinked(raw(ann).map((each, index) => (index === line - 1 ? { ...each, ...by } : each)));

  test.each<readonly [string, () => readonly string[], number, string]>([
    ['time that runs back', () => change(3, { at: '2026-11-20T11:59:59.999Z' }), 3, 'time-runs-back'],
    ['a gap', () => relinked(raw(ann).toSpliced(2, 1)), 3, 'gap'],
    ['a first number that is not 1', () => change(1, { seq: 2 }), 1, 'gap'],
    ['a grant without a beginning', () => illegal(), 4, 'illegal-entry'],
    ['an entry of another request', () => change(2, { request: 'other' }), 2, 'wrong-request'],
    ['an entry that is none', () => [...linesOf(ann).slice(0, 2), '{"v":1}'], 3, 'not-an-entry'],
  ])('%s', async (_, lines, line, code) => {
    const [oid] = await rewriteFromStart(file(lines()));
    expect((await verified()).findings).toEqual([
      expect.objectContaining({ code, path: pathOf(ann), line, commit: expect.objectContaining({ oid }) }),
    ]);
  });

  /** `escalated` where nothing says `escalation-started`. */
  const illegal = (): readonly string[] =>
    relinked(
      raw(ann)
        .toSpliced(3, 1)
        .map((line, index) => ({ ...line, seq: index + 1 })),
    );

  test('the line in a file that grew before and after it', async () => {
    const lines = change(4, { type: 'deescalated' });
    const oids = await rewriteFromStart(...lines.map((_, index) => file(lines.slice(0, index + 1))));
    expect((await verified()).findings).toMatchObject([{ line: 4, commit: { oid: oids[3] } }]);
  });

  test('a request of another desk', async () => {
    const other = aRequest({ id: anId(8), desk: deskId('github', 1) });
    const oid = await written.commit([{ told: other, upTo: 1 }]);
    expect((await verified()).findings).toMatchObject([
      { code: 'wrong-desk', request: other.request.id, commit: { oid } },
    ]);
  });

  test('a stream with a gap in it', async () => {
    const [, second] = deskLines([noon, plus(noon, minutes(1))]);
    const oid = push(deskPath(noon), `${second?.line}\n`);
    expect((await verified()).findings).toContainEqual({
      code: 'gap',
      sentence: 'Line 1 is numbered 2.',
      path: deskPath(noon),
      line: 1,
      entry: 'D2',
      commit: expect.objectContaining({ oid }),
    });
  });
});

describe('what a newer Countersign wrote', () => {
  test('is not judged, and that is said', async () => {
    const newer = relinked(raw(ann).map((line, index) => (index === 2 ? { ...line, v: 2 } : line)));
    await rewriteFromStart(file(newer));
    expect(await verified()).toMatchObject({
      strength: 'consistent',
      notJudged: [{ path: pathOf(ann), fromLine: 3 }],
      findings: [],
    });
  });

  test('still has its place in the chain', async () => {
    const newer = relinked(raw(ann).map((line, index) => (index === 2 ? { ...line, v: 2 } : line)));
    await rewriteFromStart(file(newer.with(2, (newer[2] ?? '').replace('"v":2', '"v":3'))));
    expect((await verified()).findings).toMatchObject([{ code: 'broken-link', line: 4 }]);
  });

  test('is not judged from the first line on, nor in a stream', async () => {
    await rewriteFromStart(file(relinked(raw(ann).map((line) => ({ ...line, type: 'unheard-of' })))));
    const [line] = deskLines([noon]);
    push(deskPath(noon), `${(line?.line ?? '').replace('"v":1', '"v":2')}\n`);
    expect((await verified()).notJudged).toEqual([
      { path: pathOf(ann), fromLine: 1 },
      { path: deskPath(noon), fromLine: 1 },
    ]);
  });
});

test('a line that somebody changed is not taken for what a newer Countersign wrote', async () => {
  const lines = deskLines([noon, plus(noon, minutes(1))]);
  await written.commitStream(lines);
  push(deskPath(noon), file(lines.map(({ line }) => line.replace('"type":"refused"', '"type":"new"'))));
  expect(await verified()).toMatchObject({ notJudged: [], findings: [{ code: 'rewritten' }, {}] });
});

describe('signatures', () => {
  async function aKey(): Promise<{ keys: SigningKeys; signed: (payload: Buffer) => Promise<string> }> {
    const date = new Date('2024-01-16T18:00:00Z');
    const made = await generateKey({
      type: 'ecc',
      curve: 'ed25519Legacy',
      userIDs: [{ name: 'GitHub', email: 'noreply@github.com' }],
      date,
      format: 'armored',
    });
    const signingKeys = await readPrivateKey({ armoredKey: made.privateKey });
    // A file of GitHub's holds two keys, one block after the other.
    const keys = await readSigningKeys(Buffer.from(`${strange}${made.publicKey}`));
    if (!keys) throw new Error('There is no key.');
    return {
      keys,
      signed: async (payload) =>
        sign({
          message: await createMessage({ binary: payload }),
          signingKeys,
          detached: true,
          format: 'armored',
          date: new Date(noon),
        }),
    };
  }
  let strange = '';
  beforeEach(async () => {
    const other = await generateKey({
      type: 'ecc',
      curve: 'ed25519Legacy',
      userIDs: [{ name: 'Other' }],
      format: 'armored',
    });
    strange = other.publicKey;
  });

  /** Writes each commit of the branch anew, signed by `of` as GitHub would have. */
  async function signAll(of: (payload: Buffer, index: number) => Promise<string | undefined>): Promise<void> {
    const { repository } = written;
    const oids = repository.git('rev-list', '--reverse', 'countersign/ledger').trim().split('\n');
    let parent = '';
    for (const [index, oid] of oids.entries()) {
      const plain = repository.git('cat-file', 'commit', oid).replace(/^parent .*$/m, `parent ${parent}`);
      const armor = await of(Buffer.from(plain), index);
      const header = armor === undefined ? '' : `\ngpgsig ${armor.replaceAll('\n', '\n ')}`;
      const content = plain.replace('\n\n', `${header}\n\n`);
      parent = repository.hashObject(content);
    }
    repository.point(parent);
  }

  test('of every commit with entries make it signed', async () => {
    const { keys, signed } = await aKey();
    await signAll(signed);
    const all = ann.lines.length + dan.lines.length;
    expect(await verified({ keys, author: 'countersign[bot]' })).toMatchObject({
      strength: 'signed',
      commits: { withEntries: all, carryingSignature: all, signed: all },
      author,
    });
    expect(await verified()).toMatchObject({ strength: 'consistent', commits: { carryingSignature: all } });
    expect((await verified()).commits).not.toHaveProperty('signed');
  });

  test('that are missing, by another key, or of another commit are told', async () => {
    const { keys, signed } = await aKey();
    const stranger = await aKey();
    await signAll(async (payload, index) => {
      if (index === 2) return undefined;
      if (index === 3) return stranger.signed(payload);
      return signed(index === 4 ? Buffer.from('else') : payload);
    });
    const { findings, commits } = await verified({ keys });
    expect(findings.map(({ code, sentence }) => [code, sentence.replace(/[0-9A-F]{16}/, 'KEY')])).toEqual([
      ['unsigned', 'It touches entries, and is not signed.'],
      ['bad-signature', 'It is signed with the key KEY, which is none of those given.'],
      ['bad-signature', 'Its signature does not fit it.'],
    ]);
    expect(commits.signed).toBe(commits.withEntries - 3);
  });

  test('that are missing where there were some before are told without keys too', async () => {
    const { signed } = await aKey();
    await signAll(async (payload, index) => (index === 1 || index === 4 ? undefined : signed(payload)));
    const oids = written.repository.git('rev-list', '--reverse', 'countersign/ledger').split('\n');
    expect((await verified()).findings).toMatchObject([{ code: 'unsigned', commit: { oid: oids[4] } }]);
  });

  test('do not help who is not the app: GitHub signs for everybody', async () => {
    const { keys, signed } = await aKey();
    await signAll(signed);
    expect((await verified({ keys, author: 'other[bot]' })).findings).toHaveLength(
      ann.lines.length + dan.lines.length,
    );
    const { findings } = await verified({ keys, author: 'other[bot]' });
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['other-author']));
  });

  test('are asked of the account, and not of a name that anybody may take', async () => {
    const names = (name: string, address: string): Promise<Verdict> =>
      oneCommitBy(`${name} <${address}>`).then(() => verified({ author: 'countersign[bot]' }));
    expect(codes(await names('countersign[bot]', '9+countersign[bot]@users.noreply.github.com'))).toEqual([]);
    expect(codes(await names('countersign[bot]', 'countersign[bot]@users.noreply.acme.com'))).toEqual([]);
    expect(codes(await names('countersign[bot]', 'mallory@example.com'))).toEqual(['other-author']);
    expect(codes(await names('Mallory', '9+countersign[bot]@users.noreply.github.com'))).toEqual([
      'other-author',
    ]);
    const other = '9+mallory@users.noreply.github.com';
    expect(codes(await names('countersign[bot]', other))).toEqual(['other-author']);
  });

  /** The whole ledger in one commit. */
  async function oneCommitBy(who: string): Promise<void> {
    const { repository } = written;
    const tree = repository.git('rev-parse', `${template.repository.head()}^{tree}`).trim();
    const stamp = `${who} 1795000000 +0000`;
    const head = `tree ${tree}\nauthor ${stamp}\ncommitter ${stamp}`;
    repository.point(repository.hashObject(`${head}\n\nAll\n\nCountersign-Batch: B1\n`));
  }

  test('are not asked of a commit that touches no entry', async () => {
    const { keys, signed } = await aKey();
    written.repository.commit({ 'README.md': 'Mine.\n' });
    const last = ann.lines.length + dan.lines.length + 1;
    await signAll(async (payload, index) => (index === last || index === 0 ? undefined : signed(payload)));
    expect(await verified({ keys })).toMatchObject({ strength: 'signed', findings: [] });
  });

  test('need a key in the file', async () => {
    expect(await readSigningKeys(Buffer.from('no key'))).toBeUndefined();
    expect(await readSigningKeys(Buffer.from(strange.replace(/\n[A-Za-z]/, '\n!')))).toBeUndefined();
  });
});
