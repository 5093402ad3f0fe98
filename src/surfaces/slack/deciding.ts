// Deciding on Slack: what a button of a card does, and what its form brings.
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import type { PersonCommand, Voice } from '../../domain/commands.ts';
import type { SlackThread } from '../../domain/entries.ts';
import {
  between,
  destination,
  plus,
  type DeskId,
  type Instant,
  type Milliseconds,
  type RequestId,
} from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import type { Adoption, Reception } from '../../engine/ports/reception.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Log } from '../../engine/ports/log.ts';
import type { Why } from '../../domain/explain.ts';
import { triggerMs } from './asking.ts';
import { readMore, readTarget } from './card-actions.ts';
import {
  decisionForm,
  decisions,
  readDecision,
  type Decision,
  type FilledDecision,
} from './decision-form.ts';
import { readPlace, type Place } from './place.ts';
import { refusalView } from './plain-views.ts';
import { renderWhyAnswer } from './render-answer.ts';
import type { DeliveredOf, SlackPerson } from './read-delivery.ts';
import type { ToldInForms } from './told-in-forms.ts';

export interface DecidingParts {
  readonly reception: Pick<Reception, 'accept' | 'outcome' | 'view' | 'why'> & Adoption;
  readonly told: ToldInForms;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
  /** Whether they are one of the desk's own people: guests and strangers are not told what its rules ask. */
  readonly isColleague: (desk: DeskId, who: SlackPerson) => Promise<boolean>;
  /** Work that Slack does not wait for. */
  readonly background: (work: () => Promise<void>) => void;
}

export interface Deciding {
  /** A button of a card, a notice or the App Home. Durable when it resolves, where it decides by itself. */
  press(connection: SlackConnection, press: DeliveredOf<'press'>, voice: Voice): Promise<void>;
  /** The form behind a button: what Slack is to do with it. Durable when it resolves. */
  submit(submission: DeliveredOf<'submission'>, voice: Voice): Promise<object>;
}

/** Slack waits for three seconds in all. */
const outcomeWithin: Milliseconds = 1_500;
const explainedFor: Milliseconds = 15_000;
const mostExplained = 1_000;

export function createDeciding({
  reception,
  told,
  log,
  background,
  clock,
  isColleague,
}: DecidingParts): Deciding {
  async function press(
    connection: SlackConnection,
    pressed: DeliveredOf<'press'>,
    voice: Voice,
  ): Promise<void> {
    const wish = wishOf(pressed);
    if (wish === undefined) return;
    const request = await reception.glance(wish.request);
    if (request === undefined)
      return background(() =>
        answer(connection, pressed, {
          text: 'This request is not known here any more, so nothing was done. Ask for it anew if you need it.',
        }),
      );
    const card = cardOf(pressed);
    if (card && !isKnown(request, card)) adopt(request.id, card);
    if (wish.action === 'why') return background(() => explain(connection, pressed, wish.request, voice));
    if (wish.action === 'approve' && request.policy.decisionMessage !== 'required') {
      await reception.accept({ type: 'approve', voice, ...matterIn(wish) }, request.id);
      return;
    }
    const { action } = wish;
    background(async () => {
      const shown = await reception.view(wish.request);
      const view = shown && decisionForm(action, shown, { ...placeOf(card), ...matterIn(wish) });
      const notAfter = plus(clock.now(), triggerMs);
      if (view) await connection.openView({ trigger: pressed.trigger, view, notAfter });
    });
  }

  /** When somebody was told last why a request stands as it does: each time costs look-ups. */
  const explained = new Map<string, Instant>();
  const adopting = new Set<string>();

  /** Its posting was answered by nobody, or we have forgotten it: from now on it follows. */
  function adopt(id: RequestId, thread: SlackThread): void {
    const { workspace, channel, message } = thread;
    const card = `${workspace}/${channel}/${message}`;
    if (adopting.has(card)) return;
    adopting.add(card);
    log.info('A card on Slack that was not known is taken up', { request: id });
    const to = destination(`slack-channel:${workspace}/${channel}`);
    background(() => reception.adopt(id, to, { thread, ref: message }).finally(() => adopting.delete(card)));
  }

  async function explain(
    connection: SlackConnection,
    pressed: DeliveredOf<'press'>,
    id: RequestId,
    voice: Voice,
  ): Promise<void> {
    const key = `${id} ${voice.account}`;
    const now = clock.now();
    const last = explained.get(key);
    if (last !== undefined && between(last, now) < explainedFor) return;
    explained.delete(key);
    explained.set(key, now);
    const [oldest] = explained.keys();
    if (explained.size > mostExplained && oldest !== undefined) explained.delete(oldest);
    const why = await reception.why(id, voice);
    if (why === undefined) return;
    const desk = (await reception.glance(id))?.desk;
    const isOurs = desk !== undefined && (await isColleague(desk, pressed.who));
    await answer(connection, pressed, renderWhyAnswer(isOurs ? why : forStrangers(why)));
  }

  /** To them alone: beside the card, or in their own conversation with the app. */
  async function answer(
    connection: SlackConnection,
    { who, message }: DeliveredOf<'press'>,
    body: { readonly text: string; readonly blocks?: readonly object[] },
  ): Promise<void> {
    const { user } = who;
    if (message) await connection.postEphemeral({ channel: message.channel, user, body });
    else await connection.postMessage({ channel: await connection.openDirect([user]), body, lane: 'answer' });
  }

  return {
    press,
    async submit({ view }, voice) {
      const decision = decisions.find((each) => each === view.callback);
      const filled = readDecision(view.metadata, view.values);
      if (decision === undefined || filled === undefined) return { response_action: 'clear' };
      if ('errors' in filled) return { response_action: 'errors', errors: filled.errors };
      told.expect(voice.ref);
      const where = threadIn(readPlace(view.metadata));
      const said: Voice = { ...voice, ...(where && { where }) };
      const receipt = await reception.accept(
        commandOf(decision, { ...filled, ...matterIn(readPlace(view.metadata)) }, said),
        filled.request,
      );
      const outcome = await reception.outcome(receipt, outcomeWithin);
      if (!('refused' in outcome)) return { response_action: 'clear' };
      told.note(voice.ref);
      return { response_action: 'update', view: refusalView(outcome.refused) };
    },
  };
}

