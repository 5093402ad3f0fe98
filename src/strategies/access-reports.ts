// Who holds what, for reports: everybody who has something of a target, or what one account has of what it was granted.
import type { Settings, StrategyRef } from '../domain/flow.ts';
import type { DeskId, RequestId } from '../domain/names.ts';
import type { Grant } from '../domain/entries.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { AccessReports, Unseen } from '../engine/ports/access.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { withinTime } from '../engine/time-limit.ts';
import { settingsProblem } from '../desk/schema/settings-problem.ts';
import type { Call, Capabilities, Strategy } from './strategy.ts';
import { placeOf, strategyFor, strategyOf } from './which-strategy.ts';

export interface AccessReportParts {
  readonly strategies: ReadonlyMap<string, Strategy>;
  readonly clock: Clock;
  /** The integrations as they are now, and then as they were at a request's commit; none, where none is needed. */
  integrationsFor(
    strategy: Strategy,
    ref: StrategyRef,
    desk: DeskId,
    request?: RequestId,
  ): Promise<readonly Settings[]>;
  capabilities(desk: DeskId, ref: StrategyRef, signal: AbortSignal): Capabilities;
}

/** A list has pages. */
const listMs = 60_000;

export function createAccessReports(parts: AccessReportParts): AccessReports {
  /** `leadsTo`: only by an integration that leads to this very resource. */
  async function look<T>(
    { desk, ref, settings, request }: Place,
    leadsTo: string | undefined,
    ask: (strategy: Strategy, call: Call & { readonly resource: string }) => Promise<T | Unseen>,
  ): Promise<T | Unseen> {
    const strategy = strategyOf(parts.strategies, ref);
    if (strategy === undefined)
      return unseen('impossible', 'This installation has no strategy of that type.');
    const problem = settingsProblem(strategy.settings, settings);
    if (problem !== undefined) return unseen('impossible', problem);
    const limit = { clock: parts.clock, ms: strategy.patienceMs ?? listMs, who: strategy.service };
    try {
      return await withinTime(limit, async (signal) => {
        const using = parts.capabilities(desk, ref, signal);
        let last = unseen('impossible', 'The integration was removed, is not usable, or leads elsewhere.');
        for (const integration of await parts.integrationsFor(strategy, ref, desk, request)) {
          if (strategy.integration && settingsProblem(strategy.integration, integration) !== undefined)
            continue;
          const call = { desk, settings, integration, using, ...placeOf(ref) };
          const version = await strategyFor(strategy, call);
          const found = await version.resource(call);
          if ('missing' in found) last = found;
          else if (leadsTo === undefined || found.resource === leadsTo)
            return ask(version, { ...call, resource: found.resource });
        }
        return last;
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return unseen(error.transient ? 'unavailable' : 'impossible', error.message);
    }
  }

  return {
    holders: (desk, ref, settings) =>
      look({ desk, ref, settings }, undefined, async (strategy, call) => {
        const { resource } = call;
        if (strategy.holders === undefined) return { ...unseen('unlisted', noList(strategy)), resource };
        const holders = await strategy.holders(call);
        return { resource, order: strategy.order, holders };
      }),
    holding: (desk, request, { strategy: ref, settings, resource, account }: Grant) =>
      look({ desk, ref, settings, request }, resource, async (strategy, call) => {
        const reading = await strategy.read({ ...call, account });
        if (reading !== 'unreadable') return { order: strategy.order, holds: reading.holds };
        return { ...unseen('unlisted', `${strategy.service} does not say what an account holds.`), resource };
      }),
  };
}

interface Place {
  readonly desk: DeskId;
  readonly ref: StrategyRef;
  readonly settings: Settings;
  readonly request?: RequestId;
}

function noList({ service, type }: Strategy): string {
  return `${service} does not say who holds it, or the strategy ${type} does not ask.`;
}

function unseen(missing: Unseen['missing'], why: string): Unseen {
  return { missing, why };
}
