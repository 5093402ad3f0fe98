// The slash command: what stands behind it opens a form, or is answered to whoever said it alone.
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import { cardOf } from '../../domain/card.ts';
import type { Overview } from '../../engine/ports.ts';
import { list } from '../../domain/words.ts';
import type { Asking } from './asking.ts';
import { message, type Message } from './blocks.ts';
import { clip, oneLine } from './escape.ts';
import type { Line } from './pieces.ts';
import { accountOf, type DeliveredOf, type SlackPerson } from './read-delivery.ts';
import { renderRefusal } from './render-answer.ts';
import type { Who } from './who.ts';

export interface Orders {
  /** What the acknowledgement says; undefined where a form opens. */
  answer(connection: SlackConnection, command: DeliveredOf<'command'>): Promise<object | undefined>;
}

export interface OrderParts {
  readonly asking: Pick<Asking, 'open'>;
  readonly who: Who;
  readonly overview: Overview;
  readonly background: (work: () => Promise<void>) => void;
}

const mostShown = 10;

export function createOrders({ asking, who: people, overview, background }: OrderParts): Orders {
  async function whoami(who: SlackPerson): Promise<Message> {
    const known = await people.known(who);
    if (known.length === 0) return unlinked(who);
    const names = [...new Set(known.map(({ person }) => person))];
    return message([
      ['Here you are ', { bold: list(names, 'and') }, ', by your Slack account ', `${accountOf(who)}.`],
    ]);
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
        mine.map(cardOf).map(({ subject, statusTitle }) => `${subject}: ${statusTitle}`),
      ),
      ...section(
        'Waiting for you',
        waiting.map(cardOf).map(({ subject, requester }) => `${subject}, for ${requester.name}`),
      ),
    ]);
  }

  return {
    async answer(connection, { who, text, trigger, word, workspace, channel }) {
      const [first = '', ...rest] = text.trim().split(/\s+/);
      switch (first.toLowerCase()) {
        case 'help':
          return privately(help(word));
        case 'whoami':
          return privately(await whoami(who));
        case 'status':
          return privately(await status(who));
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

function privately({ text, blocks }: Message): object {
  return { response_type: 'ephemeral', text, blocks };
}

function unlinked(who: SlackPerson): Message {
  return renderRefusal({ code: 'unlinked-account', name: who.name, account: accountOf(who) });
}

function section(title: string, lines: readonly string[]): readonly Line[] {
  if (lines.length === 0) return [];
  const more = lines.length > mostShown ? [[`… and ${lines.length - mostShown} more`]] : [];
  return [
    [{ bold: title }],
    ...lines.slice(0, mostShown).map((each): Line => [`• ${clip(oneLine(each), 200)}`]),
    ...more,
  ];
}

function help(word: string): Message {
  const say = (rest: string): string => `${word} ${rest}`.trim();
  return message([
    [{ bold: 'Ask for access, for a while, and see who decides.' }],
    [{ bold: say('') }, ' shows what is open to you.'],
    [{ bold: say('FLOW') }, ' opens the form of one flow.'],
    [{ bold: say('status') }, ' says what you asked for and what waits for you.'],
    [{ bold: say('whoami') }, ' says who you are here.'],
    [
      'Whoever decides presses a button on the card; what you have and what waits for you stands in the Home of this app.',
    ],
  ]);
}
