// What a visitor does in Slack as somebody: each ends as it ends there, with what Slack would show.
import { unprocessable } from '../github/problem.ts';
import { isObject, optionalText, requiredText, type JsonObject } from '../github/rest/json.ts';
import type { Sandbox } from '../server.ts';
import type { Choice } from '../slack/choices.ts';
import type { Spot } from '../slack/interactions.ts';
import type { Outcome } from '../slack/outcome.ts';
import type { Slack } from '../slack/slack.ts';
import { slackUserOf } from './persons.ts';

type Act = (slack: Slack, user: string, input: JsonObject) => Outcome | Promise<Outcome>;

const acts: Readonly<Record<string, Act>> = {
  say: (slack, user, input) => {
    const thread = optionalText(input, 'thread');
    return slack.say(user, {
      channel: text(input, 'channel'),
      text: text(input, 'text'),
      ...(thread === undefined ? {} : { thread_ts: thread }),
    });
  },
  command: (slack, user, input) => slack.command(user, [text(input, 'channel'), text(input, 'text')]),
  shortcut: (slack, user, input) => slack.shortcut(user, text(input, 'callback')),
  messageShortcut: (slack, user, input) =>
    slack.messageShortcut(user, {
      channel: text(input, 'channel'),
      ts: text(input, 'ts'),
      callbackId: text(input, 'callback'),
    }),
  press: (slack, user, input) => {
    const block = optionalText(input, 'block');
    return slack.press(user, {
      at: spot(input),
      action: text(input, 'action'),
      ...(block === undefined ? {} : { block }),
      ...(input['choose'] === undefined ? {} : { choose: choice(input['choose']) }),
    });
  },
  suggest: (slack, user, input) => {
    const block = optionalText(input, 'block');
    return slack.suggest(user, {
      at: spot(input),
      action: text(input, 'action'),
      typed: optionalText(input, 'typed') ?? '',
      ...(block === undefined ? {} : { block }),
    });
  },
  submitView: (slack, user, input) =>
    slack.submitView(user, { view: text(input, 'view'), state: choices(input['state']) }),
  closeView: (slack, user, input) => slack.closeView(user, { view: text(input, 'view') }),
  openHome: (slack, user) => slack.openHome(user),
  /** Somebody joins, or is added; so is the app. */
  join: (slack, user, input) => {
    slack.join(optionalText(input, 'user') ?? user, text(input, 'channel'));
    return { ok: true };
  },
  leave: (slack, user, input) => {
    slack.leave(optionalText(input, 'user') ?? user, text(input, 'channel'));
    return { ok: true };
  },
};

export async function slackAct(sandbox: Sandbox, input: JsonObject): Promise<Outcome> {
  const name = text(input, 'do');
  const known = acts[name];
  if (!known)
    throw unprocessable(`No act on Slack is called ${name}. Known: ${Object.keys(acts).join(', ')}.`);
  if (sandbox.beside?.past?.progress().finished === false && name !== 'openHome') {
    throw unprocessable(
      'The past is still being made, and only its people act in it. “That is enough” goes to today at once.',
    );
  }
  const login = text(input, 'as');
  const user = slackUserOf(sandbox, login);
  if (!sandbox.slack || !user) throw unprocessable(`${login} is not on Slack.`);
  return known(sandbox.slack, user.id, input);
}

function text(input: JsonObject, field: string): string {
  return requiredText(input, field, 'Sandbox');
}

function spot(input: JsonObject): Spot {
  const view = optionalText(input, 'view');
  return view === undefined ? { channel: text(input, 'channel'), ts: text(input, 'ts') } : { view };
}

function choices(value: unknown): Readonly<Record<string, Choice>> {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, choice(each)]))
    : {};
}

function choice(value: unknown): Choice {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? value : null;
}