/** What is asked, of whom, and what they may do: not by which rules, nor what was looked up of whoever asks. */
function forStrangers({ judged: _, ...why }: Why): Why {
  return { ...why, holds: why.holds.map(({ rule }) => ({ rule, why: 'It cannot be judged now.' })) };
}

interface Wish {
  readonly action: Decision | 'why';
  readonly request: RequestId;
  /** What they saw waiting to be decided. */
  readonly matter?: string;
}

/** Undefined where the button is none of a card. */
function wishOf({ action, value }: DeliveredOf<'press'>): Wish | undefined {
  if (action === 'more') return readMore(value);
  const named = decisions.find((each) => each === action);
  const target = readTarget(value);
  return named && target && { action: named, ...target };
}

function cardOf({ workspace, message }: DeliveredOf<'press'>): SlackThread | undefined {
  return message && { surface: 'slack', workspace, channel: message.channel, message: message.ts };
}

/** As a card, or as a notice with buttons. */
function isKnown({ messages }: Pick<Request, 'messages'>, { channel, message }: SlackThread): boolean {
  return messages.some(
    ({ thread, ref }) => thread.surface === 'slack' && thread.channel === channel && ref === message,
  );
}

function placeOf(card: SlackThread | undefined): Place {
  return card === undefined
    ? {}
    : { workspace: card.workspace, channel: card.channel, message: card.message };
}

function threadIn({ workspace, channel, message }: Place): SlackThread | undefined {
  return workspace !== undefined && channel !== undefined && message !== undefined
    ? { surface: 'slack', workspace, channel, message }
    : undefined;
}

function commandOf(
  decision: Decision,
  { message, duration, outcome = 'concern', matter }: FilledDecision & { readonly matter?: string },
  voice: Voice,
): Exclude<PersonCommand, { type: 'request' }> {
  const said = message === undefined ? {} : { message };
  const about = matter === undefined ? {} : { matter };
  switch (decision) {
    case 'approve':
    case 'less':
      return { type: 'approve', voice, ...said, ...about, ...(duration !== undefined && { duration }) };
    case 'admin':
      return { type: 'approve', voice, ...said, ...about, as: 'admin' };
    case 'deny':
      return { type: 'deny', voice, ...said, ...about };
    case 'revoke':
      return { type: 'revoke', voice, ...said };
    case 'review':
      return { type: 'review', voice, outcome, message: message ?? '' };
    case 'cancel':
      return { type: 'cancel', voice };
    case 'extend':
      return { type: 'extend', voice, ...said, ...(duration !== undefined && { by: duration }) };
    default:
      return decision satisfies never;
  }
}

function matterIn({ matter }: { readonly matter?: string }): { readonly matter?: string } {
  return matter === undefined ? {} : { matter };
}
