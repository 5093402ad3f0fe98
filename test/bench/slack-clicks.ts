// Clicks on “Approve” as Slack delivers them, signed, each a press of its own.
import { createHmac } from 'node:crypto';
import { channels, people } from '../../sandbox/slack/sample-company.ts';
import type { Signed } from './signed-load.ts';

export interface ClickPlace {
  readonly cards: readonly { readonly ts: string; readonly request: string }[];
  readonly secret: string;
}

/** A step's approver, and people who may not approve: each presses on every card, again and again. */
const pressing = [
  ['bob', people.bob],
  ['eve', people.eve],
  ['lena', people.lena],
  ['kofi', people.kofi],
  ['ines', people.ines],
] as const;

/** As long as a real one: Slack sends the whole message along. */
const message = 'Somebody asks for production, and this is what the card says of it. '.repeat(20);

export function clicks(first: number, count: number, { cards, secret }: ClickPlace): readonly Signed[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const [name, user] = pressing[number % pressing.length] ?? pressing[0];
    const card = cards[Math.floor(number / pressing.length) % cards.length];
    const now = Date.now() / 1000;
    const pressed = `${Math.floor(now)}.${String(number).padStart(6, '0')}`;
    const team = { id: 'T07ACME00', domain: 'acme' };
    const payload = {
      type: 'block_actions',
      user: { id: user, username: name, name, team_id: team.id },
      api_app_id: 'A07CSIGN00',
      token: 'none',
      container: { type: 'message', message_ts: card?.ts, channel_id: channels.access, is_ephemeral: false },
      trigger_id: `${number}.1.a`,
      team,
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: channels.access, name: 'privategroup' },
      message: { type: 'message', ts: card?.ts, text: message, blocks: [] },
      state: { values: {} },
      response_url: 'https://hooks.slack.com/actions/T07ACME00/1/a',
      actions: [
        {
          action_id: 'approve',
          block_id: `countersign:${card?.request}`,
          text: { type: 'plain_text', text: 'Approve', emoji: false },
          value: card?.request,
          style: 'primary',
          type: 'button',
          action_ts: pressed,
        },
      ],
    };
    const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
    const timestamp = String(Math.floor(now));
    const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
    return {
      ref: `${team.id}/${user}/${channels.access}/${card?.ts}/${pressed}`,
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      },
    };
  });
}
