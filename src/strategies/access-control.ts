// Gives and takes access through whichever strategy a flow names: looks, aims, sets only what differs, and reads back.
import type { GitHubApp } from '../clients/github/github-app.ts';
import { environmentOf, type Outside, type Purpose } from '../clients/outside.ts';
import type { Settings, StrategyRef } from '../domain/flow.ts';
import type { DeskId, Instant, PersonId, RequestId } from '../domain/names.ts';
import {
  Failure,
  type AccessControl,
  type AccessReports,
  type AskIdentity,
  type Clock,
  type SettleCall,
  type Settled,
} from '../engine/ports.ts';
import { withinTime } from '../engine/time-limit.ts';
import { createAccessReports } from './access-reports.ts';
import { installed, seen } from '../clients/github/answer.ts';
import { covers } from './holdings.ts';
import { reach, readKnown, type Reached } from './reach.ts';
import { missingKey, seal, unseal, type SealingKeys } from './seal.ts';
import { settingsProblem } from '../desk/schema/settings-problem.ts';
import type { Call, Capabilities, Person, Strategy } from './strategy.ts';

export interface AccessControlParts {
  readonly strategies: readonly Strategy[];
  readonly clock: Clock;
  readonly outside: Outside;
  /** From the desk's `people.yml` as it is now. */
  person(desk: DeskId, person: PersonId): Promise<Person | undefined>;
  /** The integration of that name as it is now, then as it was at the request's commit; empty where there is none. */
  integrations(desk: DeskId, name: string, request?: RequestId): Promise<readonly Settings[]>;
  /** The login of a GitHub account as it is now. */
  githubLogin(desk: DeskId, id: number): Promise<string | undefined>;
  /** The second, optional app. */
  readonly grantsApp?: Pick<GitHubApp, 'forOrganization' | 'forRepositoryId'>;
  readonly sealing: SealingKeys;
}

const lookMs = 10_000;
const settleMs = 60_000;

const noGrantsApp =
  'The GitHub strategies act through a second app, and none is set up. Set COUNTERSIGN_GRANTS_APP_ID and COUNTERSIGN_GRANTS_PRIVATE_KEY.';

