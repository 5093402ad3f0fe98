// What an app answers to a command, or posts to a response URL: a message for one, or for all.
import { asList, asText, isJson, type Json } from './json.ts';
import { checkMessage, type MessageContent } from './limits/message.ts';
import { changeMessage, postAsApp, removeMessage } from './messages.ts';
import type { ResponseUrl } from './response-urls.ts';
import type { MessageRow } from './rows.ts';
import { messageKey } from './state.ts';
import type { World } from './world.ts';

export type Responded =
  { readonly ok: true; readonly message: MessageRow | null } | { readonly ok: false; readonly error: string };

export function respond(world: World, to: ResponseUrl, answer: Json): Responded {
  const app = world.state.apps.get(to.app);
  const channel = world.state.channels.get(to.channel);
  if (!app || !channel) return { ok: false, error: 'channel_not_found' };
  const original = to.ts === null ? undefined : world.state.messages.get(messageKey(to.channel, to.ts));
  if (answer['delete_original'] === true) {
    if (original) removeMessage(world, original);
    return { ok: true, message: null };
  }
  const text = asText(answer['text']);
  const blocks = answer['blocks'];
  const content: MessageContent = { ...(text === undefined ? {} : { text }), ...(blocks ? { blocks } : {}) };
  const problem = checkMessage(content);
  if (problem) return { ok: false, error: problem.error };
  const draft = { text: text ?? '', blocks: asList(blocks) };
  if (answer['replace_original'] === true && original) {
    return { ok: true, message: changeMessage(world, original, draft) };
  }
  const isForAll = answer['response_type'] === 'in_channel';
  const message = postAsApp(world, app, channel, {
    ...draft,
    only_for: isForAll ? null : to.user,
    thread_ts: asText(answer['thread_ts']) ?? null,
  });
  return { ok: true, message };
}

/** The body of an answer to a response URL; undefined where it is none. */
export function readResponse(body: unknown): Json | undefined {
  return isJson(body) ? body : undefined;
}
