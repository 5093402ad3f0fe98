// Opens the rooms in which code of a desk runs, with what its flows, its desk and the operator's settings let it reach.
import type { GitHubApp } from '../clients/github/github-app.ts';
import { createRepositoryReader } from '../clients/github/repository-reader.ts';
import type { Outside } from '../clients/outside.ts';
import type { Desks } from '../desk/desks.ts';
import type { DeskId, Milliseconds } from '../domain/names.ts';
import type { ActionCode } from '../engine/ports/actions.ts';
import type { Directory } from '../engine/ports/directory.ts';
import type { DeskCode } from '../engine/ports/desk-code.ts';
import { withinTime } from '../engine/time-limit.ts';
import { createActionCode } from '../hooks/action-code.ts';
import { createAuthenticate, type WaysFor } from '../hooks/calls/authenticate.ts';
import { createGitHubRequest } from '../hooks/calls/github-request.ts';
import { grantsOf, type CodeUse } from '../hooks/calls/grants-of.ts';
import { createLambdaInvoke } from '../hooks/calls/lambda-invoke.ts';
import { createOktaGroupsOf } from '../hooks/calls/okta-groups-of.ts';
import { createPagerDutyOnCall } from '../hooks/calls/pagerduty-on-call.ts';
import { createSlackSend, type PostToSlack } from '../hooks/calls/slack-send.ts';
import type { Capabilities, Capability, Grants } from '../hooks/capabilities.ts';
import { createCodeRooms, type CodeRooms } from '../hooks/code-rooms.ts';
import { createOptionCode, type RunOptionCode } from '../hooks/option-code.ts';
import { createHookRunner } from '../hooks/hook-runner.ts';
import { createHttpCall } from '../hooks/http-call.ts';
import type { AccessControlParts } from '../strategies/access-control.ts';
import { isRepositoryListed } from './code-settings.ts';
import type { Surroundings } from './compose.ts';
import { createKeptCode, type KeptCodeParts } from './kept-code.ts';
import type { Settings } from './settings.ts';
import { createStrategyCode } from './strategy-code.ts';

export interface CodeHalf {
  readonly rooms: CodeRooms;
  /** Of its flows: the hooks. */
  readonly code: DeskCode;
  readonly ofStrategies: NonNullable<AccessControlParts['code']>;
  /** What runs after an approval. */
  readonly actions: ActionCode;
  /** What answers the options of a field. */
  readonly options: RunOptionCode;
}

export interface CodeParts {
  readonly desks: Pick<Desks, 'desk' | 'at'>;
  readonly directory: Pick<Directory, 'belongs'>;
  readonly outside: Outside;
  readonly github: Pick<GitHubApp, 'app' | 'forRepository' | 'forRepositoryId'>;
  readonly settings: Pick<Settings, 'baseUrl' | 'codeRepositories'>;
  /** What has to be known without GitHub. */
  readonly store: KeptCodeParts['store'];
  /** Absent where Slack is not set up. */
  readonly post?: PostToSlack;
}

type Around = Pick<Surroundings, 'clock' | 'log' | 'fetch'>;

export function openCode(around: Around, parts: CodeParts): CodeHalf {
  const { clock, log } = around;
  const { desks, directory, outside, store } = parts;
  const rooms = createCodeRooms({ clock, log, capabilities: capabilitiesOf(around, parts) });

  /** A secret is read as a request leaves; that request has its own end. */
  const secretOf = (desk: DeskId) => outside.of(desk, { signal: new AbortController().signal }).secret;

  async function grantsOfHosts(desk: DeskId, hosts: readonly string[]): Promise<Grants> {
    return { calls: ['http'], hosts, secret: secretOf(desk) };
  }

  async function grants(desk: DeskId, use: CodeUse): Promise<Grants> {
    const { settings } = await desks.desk(desk);
    return { ...grantsOf(use, settings), secret: secretOf(desk) };
  }

  const code = createHookRunner({
    rooms,
    grants,
    desk: desks.desk,
    deskAt: desks.at,
    belongs: directory.belongs,
  });
  const kept = createKeptCode({ desks, store, clock });
  return {
    rooms,
    code,
    ofStrategies: createStrategyCode({ rooms, desks, kept, outside, directory, clock }),
    actions: createActionCode({ rooms, clock, deskAt: desks.at, grants: grantsOfHosts }),
    options: createOptionCode({
      ...{ rooms, clock, desk: desks.desk, grants: grantsOfHosts },
      belongs: directory.belongs,
    }),
  };
}

/** As the SDK says: what does not come within ten seconds does not come. */
const patience: Milliseconds = 10_000;

/** By the names that the SDK calls. */
export function capabilitiesOf(
  { clock, fetch }: Pick<Surroundings, 'clock' | 'fetch'>,
  { outside, github, settings, post }: Pick<CodeParts, 'outside' | 'github' | 'settings' | 'post'>,
): Capabilities {
  const ways: WaysFor = ({ desk, signal, grants: { notAfter } }, { environment } = {}) =>
    outside.of(desk, {
      ...{ signal, purpose: 'look' },
      ...(environment !== undefined && { environment }),
      ...(notAfter !== undefined && { notAfter }),
    });
  const authenticate = createAuthenticate(ways);
  const within =
    (who: string, capability: Capability): Capability =>
    (call) =>
      withinTime({ clock, ms: patience, who, signal: call.signal }, (signal) =>
        capability({ ...call, signal: AbortSignal.any([call.signal, signal]) }),
      );
  const reader = createRepositoryReader({ ...{ clock, fetch, github }, baseUrl: settings.baseUrl });
  const mayRead = isRepositoryListed(settings.codeRepositories);
  return {
    http: (call) => createHttpCall({ clock, authenticate, fetch: ways(call).fetch })(call),
    'lambda.invoke': within('AWS Lambda', createLambdaInvoke(ways)),
    'pagerduty.on-call': within('PagerDuty', createPagerDutyOnCall(ways)),
    'okta.groups-of': within('Okta', createOktaGroupsOf(ways)),
    'slack.send': within('Slack', createSlackSend(post)),
    'github.request': within('GitHub', createGitHubRequest({ github, reader, mayRead, clock })),
  };
}
