// The slash command: what stands behind it opens a form, or is answered to whoever said it alone.
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import { cardOf, type Card } from '../../domain/card.ts';
import type { DeskId, Instant } from '../../domain/names.ts';
import type { KnownBy, Linking } from '../../engine/linking.ts';
import type { Overview } from '../../engine/ports/reception.ts';
import type { Asking } from './asking.ts';
import { message, type Message } from './blocks.ts';
import { clip, oneLine } from './escape.ts';
import { whoAsks, type Line } from './pieces.ts';
import { accountOf, type DeliveredOf, type SlackPerson } from './read-delivery.ts';
import { renderRefusal } from './render-answer.ts';
import { nextLine } from './render-card.ts';
import { renderOffers } from './render-link.ts';
import type { Who } from './who.ts';

export interface Orders {
  /** What the acknowledgement says; undefined where a form opens. */
  answer(connection: SlackConnection, command: DeliveredOf<'command'>): Promise<object | undefined>;
}

export interface OrderParts {
  readonly asking: Pick<Asking, 'open'>;
  readonly who: Who;
  readonly overview: Overview;
  readonly linking: Pick<Linking, 'identify' | 'ask' | 'unlink'>;
  /** What a desk is called on GitHub, as far as that is known. */
  readonly deskName: (desk: DeskId) => Promise<string | undefined>;
  readonly background: (work: () => Promise<void>) => void;
}

const mostShown = 10;

export function createOrders(parts: OrderParts): Orders {
  const { asking, who: people, overview, linking, deskName, background } = parts;

  async function whoami(who: SlackPerson): Promise<Message> {
    const known = await people.known(who);
    if (known.length === 0) return unlinked(who);
    const said = new Set<string>();
    const lines: Line[] = [];
    for (const { desk } of known) {
      const found = await linking.identify(desk, accountOf(who));
      if (found === null || said.has(`${found.person} ${found.by}`)) continue;
      said.add(`${found.person} ${found.by}`);
      lines.push(['Here you are ', { bold: found.person }, `, ${knownBy[found.by]}. `]);
    }
    return message([...lines, ['Your Slack account is ', { code: accountOf(who) }, '.']]);
  }

  async function link(who: SlackPerson): Promise<Message> {
    const asked = await linking.ask(accountOf(who));
    if ('refusal' in asked) return renderRefusal(asked.refusal);
    return renderOffers(
      asked,
      await Promise.all(asked.offers.map(async ({ desk, line }) => ({ line, page: await deskName(desk) }))),
    );
  }

  /** In every desk where this account is linked; elsewhere there is nothing to undo. */
  async function unlink(who: SlackPerson, trigger: string, at: Instant): Promise<Message> {
    const account = accountOf(who);
    const known = await people.known(who);
    let wasLinked = false;
    for (const { desk } of known) {
      if ((await linking.identify(desk, account))?.by !== 'link') continue;
      const ref = `${who.team}/${who.user}/${trigger}`;
      const said = await linking.unlink(desk, { surface: 'slack', account, name: who.name, ref, at });
      if ('refusal' in said) return renderRefusal(said.refusal);
      wasLinked = true;
    }
    if (known.length === 0) return unlinked(who);
    return wasLinked
      ? message([['This Slack account no longer counts as anybody here. It is recorded.']])
      : renderRefusal({ code: 'nothing-to-unlink' });
  }

  async function status(who: SlackPerson): Promise<Message> {
    const known = await people.known(who);
    if (known.length === 0) return unlinked(who);
    const mine = (await Promise.all(known.map(({ desk, person }) => overview.askedBy(desk, person)))).flat();
    const waiting = (
      await Promise.all(known.map(({ desk, person }) => overview.waitingFor(desk, person)))
    ).flat();
    if (mine.length + waiting.length === 0)
      return message([['You have asked for nothing that is still open, and nothing waits for you.']]);
    return message([
      ...section(
        'What you asked for',
        mine.map((request) => {
          const card = cardOf(request);
          return [`${card.subject}: ${card.statusTitle}${aboutIt(card)}. `, ...nextLine(card, 150)];
        }),
      ),
      ...section(
        'Waiting for you',
        waiting.map((request) => {
          const card = cardOf(request);
          return [`${card.subject}, for ${whoAsks(card.requester)}${aboutIt(card)}`];
        }),
      ),
    ]);
  }

  return {
    async answer(connection, { who, text, trigger, word, workspace, channel, at }) {
      const [first = '', ...rest] = text.trim().split(/\s+/);
      switch (first.toLowerCase()) {
        case 'help':
          return privately(help(word));
        case 'whoami':
          return privately(await whoami(who));
        case 'link':
          return privately(await link(who));
        case 'unlink':
          return privately(await unlink(who, trigger, at));
        case 'status':
          return privately(await status(who));
        case 'break-glass': {
          const flow = rest.join(' ');
          const origin = { workspace, channel };
          const asked = { who, trigger, origin, glass: true as const, ...(flow !== '' && { flow }) };
          background(() => asking.open(connection, asked));
          return undefined;
        }
        default: {
          const flow = [first, ...rest].join(' ');
          const origin = { workspace, channel };
          const asked = { who, trigger, origin, ...(flow !== '' && { flow }) };
          background(() => asking.open(connection, asked));
          return undefined;
        }
      }
    },
  };
}

const knownBy = {
  people: 'as flows/people.yml says',
  guests: 'a guest whom flows/countersign.yml declares',
  'e-mail': 'by the e-mail address that your workspace has confirmed',
  link: 'by your own word, here and on GitHub',
} as const satisfies { readonly [B in KnownBy]: string };

function privately({ text, blocks }: Message): object {
  return { response_type: 'ephemeral', text, blocks };
}

function unlinked(who: SlackPerson): Message {
  return renderRefusal({ code: 'unlinked-account', name: who.name, account: accountOf(who) });
}

/** Two of the same are told apart by what was said of them. */
function aboutIt({ answers }: Card): string {
  const [first] = answers;
  return first === undefined ? '' : ` (${clip(oneLine(first.text), 80)})`;
}

function section(title: string, lines: readonly Line[]): readonly Line[] {
  if (lines.length === 0) return [];
  const more = lines.length > mostShown ? [[`… and ${lines.length - mostShown} more`]] : [];
  return [[{ bold: title }], ...lines.slice(0, mostShown).map((each): Line => ['• ', ...each]), ...more];
}

function help(word: string): Message {
  const say = (rest: string): string => `${word} ${rest}`.trim();
  return message([
    [{ bold: 'Ask for access, for a while, and see who decides.' }],
    [{ bold: say('') }, ' shows what is open to you.'],
    [{ bold: say('FLOW') }, ' opens the form of one flow.'],
    [
      { bold: say('break-glass FLOW') },
      ' opens the form for an emergency, where the flow has one: nobody is asked, and it is reviewed.',
    ],
    [{ bold: say('status') }, ' says what you asked for and what waits for you.'],
    [{ bold: say('whoami') }, ' says who you are here, and how that is known.'],
    [
      { bold: say('link') },
      ' shows which account on GitHub is yours; ',
      { bold: say('unlink') },
      ' undoes it.',
    ],
    [
      'Whoever decides presses a button on the card; what you have and what waits for you stands in the Home of this app.',
    ],
  ]);
}
