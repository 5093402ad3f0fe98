// What every ledger must do, run against each implementation: Git itself is the judge of what was written.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../src/engine/ports/failure.ts';
import type { Ledger, LedgerBatch } from '../../src/engine/ports/ledger.ts';
import type { Uncommitted } from '../../src/engine/ports/store.ts';
import { judgeHistory, type HistoryVerdict } from '../../src/engine/judge-history.ts';
import { isEntryFile } from '../../src/ledger/layout.ts';
import { rebuild } from '../../src/ledger/rebuild.ts';
import { ledgerScribe } from '../../src/ledger/scribe.ts';
import { aDesk, anId, approvalEntry, aRequest, followedBy, type Told } from '../builders/request.ts';
import { Repository } from './repository.ts';

export interface LedgerWorld {
  readonly ledger: Ledger;
  /** The repository underneath, for Git to look at and for others to push to. */
  readonly folder: string;
  readonly branch: string;
  /** The next append takes effect, and its answer never comes. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}

export function ledgerContract(name: string, open: () => Promise<LedgerWorld>): void {
  describe(name, () => {
    let world: LedgerWorld;
    let repository: Repository;

    beforeEach(async () => {
      world = await open();
      repository = new Repository(world.folder, world.branch);
    });
    afterEach(() => world.close());

    const append = (batch: LedgerBatch, head: string): ReturnType<Ledger['append']> =>
      world.ledger.append(batch.commit, head);
    const appended = async (batch: LedgerBatch, head: string): Promise<string> => {
      const answer = await append(batch, head);
      if (!('head' in answer)) throw new Error('The append found a conflict.');
      return answer.head;
    };
    const judged = async (head: string, batch = 'B1'): Promise<HistoryVerdict> =>
      judgeHistory(await world.ledger.since(head), batch, isEntryFile);

    describe('begins', () => {
      test('with nothing', async () => {
        expect(await world.ledger.head()).toBeUndefined();
      });

      test('as a branch without a past that explains itself', async () => {
        const head = await world.ledger.begin();
        expect(await world.ledger.head()).toBe(head);
        expect(repository.head()).toBe(head);
        expect(repository.git('log', '--format=%P', head).trim()).toBe('');
        expect(repository.show(`${head}:README.md`)).toContain('# The ledger');
      });

      test('once, however often it is told to', async () => {
        const [first, second] = await Promise.all([world.ledger.begin(), world.ledger.begin()]);
        expect(second).toBe(first);
        expect(await world.ledger.begin()).toBe(first);
        expect(repository.git('rev-list', '--count', first).trim()).toBe('1');
      });
    });

    describe('appends', () => {
      test('a commit that reads like a sentence', async () => {
        const head = await appended(batchOf([waiting(approved(), 1)]), await world.ledger.begin());
        expect(await world.ledger.head()).toBe(head);
        expect(repository.git('log', '-1', '--format=%s', head).trim()).toBe(
          `bob approved ${anId(1)} aws-power-user → prod for ann`,
        );
        expect(repository.git('log', '-1', '--format=%(trailers)', head).trim().split('\n')).toEqual([
          'Countersign-Batch: B1',
          'Countersign-Desk: github:4711',
          `Countersign-Request: ${anId(1)}`,
        ]);
      });

      test('several entries with a line for each', async () => {
        const burst = [waiting(approved()), waiting(aRequest({ id: anId(2), requester: 'dan' }))];
        const head = await appended(batchOf(burst), await world.ledger.begin());
        expect(repository.git('log', '-1', '--format=%B', head).trim().split('\n').slice(0, 5)).toEqual([
          '3 entries of 2 requests: bob approved 01JD000000… aws-power-user → prod…',
          '',
          `- ann requested ${anId(1)} aws-power-user → prod`,
          `- bob approved ${anId(1)} aws-power-user → prod for ann`,
          `- dan requested ${anId(2)} aws-power-user → prod`,
        ]);
      });

      test('and a file grows without another being touched', async () => {
        const [early, late] = [aRequest(), approved()];
        const other = waiting(aRequest({ id: anId(2) }));
        const first = await appended(batchOf([waiting(early), other], 'B1'), await world.ledger.begin());
        const second = await appended(batchOf([waiting(late, 1)], 'B2'), first);
        const [file] = batchOf([waiting(late)]).commit.files;
        expect(repository.show(`${second}:${file?.path}`)).toBe(file?.content);
        expect(repository.git('diff', '--numstat', first, second).trim()).toBe(`1\t0\t${file?.path}`);
      });

      test('fifty files in one commit', async () => {
        const begun = await world.ledger.begin();
        const burst = Array.from({ length: 50 }, (_, index) => waiting(aRequest({ id: anId(index + 1) })));
        const batch = batchOf(burst);
        const head = await appended(batch, begun);
        expect(await world.ledger.since(begun)).toEqual([
          { oid: head, batch: 'B1', paths: batch.commit.files.map(({ path }) => path) },
        ]);
        expect(await contents(world.ledger, head)).toEqual(batch.commit.files);
      });

      test('and is a repository that Git finds nothing wrong with, holding nothing else', async () => {
        await appended(batchOf([waiting(approved())]), await world.ledger.begin());
        expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('');
        expect(repository.git('for-each-ref', '--format=%(refname)', 'refs/countersign')).toBe('');
      });
    });

    describe('finds a conflict', () => {
      test('on a head that is no longer the newest, and changes nothing', async () => {
        const begun = await world.ledger.begin();
        const head = await appended(batchOf([waiting(aRequest())]), begun);
        expect(await append(batchOf([waiting(approved(), 1)], 'B2'), begun)).toEqual({ conflict: true });
        expect(await world.ledger.head()).toBe(head);
        expect(repository.git('for-each-ref', '--format=%(refname)', 'refs/countersign')).toBe('');
      });

      test('for all but one of those that append at once', async () => {
        const begun = await world.ledger.begin();
        const answers = await Promise.all(
          [1, 2, 3].map((number) =>
            append(batchOf([waiting(aRequest({ id: anId(number) }))], `B${number}`), begun),
          ),
        );
        expect(answers.filter((answer) => 'head' in answer)).toHaveLength(1);
        expect(await world.ledger.since(begun)).toHaveLength(1);
      });

      test('where the branch went back to before the head', async () => {
        const begun = await world.ledger.begin();
        const head = await appended(batchOf([waiting(aRequest())]), begun);
        repository.point(begun);
        expect(await append(batchOf([waiting(approved(), 1)], 'B2'), head)).toEqual({ conflict: true });
        expect(await world.ledger.head()).toBe(begun);
      });
    });

    describe('says what came since', () => {
      test('which is nothing where nothing came', async () => {
        const head = await world.ledger.begin();
        expect(await world.ledger.since(head)).toEqual([]);
      });

      test('in the order in which it came, with the batch of what is ours', async () => {
        const begun = await world.ledger.begin();
        const first = await appended(batchOf([waiting(aRequest())], 'B1'), begun);
        const foreign = repository.commit({ 'README.md': 'Mine.\n' }, 'Countersign-Batch: B1');
        const second = await appended(batchOf([waiting(approved(), 1)], 'B2'), foreign);
        const paths = batchOf([waiting(aRequest())]).commit.files.map(({ path }) => path);
        expect(await world.ledger.since(begun)).toEqual([
          { oid: first, batch: 'B1', paths },
          { oid: foreign, paths: ['README.md'] },
          { oid: second, batch: 'B2', paths },
        ]);
        expect(await world.ledger.since(first)).toHaveLength(2);
      });

      test('so that a lost answer is found to have been done', async () => {
        const begun = await world.ledger.begin();
        world.loseNextAnswer();
        const failure = await append(batchOf([waiting(aRequest())]), begun).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Failure);
        expect(failure).toMatchObject({ transient: true });
        const head = repository.head();
        expect(await judged(begun)).toEqual({ verdict: 'done-at', commit: head, head });
        expect(await append(batchOf([waiting(aRequest())]), begun)).toEqual({ conflict: true });
      });

      test('so that one can commit on top of what touches no entry', async () => {
        const begun = await world.ledger.begin();
        const foreign = repository.commit({ 'README.md': 'Mine.\n', 'notes/Über uns "1".md': 'x' });
        const batch = batchOf([waiting(aRequest())]);
        expect(await append(batch, begun)).toEqual({ conflict: true });
        const verdict = await judged(begun);
        expect(verdict).toEqual({ verdict: 'append-on-top', head: foreign });
        expect(repository.git('log', '-1', '--format=%P', await appended(batch, foreign)).trim()).toBe(
          foreign,
        );
      });

      test('so that an entry which others wrote, changed, moved or removed is noticed', async () => {
        const begun = await world.ledger.begin();
        const batch = batchOf([waiting(approved())]);
        const [file] = batch.commit.files;
        const path = file?.path ?? '';
        const head = await appended(batch, begun);
        for (const [change, touched] of [
          [{ [path]: `${file?.content}{}\n` }, [path]],
          [{ [path]: null, 'moved.jsonl': file?.content ?? '' }, ['moved.jsonl', path]],
          [{ [path]: null }, [path]],
          [{ 'requests/2026/11/20/new.jsonl': '{}\n' }, ['requests/2026/11/20/new.jsonl']],
          [{ 'desk/2026/11.jsonl': '{}\n' }, ['desk/2026/11.jsonl']],
        ] as const) {
          repository.point(head);
          const foreign = repository.commit(change);
          expect(await world.ledger.since(head)).toEqual([{ oid: foreign, paths: touched }]);
          expect(await judged(head)).toMatchObject({ verdict: 'diverged' });
        }
      });

      test('so that a merge of what others wrote is noticed', async () => {
        const begun = await world.ledger.begin();
        const head = await appended(batchOf([waiting(aRequest())]), begun);
        const entry = { 'requests/2026/11/20/x.jsonl': '{}\n' };
        for (const [onTheSide, whenMerged] of [
          [entry, entry],
          [{ 'notes.md': 'x' }, entry],
        ] as const) {
          const side = repository.commit(onTheSide, 'Side', [begun]);
          repository.commit(whenMerged, 'Merge', [head, side]);
          expect(await judged(head)).toMatchObject({ verdict: 'diverged' });
        }
      });

      test('which is unrelated after a force-push, a rewind or a removal of the branch', async () => {
        const begun = await world.ledger.begin();
        const head = await appended(batchOf([waiting(aRequest())]), begun);
        repository.point(repository.commit({ 'README.md': 'x' }, 'Another root', []));
        expect(await world.ledger.since(head)).toBe('unrelated');
        repository.point(repository.commit({ 'README.md': 'x' }, 'Another child', [begun]));
        expect(await world.ledger.since(head)).toBe('unrelated');
        repository.point(begun);
        expect(await world.ledger.since(head)).toBe('unrelated');
        expect(await world.ledger.since('0123456789'.repeat(4))).toBe('unrelated');
        repository.git('update-ref', '-d', `refs/heads/${world.branch}`);
        expect(await world.ledger.since(head)).toBe('unrelated');
        expect(await world.ledger.head()).toBeUndefined();
      });
    });

    describe('is read back', () => {
      const reason = 'Příliš žluťoučký 🐎 \u2028 "\\ \t \r\n \ud83d ﷽ \u0000';

      test('byte for byte, as requests that are legal', async () => {
        const told = followedBy(aRequest({ form: { fields: { reason } } }), [approvalEntry()]);
        const batch = batchOf([waiting(told), waiting(aRequest({ id: anId(2) }))]);
        const head = await appended(batch, await world.ledger.begin());
        expect(await contents(world.ledger, head)).toEqual(batch.commit.files);
        const found = [];
        for await (const file of rebuild(world.ledger, head, aDesk)) found.push(file);
        expect(found).toEqual([
          {
            ok: true,
            request: told.request,
            lines: told.lines.map(({ line }) => line),
            committedSeq: told.lines.length,
          },
          expect.objectContaining({ ok: true }),
        ]);
      });

      test('as it was at that head, whatever came later', async () => {
        const early = batchOf([waiting(aRequest())]);
        const head = await appended(early, await world.ledger.begin());
        await appended(batchOf([waiting(approved(), 1)], 'B2'), head);
        expect(await contents(world.ledger, head)).toEqual(early.commit.files);
      });

      test('as nothing where it has just begun', async () => {
        expect(await contents(world.ledger, await world.ledger.begin())).toEqual([]);
      });

      test('by a clone that converts line endings, with the same bytes', async () => {
        const told = followedBy(aRequest({ form: { fields: { reason } } }), [approvalEntry()]);
        const batch = batchOf([waiting(told)]);
        await appended(batch, await world.ledger.begin());
        const clone = mkdtempSync(join(tmpdir(), 'ledger-clone-'));
        const settings = ['-c', 'core.autocrlf=true', '--single-branch', '--branch', world.branch];
        repository.git('clone', '--quiet', ...settings, world.folder, clone);
        const [file] = batch.commit.files;
        expect(readFileSync(join(clone, file?.path ?? ''), 'utf8')).toBe(file?.content);
        rmSync(clone, { recursive: true });
      });
    });
  });
}

const approved = (): Told => followedBy(aRequest(), [approvalEntry()]);

const waiting = ({ request, lines }: Told, committed = 0): Uncommitted => ({
  request: request.id,
  desk: request.desk,
  lines: lines.map(({ line }) => line),
  committed,
});

const batchOf = (uncommitted: readonly Uncommitted[], batch = 'B1'): LedgerBatch =>
  ledgerScribe.write(batch, uncommitted);

async function contents(ledger: Ledger, head: string): Promise<unknown> {
  const files = [];
  for await (const file of ledger.read(head)) files.push(file);
  return files;
}
