// `slack.send` for a desk's code: a text to a place that the flow lists, signed as the code's, so that it passes for nothing of ours.
import type { MessageBody } from '../../clients/slack/slack-connection.ts';
import { destination, type DeskId, type Destination } from '../../domain/names.ts';
import { OutsideRefusal, type Capability } from '../capabilities.ts';
import { objectArg, textArg } from './call-args.ts';

/** Posts it there. Throws `Failure`. */
export type PostToSlack = (
  desk: DeskId,
  message: { readonly to: Destination; readonly body: MessageBody; readonly signal: AbortSignal },
) => Promise<void>;

const name = 'slack.send';
/** Slack takes no more in one section. */
const longest = 3000;

export function createSlackSend(post: PostToSlack | undefined): Capability {
  return async ({ desk, args, grants, signal }) => {
    const message = objectArg(name, args);
    const to = textArg(name, message, 'to');
    const text = plainMarkup(textArg(name, message, 'text'));
    const granted = grants.slack;
    if (granted === undefined || !granted.to.includes(to))
      throw new OutsideRefusal('not-granted', 'This code may not send a message there.');
    if (text.length > longest)
      throw new OutsideRefusal('refused', `${name}: Its text is longer than ${longest} characters.`);
    if (post === undefined) throw new OutsideRefusal('refused', `${name}: Slack is not set up.`);
    const place = to === 'requester' ? destination(`person:${granted.requester}`) : destination(to);
    await post(desk, { to: place, body: bodyOf(text, granted.from), signal });
    return null;
  };
}

/** Text alone: there is nothing to press in it, and nothing by which we would take it for a card of ours. */
function bodyOf(text: string, from: string): MessageBody {
  return {
    // A notification shows nothing else.
    text: `${from}: ${text}`,
    blocks: [
      // Above it: below, whatever is long would hide it.
      { type: 'context', elements: [{ type: 'plain_text', text: from, emoji: false }] },
      { type: 'section', text: { type: 'mrkdwn', text } },
    ],
  };
}

/** `<!channel>`, `@here` and whole user groups are not code's to call. */
function plainMarkup(text: string): string {
  return text
    .replaceAll('<!', '‹!')
    .replaceAll(/@(?=here|channel|everyone)/gi, '@\u200b')
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '');
}
