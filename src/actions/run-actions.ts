// Runs whichever kind of action a request names: validated once more, where it was approved for, and in time.
import { installedOn } from '../clients/github/answer.ts';
import type { GitHubApp } from '../clients/github/github-app.ts';
import { environmentOf, type Outside } from '../clients/outside.ts';
import { addressOf } from '../desk/action-address.ts';
import { settingsProblem } from '../desk/schema/settings-problem.ts';
import type { Settings } from '../domain/flow.ts';
import type { DeskId, RequestId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { ActionCall, ActionCode, Actions } from '../engine/ports/actions.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { ActionKind, Capabilities } from './action.ts';

export interface ActionParts {
  readonly kinds: readonly ActionKind[];
  readonly clock: Clock;
  readonly outside: Outside;
  /** The integration of that name as it is now, first of all; empty where there is none. */
  integrations(desk: DeskId, name: string, request?: RequestId): Promise<readonly Settings[]>;
  readonly code: ActionCode;
  /** The second, optional app, and the login by which GitHub shows what it does. */
  readonly grantsApp?: Pick<GitHubApp, 'forRepository' | 'app'>;
}

const patienceMs = 30_000;
const noGrantsApp =
  'Workflows are started by a second app, and none is set up. Set COUNTERSIGN_GRANTS_APP_ID and COUNTERSIGN_GRANTS_PRIVATE_KEY.';

export function createActions(parts: ActionParts): Actions {
  const { clock } = parts;
  const kinds = new Map(parts.kinds.map((kind) => [kind.type, kind]));

  async function run(call: ActionCall): ReturnType<Actions['run']> {
    const kind = kinds.get(call.action.run);
    if (kind === undefined) throw never('This installation has no action of that kind.');
    const problem = settingsProblem(kind.with, call.action.with);
    if (problem !== undefined) throw never(problem);
    const { desk, request, key, startedAt, isRepeated, signal } = call;
    const limit = { clock, ms: kind.patienceMs ?? patienceMs, who: kind.service, signal };
    const ran = await withinTime(limit, async (inTime) => {
      const integration = await integrationFor(kind, call);
      const using = capabilities(call, inTime);
      const told = { desk, request, key, startedAt, isRepeated };
      return kind.run({ with: call.action.with, integration, ...told, using });
    });
    return ran.recorded ? { recorded: shortened(ran.recorded) } : {};
  }

  /** As the desk has it now, and only where it leads where it led when this was asked for. */
  async function integrationFor(kind: ActionKind, { desk, action }: ActionCall): Promise<Settings> {
    if (kind.integration === undefined) return {};
    const [integration] =
      action.integration === undefined ? [] : await parts.integrations(desk, action.integration);
    if (integration === undefined) throw never('The integration was removed from countersign.yml.');
    const problem = settingsProblem(kind.integration, integration);
    if (problem !== undefined) throw never(`The integration is not usable. ${problem}`);
    if (addressOf(kind, integration) !== action.address)
      throw never('The integration leads elsewhere than when this was asked for.');
    return integration;
  }

  function capabilities(call: ActionCall, signal: AbortSignal): Capabilities {
    const { desk, commit, notAfter } = call;
    const outside = parts.outside.of(desk, { signal, notAfter, ...environmentOf(call.action) });
    return {
      ...outside,
      async demand() {
        if (clock.now() >= notAfter || !(await call.isWanted()))
          throw new Failure('The approval ended before.', { transient: true, isUntouched: true });
      },
      async github(owner, repo) {
        const { grantsApp } = parts;
        if (grantsApp === undefined) throw never(noGrantsApp);
        const installation = await installedOn(grantsApp.forRepository(owner, repo));
        return {
          octokit: installation.at('escalate', { signal, notAfter }),
          login: await loginOf(grantsApp),
        };
      },
      code: (run) => parts.code.run({ ...run, desk, commit, notAfter, signal }),
      async fetch(url, init) {
        if (clock.now() >= notAfter)
          throw new Failure('The approval ended before.', { transient: true, isUntouched: true });
        return outside.fetch(url, init);
      },
    };
  }

  return { run };
}

async function loginOf(grantsApp: Pick<GitHubApp, 'app'>): Promise<string> {
  const { data } = await grantsApp.app().rest.apps.getAuthenticated();
  return `${data?.slug ?? ''}[bot]`;
}

/** What was certainly not begun, and never will be. */
function never(message: string): Failure {
  return new Failure(message, { transient: false, isUntouched: true });
}

/** Whatever a service answers, a card and the ledger have room for it. */
const longest = 500;

function shortened(recorded: { readonly [name: string]: string }): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(recorded).map(([name, text]) => [name, text.slice(0, longest)]));
}
