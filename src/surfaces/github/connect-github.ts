// Puts the GitHub surface together: what the engine speaks through, what webhooks come in by, and what finds those that did not come.
import type { GitHubApp } from '../../clients/github/github-app.ts';
import type { DeskId } from '../../domain/names.ts';
import type { ErrorChannel, ErrorPlace } from '../../engine/error-channel.ts';
import { createCarrier, type Carrier, type Remark } from '../../engine/carrier.ts';
import type { Linking } from '../../engine/linking.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Flows } from '../../engine/ports/flows.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Overview, Reception } from '../../engine/ports/reception.ts';
import { createAcceptWebhook, type AcceptWebhook } from './accept-webhook.ts';
import { createCarriedComments } from './carried-comments.ts';
import { createErrorIssue } from './error-issue.ts';
import { createFlowCheck, type FlowCheck, type FlowCheckParts } from './flow-check/flow-check.ts';
import { createHearing } from './hearing.ts';
import { createRecovery, type Bookmarks, type Recovery } from './recover.ts';
import { createRereadThread } from './reread-thread.ts';
import { createReplies, createSurface, type DeskPeople, type GitHubSurface } from './surface.ts';

export interface GitHubConnectionParts {
  readonly github: GitHubApp;
  /** Our app's account: its slug and `[bot]`. */
  readonly botLogin: string;
  readonly desks: readonly DeskId[];
  readonly people: DeskPeople;
  readonly flows: Flows;
  readonly bookmarks: Bookmarks;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked for when needed: the engine is made with the surface, and the surface speaks to the engine. */
  readonly reception: () => Reception & Pick<Overview, 'debtsOf'>;
  /** The same: the errors are shown here. */
  readonly errors: () => ErrorsHere;
  readonly readFlowsAt: FlowCheckParts['at'];
  readonly lookUpGroup: FlowCheckParts['lookUpGroup'];
  readonly lookUpSlack?: NonNullable<FlowCheckParts['lookUpSlack']>;
  readonly seeCode: FlowCheckParts['seeCode'];
  readonly inForce: FlowCheckParts['inForce'];
  readonly judge: FlowCheckParts['judge'];
  /** Absent where Slack is not set up. */
  readonly linking?: Linking;
  /** What people say beside a request, for where else it is talked about. */
  readonly overheard?: (remark: Remark) => void;
}

export interface GitHubConnection {
  readonly surface: GitHubSurface;
  readonly acceptWebhook: AcceptWebhook;
  /** What was said elsewhere, to be written on the issue of its request. */
  readonly carry: Carrier['carry'];
  readonly recovery: Recovery;
  readonly errorPlace: ErrorPlace;
  readonly flowCheck: FlowCheck;
  /** Resolves once no reply, reaction or repair is under way. */
  idle(): Promise<void>;
}

export function connectGitHub(parts: GitHubConnectionParts): GitHubConnection {
  const { log, desks } = parts;
  const reception = forwarding(parts.reception);
  const errors = forwardingErrors(parts.errors);
  const { background, idle } = createBackground(log);
  const replies = createReplies(parts);
  const hearing = createHearing({ ...parts, reception, replies, background });
  const rereadThread = createRereadThread({ ...parts, reception, hearing });
  const surface = createSurface({ ...parts, replies, rereadThread });
  const comments = createCarrier({
    ...parts,
    to: 'GitHub',
    write: createCarriedComments({ ...parts, reception }),
  });
  const flowCheck = createFlowCheck({ ...parts, errors, at: parts.readFlowsAt });
  const acceptWebhook = createAcceptWebhook({
    ...parts,
    reception,
    hearing,
    surface,
    errors,
    background,
    desks: new Set(desks),
  });
  return {
    surface,
    carry: comments.carry,
    flowCheck,
    errorPlace: createErrorIssue(parts),
    async acceptWebhook(event, payload) {
      if (!(await flowCheck.accept(event, payload))) await acceptWebhook(event, payload);
    },
    recovery: createRecovery({ ...parts, rereadThread }),
    async idle() {
      await Promise.all([idle(), comments.idle()]);
    },
  };
}

function forwarding(
  reception: GitHubConnectionParts['reception'],
): ReturnType<GitHubConnectionParts['reception']> {
  return {
    accept: (command, about) => reception().accept(command, about),
    why: (id, voice) => reception().why(id, voice),
    outcome: (receipt, within) => reception().outcome(receipt, within),
    requestOf: (thread) => reception().requestOf(thread),
    view: (id) => reception().view(id),
    reshow: (id) => reception().reshow(id),
    debtsOf: (desk, account) => reception().debtsOf(desk, account),
  };
}

type ErrorsHere = Pick<ErrorChannel, 'raise' | 'clear' | 'refOf' | 'reshow'>;

function forwardingErrors(errors: () => ErrorsHere): ErrorsHere {
  return {
    raise: (desk, problem) => errors().raise(desk, problem),
    clear: (desk, key) => errors().clear(desk, key),
    refOf: (desk) => errors().refOf(desk),
    reshow: (desk) => errors().reshow(desk),
  };
}

/** Nothing here decides anything, so that what fails is logged and let go. */
function createBackground(log: Log): {
  readonly background: (work: () => Promise<void>) => void;
  readonly idle: () => Promise<void>;
} {
  const running = new Set<Promise<void>>();
  return {
    background(work) {
      const run = work()
        .catch((error: unknown) => {
          log.warn('A reply on GitHub failed', { error: error instanceof Error ? error.message : 'unknown' });
        })
        .finally(() => running.delete(run));
      running.add(run);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
