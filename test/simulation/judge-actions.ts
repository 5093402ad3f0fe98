// What runs after an approval, seen from outside: not before the ledger holds it, not after the approval has ended, in its order, and by one key.
import type { Entry, EntryOf } from '../../src/domain/entries.ts';
import { parseLine } from '../../src/domain/entry-line.ts';
import type { Instant } from '../../src/domain/names.ts';
import type { ActionCall } from '../../src/engine/ports/actions.ts';
import { broken } from './broken.ts';
import type { MemoryBranch } from './memory-ledger.ts';
import type { Town } from './town.ts';

/** Before it is carried out: which of the actions of the request it is. */
export function checkBeforeAction(
  branch: MemoryBranch,
  town: Town,
  { request, action, key, notAfter, isRepeated }: ActionCall,
  now: Instant,
): { readonly request: string; readonly index: number } {
  const entries = branch.lines(request).flatMap((line) => {
    const read = parseLine(line);
    return 'entry' in read ? [read.entry] : [];
  });
  const approved = entries.find((entry) => entry.type === 'approved');
  const started = entries.findLast((entry) => entry.type === 'action-started');
  const { validUntil } = approved?.data ?? {};
  if (validUntil === undefined || started?.data.name !== action.name)
    return broken(1, `${action.name} runs for ${request}, and the ledger does not hold that it was to.`);
  const { index } = started.data;
  if (now >= validUntil) broken(2, `${action.name} runs for ${request} after its approval was over.`);
  if (notAfter !== validUntil) broken(2, `${action.name} runs for ${request} and is not told until when.`);
  if (entries.some(({ type }) => type === 'revoke-asked' || type === 'expired'))
    broken(2, `${action.name} runs for ${request} after its end.`);
  if (index > 0 && !isFinished(entries, index - 1))
    broken(6, `${action.name} runs for ${request}, and what comes before it did not.`);
  const before = [...town.ran].find(([, ran]) => ran.request === request && ran.index === index)?.[0];
  if (before !== undefined && before !== key)
    broken(6, `${action.name} runs for ${request} twice, as ${before} and as ${key}.`);
  if (before !== undefined && !isRepeated)
    broken(6, `${action.name} runs for ${request} again, and is told that it is the first time.`);
  return { request, index };
}

function isFinished(entries: readonly Entry[], index: number): boolean {
  return entries.some((entry) => entry.type === 'action-finished' && entry.data.index === index);
}

/** Once all is over: what the ledger says was run was, what was planned was begun, and whoever asked was told. */
export function judgeActions(id: string, entries: readonly Entry[], town: Town): void {
  const [first] = entries;
  const planned = first?.type === 'requested' ? (first.data.policy.actions ?? []) : [];
  const isApproved = entries.some(({ type }) => type === 'approved');
  const started = entries.filter(
    (entry): entry is EntryOf<'action-started'> => entry.type === 'action-started',
  );
  if (started.length > planned.length || (!isApproved && started.length > 0))
    broken(1, `${id} started more than was approved.`);
  if (isApproved && planned.length > 0 && started.length === 0)
    broken(3, `${id} never began what it was to run.`);
  checkAllRun(id, entries, planned.length);
  for (const { data } of started) {
    const { index } = data;
    const isGivenUp = entries.some(
      (entry) => entry.type === 'action-failed' && entry.data.index === index && entry.data.gaveUp,
    );
    const ran = [...town.ran.values()].some((each) => each.request === id && each.index === index);
    if (!isFinished(entries, index) && !isGivenUp)
      broken(3, `Nobody knows what became of ${data.name} for ${id}.`);
    if (isFinished(entries, index) && !ran)
      broken(9, `${data.name} for ${id} is said to have run, and did not.`);
  }
}

/** Where one was run in time, the next is; where the last was, or one could not be, whoever asked is told. */
function checkAllRun(id: string, entries: readonly Entry[], planned: number): void {
  const validUntil = entries.find((entry) => entry.type === 'approved')?.data.validUntil;
  const finished = entries.filter((entry) => entry.type === 'action-finished');
  const last = finished.at(-1);
  const next = (last?.data.index ?? -1) + 1;
  const isOver = entries.some(({ type, seq }) => type === 'revoke-asked' && seq < (last?.seq ?? 0));
  if (last === undefined || isOver || validUntil === undefined || last.at >= validUntil) return;
  if (
    next < planned &&
    !entries.some((entry) => entry.type === 'action-started' && entry.data.index === next)
  )
    broken(3, `${id} ran action ${next} of ${planned}, and never began the next.`);
  const isTold = entries.some(
    ({ type, data }) => (type === 'notified' || type === 'undelivered') && data.notice === 'actions-over',
  );
  if (next === planned && !isTold) broken(9, `Nobody was told that all of ${id} was run.`);
}