export function createAccessControl(parts: AccessControlParts): AccessControl & AccessReports {
  const { clock } = parts;
  const strategies = new Map(parts.strategies.map((strategy) => [strategy.type, strategy]));

  async function look(
    desk: DeskId,
    ref: StrategyRef,
    settings: Settings,
    person: PersonId,
    identity?: AskIdentity,
  ): ReturnType<AccessControl['look']> {
    const strategy = strategies.get(ref.type);
    if (strategy === undefined) return impossible(noSuchStrategy);
    const problem = settingsProblem(strategy.settings, settings) ?? sealingProblem(strategy, settings);
    if (problem !== undefined) return impossible(problem);
    try {
      return await withinTime({ clock, ms: lookMs, who: strategy.service }, async (signal) => {
        const [integration] = await integrationsFor(strategy, ref, desk);
        if (integration === undefined) return impossible(noSuchIntegration);
        const bounds = { signal, purpose: 'look', ...(identity && { identity }) } as const;
        const using = capabilities(desk, { ...bounds, ...environmentOf(ref) });
        const call = { desk, settings, integration, using, ...nameOf(ref) };
        return lookAt(strategy, call, await parts.person(desk, person));
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { missing: error.transient ? 'unavailable' : 'impossible', why: error.message };
    }
  }

  async function settle(call: SettleCall): Promise<Settled> {
    const strategy = strategies.get(call.strategy.type);
    if (strategy === undefined) throw new Failure(noSuchStrategy, { transient: false });
    const problem = settingsProblem(strategy.settings, call.settings);
    if (problem !== undefined) throw new Failure(problem, { transient: false });
    const limit = { clock, ms: strategy.patienceMs ?? settleMs, who: strategy.service, signal: call.signal };
    return withinTime(limit, async (signal) => {
      const using = capabilities(call.desk, {
        signal,
        purpose: call.purpose,
        ...environmentOf(call.strategy),
        ...(call.notAfter && { notAfter: call.notAfter }),
      });
      const integrations = await integrationsOf(strategy, call, using);
      const sealed = call.sealed === undefined ? {} : unseal(call.sealed, sealContext(call), parts.sealing);
      const { desk, settings, account, resource, request, purpose } = call;
      const { before, wanted, notAfter } = call;
      const reached = await firstToWork(integrations, (integration) => {
        const place = { desk, settings, integration, using, ...nameOf(call.strategy), account, resource };
        return reach(
          strategy,
          { ...place, request, purpose, sealed },
          { before, wanted, notAfter, ...(call.strategy.endSessions && { endSessions: true }) },
        );
      });
      return sealOutput(reached, call, strategy);
    });
  }

  /** Nothing that a desk writes redirects a grant or its end: only integrations that lead to the same resource are used. */
  async function integrationsOf(
    strategy: Strategy,
    call: SettleCall,
    using: Capabilities,
  ): Promise<readonly Settings[]> {
    if (strategy.integration === undefined) return [{}];
    const { desk, settings } = call;
    const leading: Settings[] = [];
    for (const integration of await candidates(strategy, call)) {
      if (settingsProblem(strategy.integration, integration) !== undefined) continue;
      const there = { desk, settings, integration, using, ...nameOf(call.strategy) };
      if (await leadsThere(strategy, there, call)) leading.push(integration);
    }
    if (leading.length > 0) return leading;
    throw new Failure('The integration was removed, or leads elsewhere than when this was approved.', {
      transient: false,
    });
  }

  /** To grant, as the desk has it now. To take back, also as it was: neither its files nor GitHub may stand in the way. */
  async function candidates(strategy: Strategy, call: SettleCall): Promise<readonly Settings[]> {
    const now = (): Promise<readonly Settings[]> =>
      integrationsFor(strategy, call.strategy, call.desk, call.request);
    if (call.purpose === 'escalate') return (await now()).slice(0, 1);
    const { integration } = call;
    if (integration === undefined) return now();
    const limit = { clock, ms: lookMs, who: 'GitHub', signal: call.signal };
    const known = await withinTime(limit, now).catch((error: unknown) => {
      if (error instanceof Failure) return [];
      throw error;
    });
    return [...known, integration];
  }

  async function integrationsFor(
    strategy: Strategy,
    { integration }: StrategyRef,
    desk: DeskId,
    request?: RequestId,
  ): Promise<readonly Settings[]> {
    if (strategy.integration === undefined) return [{}];
    return integration === undefined ? [] : parts.integrations(desk, integration, request);
  }

  function capabilities(desk: DeskId, bounds: Bounds): Capabilities {
    const { signal, purpose, notAfter, environment, identity } = bounds;
    const limits = { signal, ...(notAfter && { notAfter }) };
    const grantsApp = (): NonNullable<AccessControlParts['grantsApp']> => {
      if (parts.grantsApp === undefined) throw new Failure(noGrantsApp, { transient: false });
      return parts.grantsApp;
    };
    return {
      ...parts.outside.of(desk, {
        ...{ ...limits, purpose },
        ...(environment !== undefined && { environment }),
        ...(identity && { identity }),
      }),
      async github(organization) {
        const { at, login } = await installed(grantsApp().forOrganization(organization));
        return { octokit: at(laneOf[purpose], limits), login };
      },
      async githubRepository(id) {
        const { installation, owner, name } = await seen(grantsApp().forRepositoryId(id));
        return { octokit: installation.at(laneOf[purpose], limits), owner, name };
      },
      githubLogin: (id) => parts.githubLogin(desk, id),
    };
  }

  async function lookAt(
    strategy: Strategy,
    call: Call,
    person: Person | undefined,
  ): ReturnType<AccessControl['look']> {
    if (strategy.integration) {
      const problem = settingsProblem(strategy.integration, call.integration);
      if (problem !== undefined) return impossible(`The integration is not usable. ${problem}`);
    }
    if (person === undefined)
      return { missing: 'no-identity', service: strategy.service, why: 'This person is not in people.yml.' };
    const identified = await strategy.identify({ ...call, person });
    if ('missing' in identified)
      return identified.missing === 'impossible'
        ? impossible(identified.why)
        : { missing: 'no-identity', service: strategy.service, why: identified.why };
    const found = await strategy.resource(call);
    if ('missing' in found) return found;
    const accountCall = { ...call, account: identified.account, resource: found.resource };
    const { holds, effective } = await readKnown(strategy, accountCall);
    const wanted = strategy.wanted(call.settings);
    const covered = covers(strategy.order, effective ?? holds, wanted);
    if (holds === strategy.pending)
      return impossible(
        'An invitation to this is waiting for the account. Accept or remove it, then ask again.',
      );
    const obstacle = covered ? undefined : await strategy.obstacle?.(accountCall);
    if (obstacle !== undefined) return impossible(obstacle);
    const { resource, account } = accountCall;
    return {
      resource,
      account,
      wanted,
      holds,
      covered,
      ...(effective !== undefined && { effective }),
      ...(strategy.integration && { integration: call.integration }),
    };
  }

  function sealingProblem(strategy: Strategy, settings: Settings): string | undefined {
    return strategy.seals?.(settings) && parts.sealing.keys.length === 0 ? missingKey : undefined;
  }

  function sealOutput({ sealed, ...rest }: Reached, call: SettleCall, strategy: Strategy): Settled {
    if (sealed === undefined || call.purpose !== 'escalate' || !strategy.seals?.(call.settings)) return rest;
    return { ...rest, sealed: seal(sealed, sealContext(call), parts.sealing) };
  }

  const reports = createAccessReports({
    strategies,
    clock,
    integrationsFor,
    capabilities: (desk, ref, signal) =>
      capabilities(desk, { signal, purpose: 'look', ...environmentOf(ref) }),
  });

  return { look, settle, ...reports };
}

/** To take back, what was renamed or deleted meanwhile need not be found again, if the strategy knows better. */
async function leadsThere(strategy: Strategy, there: Call, call: SettleCall): Promise<boolean> {
  const { purpose, resource } = call;
  if (purpose === 'deescalate' && strategy.leadsTo) return strategy.leadsTo({ ...there, resource });
  const found = await strategy.resource(there);
  return 'resource' in found && found.resource === resource;
}

/** What the desk has now may have lost its secret or its rights; what it had then may still have them. */
async function firstToWork<T>(
  [first, ...others]: readonly Settings[],
  work: (integration: Settings) => Promise<T>,
): Promise<T> {
  try {
    return await work(first ?? {});
  } catch (error) {
    if (others.length === 0 || !(error instanceof Failure)) throw error;
    return firstToWork(others, work);
  }
}

interface Bounds {
  readonly signal: AbortSignal;
  readonly purpose: Purpose;
  readonly notAfter?: Instant;
  readonly environment?: string;
  readonly identity?: AskIdentity;
}

function nameOf({ integration }: StrategyRef): Pick<Call, 'integrationName'> {
  return integration === undefined ? {} : { integrationName: integration };
}

const laneOf = { look: 'read', escalate: 'escalate', deescalate: 'revoke' } as const;
const noSuchStrategy = 'This installation has no strategy of that type.';
const noSuchIntegration =
  'The strategy needs an integration, and countersign.yml declares none of that name.';

const impossible = (why: string) => ({ missing: 'impossible', why }) as const;

function sealContext({ request, resource, account }: SettleCall): string {
  return JSON.stringify([request, resource, account]);
}
