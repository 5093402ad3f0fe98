// Gives and takes access through whichever strategy a flow names: looks, aims, sets only what differs, and reads back.
import type { GitHubApp } from '../clients/github/github-app.ts';
import { environmentOf, type Outside, type Purpose } from '../clients/outside.ts';
import type { Settings, StrategyRef } from '../domain/flow.ts';
import type { DeskId, Instant, PersonId, RequestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type {
  AccessControl,
  AccessReports,
  HandOverCall,
  HandedOver,
  SettleCall,
  Settled,
} from '../engine/ports/access.ts';
import type { AskIdentity } from '../engine/ports/desk-code.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { withinTime } from '../engine/time-limit.ts';
import { createAccessReports } from './access-reports.ts';
import { installed, seen } from '../clients/github/answer.ts';
import { covers, join } from './holdings.ts';
import { reach, readKnown, type Reached } from './reach.ts';
import { missingKey, seal, unseal, type SealingKeys } from './seal.ts';
import { settingsProblem } from '../desk/schema/settings-problem.ts';
import type { CodeRan, CodeRun } from './desk-code.ts';
import type { Call, Capabilities, Person, SetCall, Strategy, Version } from './strategy.ts';
import { placeOf, strategyFor, strategyOf, withVersions } from './which-strategy.ts';

/** Of one call, in time and in what it is for. */
export interface Bounds {
  readonly signal: AbortSignal;
  readonly purpose: Purpose;
  readonly notAfter?: Instant;
  readonly environment?: string;
  readonly identity?: AskIdentity;
}

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
  /** Runs what a desk wrote as its own strategy. Absent: not here. */
  readonly code?: (desk: DeskId, run: CodeRun, bounds: Bounds) => Promise<CodeRan>;
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
    const strategy = strategyOf(strategies, ref);
    if (strategy === undefined) return impossible(noSuchStrategy);
    const problem = settingsProblem(strategy.settings, settings) ?? sealingProblem(strategy, settings);
    if (problem !== undefined) return impossible(problem);
    try {
      return await withinTime({ clock, ms: lookMs, who: strategy.service }, async (signal) => {
        const [integration] = await integrationsFor(strategy, ref, desk);
        if (integration === undefined) return impossible(noSuchIntegration);
        const bounds = { signal, purpose: 'look', ...(identity && { identity }) } as const;
        const using = capabilities(desk, { ...bounds, ...environmentOf(ref) });
        const call = { desk, settings, integration, using, ...placeOf(ref) };
        const unusable = integrationProblem(strategy, integration);
        if (unusable !== undefined) return impossible(unusable);
        return lookAt(await strategyFor(strategy, call), call, await parts.person(desk, person));
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { missing: error.transient ? 'unavailable' : 'impossible', why: error.message };
    }
  }

  /** With the strategy of a call, its settings looked at once more, and in time. */
  async function withStrategy<T>(
    call: SettleCall,
    work: (version: Version, settling: Settling) => Promise<T>,
  ): Promise<T> {
    const strategy = strategyOf(strategies, call.strategy);
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
      return withVersions(strategy, call.purpose, (version) => work(version, { strategy, call, using }));
    });
  }

  const settle = (call: SettleCall): Promise<Settled> => withStrategy(call, settleBy);

  const handOver = (call: HandOverCall): Promise<HandedOver> =>
    withStrategy({ ...call, purpose: 'escalate' }, tellHandedOver);

  function unsealed(call: SettleCall): SetCall['sealed'] {
    return call.sealed === undefined ? {} : unseal(call.sealed, sealContext(call), parts.sealing);
  }

  async function settleBy(version: Version, settling: Settling): Promise<Settled> {
    const { call } = settling;
    const places = await placesOf(version, settling);
    const sealed = unsealed(call);
    const { before, wanted, notAfter } = call;
    return firstToWork(places, async ({ integration, strategy }) => {
      const reached = await reach(strategy, setCallOf(settling, integration, sealed), {
        ...{ before, wanted, notAfter },
        ...(call.strategy.endSessions && { endSessions: true }),
      });
      return sealOutput(reached, call, strategy);
    });
  }

  /**
   * The grant as it is told after a lost answer, where it is there still: what somebody took away since is not given again.
   * Nothing of what comes back is used but what is for the requester.
   */
  async function tellHandedOver(version: Version, settling: Settling): Promise<HandedOver> {
    const { call } = settling;
    const [{ integration, strategy }] = await placesOf(version, settling);
    const sealed = unsealed(call);
    const { settings, before, wanted } = call;
    const setting = setCallOf(settling, integration, sealed);
    const { order } = strategy;
    const ours = strategy.wanted(settings);
    const reading = await strategy.read(setting);
    if (reading !== 'unreadable' && !covers(order, reading.holds, ours))
      throw new Failure(`${strategy.service} does not show the access any more.`, { transient: true });
    const asked = join(order, [before, ...wanted]);
    // More than was asked for was given by somebody else, and stays.
    const most = reading === 'unreadable' ? asked : join(order, [asked, reading.holds]);
    const aim = strategy.isApart?.(settings) ? ours : most;
    const { handedOver, sealed: again = {} } = await strategy.set(setting, aim);
    // What is sealed says what will be taken back. Credentials of anything else would outlive the access.
    if (strategy.seals?.(settings) && Object.entries(again).some(([name, text]) => sealed[name] !== text))
      throw new Failure(
        `${strategy.service} gave another thing than the one that is taken back in the end.`,
        {
          transient: false,
        },
      );
    if (handedOver !== undefined && Object.keys(handedOver).length > 0) return handedOver;
    throw new Failure(`${strategy.service} answered nothing that goes with the access.`, {
      transient: false,
    });
  }

  /** Nothing that a desk writes redirects a grant or its end: only integrations that lead to the same resource are used. */
  async function placesOf(version: Version, { strategy, call, using }: Settling): Promise<Places> {
    const { desk, settings } = call;
    const there = { desk, settings, using, ...placeOf(call.strategy) };
    // Of one that is built in, nothing but the settings says what it leads to.
    if (strategy.integration === undefined && strategy.versions === undefined)
      return [{ integration: {}, strategy }];
    const leading: Place[] = [];
    for (const integration of await candidates(strategy, call)) {
      if (integrationProblem(strategy, integration) !== undefined) continue;
      const loaded = await version({ ...there, integration });
      if (await leadsThere(loaded, { ...there, integration }, call))
        leading.push({ integration, strategy: loaded });
    }
    const [first, ...others] = leading;
    if (first) return [first, ...others];
    throw new Failure(strategy.integration ? leadsElsewhere : givesAnother, { transient: false });
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
      async code(run) {
        if (parts.code === undefined) throw new Failure(noCode, { transient: false });
        return parts.code(desk, run, bounds);
      },
    };
  }

  async function lookAt(
    strategy: Strategy,
    call: Call,
    person: Person | undefined,
  ): ReturnType<AccessControl['look']> {
    const unsealed = sealingProblem(strategy, call.settings);
    if (unsealed !== undefined) return impossible(unsealed);
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
      ...(strategy.handsOver?.(call.settings) && { handsOver: true as const }),
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

  return { look, settle, handOver, ...reports };
}

