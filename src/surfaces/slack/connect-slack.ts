// Puts the Slack surface together: what the engine speaks through, and what Slack's deliveries come in by.
import type { SlackApp } from '../../clients/slack/slack-app.ts';
import type { DeskId } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import type { DoorSurface } from '../../engine/doors.ts';
import { createCarrier, type Carrier, type Remark } from '../../engine/carrier.ts';
import type { Linking } from '../../engine/linking.ts';
import type { Adoption, HandingOver, Overview, Reception } from '../../engine/ports/reception.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Directory } from '../../engine/ports/directory.ts';
import type { Flows, OptionLists } from '../../engine/ports/flows.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Prompts } from '../../engine/prompts.ts';
import { createShowHandedOver } from './handing-over.ts';
import { createAsking } from './asking.ts';
import { createCarriedReplies } from './carried-replies.ts';
import { createDeciding } from './deciding.ts';
import { createErrorChannels, type ErrorChannelsParts, type SlackErrorRooms } from './error-channel.ts';
import { createHearing, type AcceptSlack } from './hearing.ts';
import { createHome } from './home.ts';
import { createOpenFlows } from './open-flows.ts';
import { createOpenTo } from './open-here.ts';
import { createOrders } from './orders.ts';
import { createOverhearing } from './overheard.ts';
import { createPatience } from './patience.ts';
import { createVouching } from './vouching.ts';
import { createSlackSurface, type SlackSurfaceParts } from './surface.ts';
import { createToldInForms } from './told-in-forms.ts';
import { createWho } from './who.ts';

export interface SlackConnectionParts {
  readonly slack: SlackApp;
  readonly desks: readonly DeskId[];
  readonly deskNames: ReadonlyMap<DeskId, string>;
  readonly directory: Directory;
  readonly flows: Flows;
  readonly options: OptionLists;
  readonly prompts: Prompts;
  readonly people: SlackSurfaceParts['people'];
  readonly linking: Linking;
  /** What people say in the thread of a card. */
  readonly overheard: (remark: Remark) => void;
  /** The pages on GitHub of a request and of a desk's flows, where they are known. */
  readonly issueUrl: (request: Request) => Promise<string | undefined>;
  readonly deskUrl: (desk: DeskId) => Promise<string | undefined>;
  readonly deskName: ErrorChannelsParts['deskName'];
  readonly threadUrl: ErrorChannelsParts['threadUrl'];
  readonly errorChannels: ErrorChannelsParts['errorChannels'];
  /** Since when, or until when, nothing that people did reached us; undefined where that never was. */
  readonly deafness: SlackSurfaceParts['deafness'];
  readonly clock: Clock;
  readonly log: Log;
  /** Asked for when needed: the engine is made with the surface, and the surface speaks to the engine. */
  readonly reception: () => Everything;
}

export interface SlackConnection {
  readonly surface: DoorSurface;
  readonly accept: AcceptSlack;
  /** What was said on GitHub, to be said in the threads of cards. */
  readonly carry: Carrier['carry'];
  readonly errorRooms: SlackErrorRooms;
  /** Resolves once nothing is under way that Slack does not wait for. */
  idle(): Promise<void>;
}

export function connectSlack(parts: SlackConnectionParts): SlackConnection {
  const { clock, log } = parts;
  const reception = forwarding(parts.reception);
  const { background, idle } = createBackground(log);
  const told = createToldInForms(clock);
  const who = createWho(parts);
  const openTo = createOpenTo({ ...parts, who, openFlows: createOpenFlows(parts) });
  const asking = createAsking({ ...parts, reception, openTo, who, told, background });
  const accept = createHearing({
    ...parts,
    mayBeShown: createPatience(clock),
    isVouchedFor: createVouching({ desks: parts.desks, workspaceOf: parts.people.workspaceOf }),
    asking,
    deciding: createDeciding({ reception, told, log, background, clock, isColleague: who.isColleague }),
    showHandedOver: createShowHandedOver({ handing: reception, clock }),
    home: createHome({ who, overview: reception, clock }),
    orders: createOrders({ ...parts, asking, who, overview: reception, background }),
    overhear: createOverhearing({ ...parts, reception }),
    background,
  });
  const replies = createCarrier({
    ...parts,
    to: 'Slack',
    write: createCarriedReplies({ ...parts, reception }),
  });
  return {
    surface: createSlackSurface({ ...parts, told }),
    accept,
    carry: replies.carry,
    errorRooms: createErrorChannels(parts),
    async idle() {
      await Promise.all([idle(), replies.idle()]);
    },
  };
}

type Everything = Reception & Adoption & Overview & HandingOver;

function forwarding(reception: () => Everything): Everything {
  return {
    accept: (command, about) => reception().accept(command, about),
    handOver: (id, voice, show) => reception().handOver(id, voice, show),
    why: (id, voice) => reception().why(id, voice),
    outcome: (receipt, within) => reception().outcome(receipt, within),
    requestOf: (thread) => reception().requestOf(thread),
    view: (id) => reception().view(id),
    reshow: (id) => reception().reshow(id),
    glance: (id) => reception().glance(id),
    adopt: (id, to, card) => reception().adopt(id, to, card),
    askedBy: (desk, person) => reception().askedBy(desk, person),
    debtsOf: (desk, account) => reception().debtsOf(desk, account),
    waitingFor: (desk, person) => reception().waitingFor(desk, person),
  };
}

/** Nothing here decides anything, so that what fails is logged and let go. */
function createBackground(log: Log): Pick<SlackConnection, 'idle'> & {
  readonly background: (work: () => Promise<void>) => void;
} {
  const running = new Set<Promise<void>>();
  return {
    background(work) {
      const run = work()
        .catch((error: unknown) => {
          log.warn('Something shown on Slack failed', {
            error: error instanceof Error ? error.message : 'unknown',
          });
        })
        .finally(() => running.delete(run));
      running.add(run);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
