// How long access lasts: no longer than was asked, than approvers left of it, and than the flow allows in all.
import type { Entry, EntryOf } from '../../src/domain/entries.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import type { GrantedFor } from '../../src/domain/flow.ts';
import { plus } from '../../src/domain/names.ts';
import { broken } from '../simulation/broken.ts';
import { ownPeople } from './judge-people.ts';
import type { Step } from './told-history.ts';

export function judgeTime(step: Step): void {
  const { added, lines } = step;
  for (const { entry } of added) {
    const earlier = lines.filter((line) => line.entry.seq < entry.seq).map((line) => line.entry);
    if (entry.type === 'approval-given' || entry.type === 'overridden') checkLess(entry, earlier);
    if (entry.type === 'extension-asked') checkAsked(entry, earlier, step);
    if (entry.type === 'extended') checkExtended(entry, earlier);
  }
}

/** What people have agreed to so far. */
export function agreedTo(entries: readonly Entry[]): GrantedFor | undefined {
  let agreed: GrantedFor | undefined;
  for (const { type, data } of entries) {
    if (type === 'requested') agreed = data.form.duration;
    if (type === 'approval-given' || type === 'overridden' || type === 'extended')
      agreed = data.duration ?? agreed;
  }
  return agreed;
}

function checkLess({ data }: EntryOf<'approval-given' | 'overridden'>, earlier: readonly Entry[]): void {
  const most = agreedTo(earlier);
  if (data.duration === undefined) return;
  if (earlier.some(({ type }) => type === 'extension-asked'))
    broken(12, 'An extension was granted for less.');
  if (most === undefined || (most !== 'until-revoked' && data.duration >= most))
    broken(12, `It was approved for ${data.duration}, of ${most}.`);
}

function checkAsked(
  { by, data }: EntryOf<'extension-asked'>,
  earlier: readonly Entry[],
  { before, world }: Step,
): void {
  const had = agreedTo(earlier);
  const given = earlier.filter(({ type }) => type === 'extended').length;
  if (before?.phase.status !== 'active' || before.phase.extension)
    broken(5, 'More was asked for at no time.');
  if (!isSpeaker(by) || by.person === null || !before || !ownPeople(before, world).has(by.person))
    return broken(5, 'More was asked for by another.');
  const { flow } = world;
  if (typeof flow === 'string') return broken(8, 'More was asked for without a flow.');
  for (const offer of [before.policy.extend, flow.extend])
    if (offer === undefined || data.total > offer.maxTotal || given >= offer.times)
      broken(12, `It is to last ${data.total} for the ${given + 1}. time.`);
  if (before.breakGlass && data.total > before.breakGlass.max)
    broken(12, 'Nobody approved that it lasts so long.');
  if (typeof had !== 'number' || data.total <= had)
    broken(12, `It is to last ${data.total}, and lasts ${had}.`);
}

function checkExtended({ data }: EntryOf<'extended'>, earlier: readonly Entry[]): void {
  const asked = earlier.findLast((entry) => entry.type === 'extension-asked');
  const since = earlier.find(({ type }) => type === 'escalated')?.at;
  const started = earlier.find((entry) => entry.type === 'escalation-started');
  if (asked === undefined || since === undefined || started === undefined)
    return broken(12, 'It was extended without being asked for.');
  if (data.duration !== asked.data.total) broken(12, `It lasts ${data.duration}, of ${asked.data.total}.`);
  if (data.endBy !== plus(started.data.grant.startBy, data.duration))
    broken(3, 'Its new end-by is not start-by and all of the duration.');
  if (data.expiresAt > plus(since, data.duration) || data.expiresAt > data.endBy)
    broken(12, 'It lasts longer than was agreed to.');
}