function setCallOf({ call, using }: Settling, integration: Settings, sealed: SetCall['sealed']): SetCall {
  const { desk, settings, account, resource, request, purpose, isUnseen } = call;
  return {
    ...{ desk, settings, integration, using, ...placeOf(call.strategy) },
    ...{ account, resource, request, purpose, sealed },
    ...(isUnseen && { isUnseen }),
  };
}

/** To take back, what was renamed or deleted meanwhile need not be found again, if the strategy knows better. */
async function leadsThere(strategy: Strategy, there: Call, call: SettleCall): Promise<boolean> {
  const { purpose, resource } = call;
  if (purpose === 'deescalate' && strategy.leadsTo) return strategy.leadsTo({ ...there, resource });
  const found = await strategy.resource(there);
  return 'resource' in found && found.resource === resource;
}

/** What the desk has now may have lost its secret or its rights; what it had then may still have them. */
async function firstToWork<T>([first, ...others]: Places, work: (place: Place) => Promise<T>): Promise<T> {
  const [second, ...more] = others;
  try {
    return await work(first);
  } catch (error) {
    if (second === undefined || !(error instanceof Failure)) throw error;
    return firstToWork([second, ...more], work);
  }
}

/** By which integration, and the strategy as it is there. */
type Places = readonly [Place, ...Place[]];
interface Place {
  readonly integration: Settings;
  readonly strategy: Strategy;
}

interface Settling {
  readonly strategy: Strategy;
  readonly call: SettleCall;
  readonly using: Capabilities;
}

const laneOf = { look: 'read', escalate: 'escalate', deescalate: 'revoke' } as const;
const leadsElsewhere = 'The integration was removed, or leads elsewhere than when this was approved.';
const givesAnother = 'The strategy gives access to another thing than when this was approved.';
const noCode = 'Code of desks is not run here.';
const noSuchStrategy = 'This installation has no strategy of that type.';
const noSuchIntegration =
  'The strategy needs an integration, and countersign.yml declares none of that name.';

const impossible = (why: string) => ({ missing: 'impossible', why }) as const;

function integrationProblem({ integration: schema }: Strategy, integration: Settings): string | undefined {
  const problem = schema && settingsProblem(schema, integration);
  return problem === undefined ? undefined : `The integration is not usable. ${problem}`;
}

function sealContext({ request, resource, account }: SettleCall): string {
  return JSON.stringify([request, resource, account]);
}
