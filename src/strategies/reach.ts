// Brings an account to what it should hold: reads, sets what differs, and reads back until the service shows it.
import type { Holding } from '../domain/entries.ts';
import type { Instant } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Settled } from '../engine/ports/access.ts';
import { aimOfGrant, aimOfRevoke, covers, isKnown, join, type Situation } from './holdings.ts';
import type { AccountCall, Output, Reading, SetCall, Strategy } from './strategy.ts';

export interface Destination {
  readonly before: Holding;
  /** What the live grants want. */
  readonly wanted: readonly Holding[];
  /** No call to grant leaves after this. */
  readonly notAfter: Instant | undefined;
  /** Once the access is gone, what was opened with it is cut. */
  readonly endSessions?: true;
}

export type Reached = Omit<Settled, 'sealed'> & Omit<Output, 'handedOver'>;

/** Services are eventually consistent: how long to wait before each further look at what was set. */
const readBackMs = [0, 250, 500, 1000, 2000, 4000] as const;
const unknownHolding =
  'The account holds this in a way that cannot be compared or put back, such as a custom role.';

export async function reach(strategy: Strategy, call: SetCall, destination: Destination): Promise<Reached> {
  const reached = await reachHolding(strategy, call, destination);
  if (destination.endSessions && call.purpose === 'deescalate') await cutSessions(strategy, call, reached);
  return reached;
}

/** Whoever may have it still, by whatever other way, keeps what is open. */
async function cutSessions(strategy: Strategy, call: SetCall, { holds }: Reached): Promise<void> {
  const { order } = strategy;
  const ours = strategy.wanted(call.settings);
  if (strategy.endSessions === undefined || covers(order, holds, ours)) return;
  const { effective } = await readKnown(strategy, call);
  if (effective !== undefined && covers(order, effective, ours)) return;
  await strategy.endSessions(call, call.using.clock.now());
}

async function reachHolding(
  strategy: Strategy,
  call: SetCall,
  { before, wanted, notAfter }: Destination,
): Promise<Reached> {
  const { order } = strategy;
  const ours = strategy.wanted(call.settings);
  for (const holding of [before, ...wanted])
    if (!isKnown(order, holding)) throw new Failure(unknownHolding, { transient: false });
  if (strategy.isApart?.(call.settings))
    return reachApart(strategy, call, { ours, before, wanted, notAfter });
  const reading = await strategy.read(call);
  if (reading === 'unreadable') return reachBlindly(strategy, call, { ours, before, wanted, notAfter });
  const situation = { now: known(strategy, reading).holds, ours, before, wanted };
  const isGrant = call.purpose === 'escalate';
  const aim = isGrant ? aimOfGrant(order, situation) : aimOfRevoke(order, situation);
  // Where output is needed to take it back, a grant whose answer was lost is asked again, to get its output.
  const isOutputNeeded = isGrant && !covers(order, before, ours) && strategy.seals?.(call.settings);
  const mayBeLate = strategy.readsLate && mayShowLate(strategy, situation, isGrant);
  if (aim === situation.now && !isOutputNeeded && !mayBeLate) return { verified: 'read-back', holds: aim };
  if (isGrant) await demandMayGrant(strategy, call, notAfter);
  const output = await set(strategy, call, aim);
  return { ...output, verified: 'read-back', holds: await readBack(strategy, call, aim) };
}

/** Whether what is read may hide a change of ours: only where that is ours to make, and never what was there before. */
function mayShowLate(
  { order }: Strategy,
  { now, ours, before, wanted }: Situation,
  isGrant: boolean,
): boolean {
  if (isGrant) return !covers(order, before, ours);
  return !covers(order, join(order, [before, ...wanted]), ours) && !covers(order, now, ours);
}

/** Where the service does not say, nothing is what it begins with. */
export async function readKnown(strategy: Strategy, call: AccountCall): Promise<Reading> {
  const reading = await strategy.read(call);
  return reading === 'unreadable' ? { holds: join(strategy.order, []) } : known(strategy, reading);
}

function demandInTime(clock: Clock, notAfter: Instant | undefined): void {
  if (notAfter !== undefined && clock.now() >= notAfter)
    throw new Failure('It is too late to grant this.', { transient: false });
}

/** A service that cannot be read is told each time, except where other live grants still need all that this one gave. */
async function reachBlindly(
  strategy: Strategy,
  call: SetCall,
  { ours, before, wanted, notAfter }: Omit<Situation, 'now'> & Pick<Destination, 'notAfter'>,
): Promise<Reached> {
  if (call.purpose === 'escalate') {
    await demandMayGrant(strategy, call, notAfter);
    return { ...(await set(strategy, call, ours)), verified: 'answered', holds: ours };
  }
  const target = join(strategy.order, [before, ...wanted]);
  if (!covers(strategy.order, target, ours)) await set(strategy, call, target);
  return { verified: 'answered', holds: target };
}

/** A thing of its own is made and ended itself: that others keep the account in possession does not end this one. */
async function reachApart(
  strategy: Strategy,
  call: SetCall,
  { ours, before, wanted, notAfter }: Omit<Situation, 'now'> & Pick<Destination, 'notAfter'>,
): Promise<Reached> {
  const { order } = strategy;
  const isGrant = call.purpose === 'escalate';
  const reading = await strategy.read(call);
  const nothing = join(order, []);
  if (!isGrant && reading !== 'unreadable' && covers(order, nothing, known(strategy, reading).holds))
    return { verified: 'read-back', holds: nothing };
  if (isGrant) await demandMayGrant(strategy, call, notAfter);
  const output = await set(strategy, call, isGrant ? ours : nothing);
  const aim = join(order, isGrant ? [ours] : [before, ...wanted]);
  // Where others are in the way, looking at the account tells nothing of this one.
  const isHidden = reading === 'unreadable' || (!isGrant && covers(order, aim, ours));
  if (isHidden) return { ...output, verified: 'answered', holds: aim };
  return { ...output, verified: 'read-back', holds: await readBack(strategy, call, aim) };
}

/** What is for the requester alone goes no further: they are told when they ask for it. */
async function set(strategy: Strategy, call: SetCall, holding: Holding): Promise<Omit<Output, 'handedOver'>> {
  const { recorded, sealed } = await strategy.set(call, holding);
  return { ...(recorded && { recorded }), ...(sealed && { sealed }) };
}

async function readBack(strategy: Strategy, call: SetCall, aim: Holding): Promise<Holding> {
  const { order, pending, service } = strategy;
  const isGrant = call.purpose === 'escalate';
  for (const wait of readBackMs) {
    if (wait > 0) await call.using.clock.sleep(wait, call.using.signal);
    const { holds } = await readKnown(strategy, call);
    if (isGrant ? covers(order, holds, aim) : covers(order, aim, holds)) return holds;
    if (isGrant && holds === pending)
      throw new Failure(
        `${service} only invited the account, which is not in the organisation: an invitation is not access.`,
        {
          transient: false,
        },
      );
  }
  throw new Failure(`${service} accepted the change and does not show it yet.`, { transient: true });
}

async function demandMayGrant(
  strategy: Strategy,
  call: AccountCall,
  notAfter: Instant | undefined,
): Promise<void> {
  const obstacle = await strategy.obstacle?.(call);
  if (obstacle !== undefined) throw new Failure(obstacle, { transient: false });
  demandInTime(call.using.clock, notAfter);
}

function known({ order }: Strategy, reading: Reading): Reading {
  if (!isKnown(order, reading.holds)) throw new Failure(unknownHolding, { transient: false });
  return reading;
}
