// The engine with mail: a request whose step is a customer's, who is told by mail and decides by its link. A real mail server, a clock that a test moves.
import { createMailClient } from '../../src/clients/mail/mail-client.ts';
import { hours } from '../../src/domain/duration.ts';
import type { ApprovalPolicy, Flow, FlowStep } from '../../src/domain/flow.ts';
import { destination, type RequestId } from '../../src/domain/names.ts';
import { joinDoors } from '../../src/engine/doors.ts';
import { createHeart, type Heart } from '../../src/engine/heart.ts';
import { createLinkDeciding, type LinkDeciding } from '../../src/surfaces/email/deciding.ts';
import { createLinkSigner, type LinkSigner } from '../../src/surfaces/email/decision-link.ts';
import { createEmailSurface } from '../../src/surfaces/email/surface.ts';
import { aMailServer, type MailDouble, type MailDoubleOptions } from '../mail-server.ts';
import type { World } from './facts.ts';
import { aFlow, anApproval, aStep } from './flow.ts';
import { aHouse, type House } from './house.ts';

export const cleos = 'cleo@customer.com';
export const toCleo = destination(`email:${cleos}`);
export const linkKey = Buffer.alloc(32, 3);

export interface MailedHouse extends House {
  readonly heart: Heart;
  readonly mails: MailDouble;
  readonly deciding: LinkDeciding;
  readonly signer: LinkSigner;
  /** Ann asks; resolves once everybody was told. */
  request(fields?: Readonly<Record<string, unknown>>): Promise<RequestId>;
  /** The clock goes on, and what is owed is done. */
  pass(ms: number): Promise<void>;
  /** The token of the newest mail. */
  token(): string;
  /** Everything that was logged, as one text. */
  logged(): string;
}

export interface MailedOptions {
  readonly step?: Partial<FlowStep>;
  readonly approval?: Partial<ApprovalPolicy>;
  readonly flow?: Partial<Flow>;
  readonly world?: Partial<World>;
  readonly links?: boolean;
  readonly server?: MailDoubleOptions;
}

export function customerStep(step: Partial<FlowStep> = {}): FlowStep {
  return aStep('customer', 'guest:customer', { byLink: true, routes: [{ to: [toCleo] }], ...step });
}

export async function aMailedHouse(options: MailedOptions = {}): Promise<MailedHouse> {
  const house = await aHouse();
  const approval = anApproval({
    steps: [customerStep(options.step)],
    lapseAfter: hours(24),
    ...options.approval,
  });
  house.world = {
    ...house.world,
    flows: [aFlow({ approval, allowGuests: true, guestLinks: true, ...options.flow })],
    people: { ...house.world.people, [`email:${cleos}`]: `email:${cleos}` },
    groups: { ...house.world.groups, 'guest:customer': [`email:${cleos}`] },
    ...options.world,
  };
  const mails = await aMailServer(options.server);
  const signer = createLinkSigner(linkKey);
  const lines: string[] = [];
  const note = (message: string, fields?: object): void =>
    void lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const log = { info: note, warn: note, error: note };
  const { clock, parts } = house;
  const from = { address: 'access@acme.com' };
  const email = createEmailSurface({
    mail: createMailClient({ host: '127.0.0.1', port: mails.port, tls: 'none', from }),
    domain: 'acme.com',
    ...(options.links !== false && { links: { url: 'https://countersign.acme.com', signer } }),
    reception: () => heart.reception,
    issueUrl: async () => 'https://github.com/acme/access/issues/1',
    clock,
  });
  const heart = createHeart({ ...parts, log, surface: joinDoors({ github: parts.surface, email }) });
  await heart.start();

  async function pass(ms: number): Promise<void> {
    for (let left = ms; ; left -= 1000) {
      await clock.advance(Math.max(0, Math.min(left, 1000)));
      await heart.beat();
      await heart.idle();
      if (left <= 1000) return;
    }
  }

  return Object.assign(house, {
    heart,
    mails,
    signer,
    deciding: createLinkDeciding({
      signer,
      reception: () => heart.reception,
      directory: parts.directory,
      flows: parts.flows,
      clock,
    }),
    async request(fields = {}) {
      const command = house.asks('ann-o');
      if (command.type !== 'request') throw new Error('Nobody asks.');
      const { request } = await heart.reception.accept({ ...command, form: { fields } });
      await pass(0);
      await pass(0);
      return request;
    },
    pass,
    token(): string {
      const [, token] = /\/decide\/(\S+)/.exec(mails.received.at(-1)?.text ?? '') ?? [];
      if (token === undefined) throw new Error('The last mail has no link.');
      return token;
    },
    logged: () => lines.join('\n'),
  });
}
