// One person’s grant by a strategy over a double, as a test of what is special about that service needs it.
import type { Settings, StrategyRef } from '../../../src/domain/flow.ts';
import { deskId, personId, requestId } from '../../../src/domain/names.ts';
import { Failure } from '../../../src/engine/ports/failure.ts';
import type { AccessControl, SettleCall, Settled } from '../../../src/engine/ports/access.ts';
import type { ServiceParts } from './service-parts.ts';
import { accessControl } from './subject-parts.ts';

export interface OneGrant {
  readonly look: () => ReturnType<AccessControl['look']>;
  /** As it was seen, ready to be given. */
  readonly call: () => Promise<SettleCall>;
  readonly give: (call: SettleCall) => Promise<Settled>;
  readonly end: (call: SettleCall) => Promise<Settled>;
}

export function oneGrant({ parts }: ServiceParts, strategy: StrategyRef, settings: Settings): OneGrant {
  const access = accessControl(parts);
  const desk = deskId('github', 1);
  const look: OneGrant['look'] = () => access.look(desk, strategy, settings, personId('ann'));
  return {
    look,
    async call() {
      const seen = await look();
      if ('missing' in seen) throw new Error(JSON.stringify(seen));
      const { resource, account, holds: before, wanted } = seen;
      const common = { desk, strategy, settings, resource, account, before };
      const signal = new AbortController().signal;
      return { ...common, signal, request: requestId('01R'), wanted: [wanted], purpose: 'escalate' };
    },
    give: (call) => access.settle(call),
    end: (call) => access.settle({ ...call, purpose: 'deescalate', wanted: [] }),
  };
}

export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => 'nothing went wrong',
    (error: unknown) => error,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error(`It should have failed: ${String(thrown)}`);
}
