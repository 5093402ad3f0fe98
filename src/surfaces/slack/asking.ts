// Asking on Slack: what is open to a person, the form of what they chose, and the request that comes of it.
import type { ModalView } from '@slack/web-api';
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import type { Voice } from '../../domain/commands.ts';
import type { Origin } from '../../domain/entries.ts';
import { checkForm } from '../../domain/form.ts';
import { plus, type DeskId, type Milliseconds } from '../../domain/names.ts';
import type { FormProblem } from '../../domain/refusals.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Flows, OptionLists } from '../../engine/ports/flows.ts';
import type { Reception } from '../../engine/ports/reception.ts';
import type { Prompt, Prompts } from '../../engine/prompts.ts';
import type { FilledForm } from './filled-form.ts';
import { slackUsersIn, withPeople } from './filled-form.ts';
import { flowList, flowOptions } from './flow-list.ts';
import { splitGlass } from './glass-form.ts';
import { createLiveChoices } from './live-choices.ts';
import { chosen, hereOf, named, type ChosenHere, type OpenHere, type OpenTo } from './open-here.ts';
import { readPlace, type Place } from './place.ts';
import { errorView, loadingView, refusalView, welcomeView } from './plain-views.ts';
import { accountOf, type DeliveredOf, type SlackPerson, type SlackView } from './read-delivery.ts';
import { errorsAtFields, readForm } from './read-form.ts';
import { formOptions, liveFieldOf, requestCallback, requestForm } from './request-form.ts';
import type { ToldInForms } from './told-in-forms.ts';
import type { Who } from './who.ts';

export interface AskingParts {
  readonly reception: Pick<Reception, 'accept' | 'outcome'>;
  readonly flows: Flows;
  readonly openTo: OpenTo;
  readonly who: Who;
  readonly clock: Clock;
  readonly options: OptionLists;
  readonly told: ToldInForms;
  readonly prompts: Pick<Prompts, 'opening' | 'opened'>;
  /** Where people read about the flows of a desk. */
  readonly deskUrl: (desk: DeskId) => Promise<string | undefined>;
  readonly desks: readonly DeskId[];
  /** Work that nobody waits for. */
  readonly background: (work: () => Promise<void>) => void;
}

export interface Asked {
  readonly who: SlackPerson;
  readonly trigger: string;
  /** A flow's name; absent: all that are open. */
  readonly flow?: string;
  /** Without waiting for approval. */
  readonly glass?: true;
  /** The channel that they were in. */
  readonly origin?: Origin;
}

/** Where what is asked is shown. */
type Views = Pick<SlackConnection, 'openView' | 'updateView'>;

export interface Asking {
  /** Shows what may be asked for, or the form of one flow. The trigger is good for three seconds. */
  open(connection: Views, asked: Asked): Promise<void>;
  /** A flow was chosen in the list, or a question that others depend on was answered. */
  change(connection: Views, who: SlackPerson, view: SlackView, chosen: string): Promise<void>;
  /** What fits to what is typed. */
  suggest(
    who: SlackPerson,
    view: SlackView,
    typed: { readonly block: string; readonly query: string },
  ): Promise<object>;
  /** The form was sent: what Slack is to do with it. Durable when it resolves. */
  submit(submission: DeliveredOf<'submission'>, voice: Voice): Promise<object>;
}

/** How long a trigger is good for. */
export const triggerMs: Milliseconds = 3_000;
/** So long it may take until something else is shown meanwhile. */
const patience: Milliseconds = 800;
/** Slack waits for three seconds in all. */
const outcomeWithin: Milliseconds = 1_500;

export function createAsking(parts: AskingParts): Asking {
  const { reception, flows, openTo, who: people, clock, told, prompts } = parts;
  const liveChoices = createLiveChoices(parts);

  async function open(connection: Views, { who, trigger, flow, origin, glass }: Asked): Promise<void> {
    const wanted = orNot(listOrForm(who, flow, { ...placeOf(origin), ...(glass && { glass: 'yes' }) }));
    // A trigger is good for three seconds: what waits longer is in the way of others.
    const notAfter = plus(clock.now(), triggerMs);
    const first = await soon(wanted);
    // The look-ups may take longer than the trigger lives.
    const { id } = await connection.openView({ trigger, view: first?.view ?? loadingView(), notAfter });
    if (first === undefined) await connection.updateView({ view: id, content: (await wanted).view });
    isThere(await wanted);
  }

  /** Undefined where it takes so long that something else is to be shown meanwhile. */
  async function soon<T>(wanted: Promise<T>): Promise<T | undefined> {
    const enough = new AbortController();
    const first = await Promise.race([wanted, clock.sleep(patience, enough.signal).then(() => undefined)]);
    enough.abort();
    return first;
  }

  async function listOrForm(who: SlackPerson, flow: string | undefined, place: Place): Promise<First> {
    const [open, isKnown] = await openTo(who, place);
    if (!isKnown)
      return { view: refusalView({ code: 'unlinked-account', name: who.name, account: accountOf(who) }) };
    const [desk] = parts.desks;
    if (open.length === 0 && (desk === undefined || (await flows.list(desk)).length === 0))
      return { view: welcomeView(desk === undefined ? undefined : await parts.deskUrl(desk)) };
    if (open.length === 0 && place['glass'] !== undefined) return { view: noGlass };
    const meant = flow === undefined ? undefined : named(open, flow);
    if (meant) return firstForm(meant, place);
    return { view: flowList({ open, place, ...(flow !== undefined && { unknown: flow }) }) };
  }

  /** As it opens, its code may have a word. Whoever waits for nobody does not wait for that either. */
  async function firstForm(here: OpenHere & { readonly target?: string }, place: Place): Promise<First> {
    const { desk, flow, person, shut } = here;
    if (shut !== undefined)
      return { view: refusalView({ code: 'not-available', flow: flow.label, why: shut }) };
    if (place['glass'] !== undefined) return { view: formOf(here, place) };
    const prompt: Prompt = { desk, flow, person, source: 'slack' };
    const message = await prompts.opening(prompt);
    if (message !== undefined) return { view: refusalView({ code: 'ignored-by-code', message }) };
    return { view: formOf(here, place), prompt };
  }

  function isThere({ prompt }: First): void {
    if (prompt) parts.background(() => prompts.opened(prompt));
  }

  function formOf(
    { desk, flow, targets, target }: ChosenHere,
    place: Place,
    more: { readonly filled?: FilledForm; readonly problems?: readonly FormProblem[] } = {},
  ): ModalView {
    const filled = more.filled ?? (target === undefined ? undefined : { target, fields: {} });
    return requestForm({
      flow,
      targets,
      place: { ...place, desk, flow: flow.ref.name },
      ...(filled && { filled }),
      ...(more.problems && { problems: more.problems }),
    });
  }

  async function change(connection: Views, who: SlackPerson, view: SlackView, value: string): Promise<void> {
    // With the hash, what came in between stays.
    const shown = { view: view.id, ...(view.hash !== undefined && { hash: view.hash }) };
    if (view.callback === requestCallback) {
      const content = await refilled(who, view).catch(() => cannotLookUp);
      if (content) await connection.updateView({ ...shown, content });
      return;
    }
    const wanted = orNot(choose(who, view, value));
    const first = await soon(wanted);
    await connection.updateView({ ...shown, content: first?.view ?? loadingView() });
    if (first === undefined) await connection.updateView({ view: view.id, content: (await wanted).view });
    isThere(await wanted);
  }

  async function choose(who: SlackPerson, view: SlackView, value: string): Promise<First> {
    const place = readPlace(view.metadata);
    const [open] = await openTo(who, place);
    const here = chosen(open, value);
    return here ? firstForm(here, place) : { view: flowList({ open, place, unknown: value }) };
  }

  /** What depends on an answer is asked anew. */
  async function refilled(who: SlackPerson, view: SlackView): Promise<ModalView | undefined> {
    const place = readPlace(view.metadata);
    const [open] = await openTo(who, place);
    const here = hereOf(open, place);
    return here && formOf(here, place, { filled: filledIn(here, place, view) });
  }

  async function filledBy(
    who: SlackPerson,
    { desk, flow }: OpenHere,
    filled: FilledForm,
  ): Promise<ReturnType<typeof withPeople>> {
    return withPeople(flow, filled, await people.among(desk, who.team, slackUsersIn(filled)));
  }

  return {
    open,
    change,
    async suggest(who, view, { block, query }) {
      const place = readPlace(view.metadata);
      const [open] = await openTo(who, place);
      const here = hereOf(open, place);
      if (here === undefined) return { options: flowOptions(open, query) };
      const live = liveFieldOf(here.flow, block);
      if (live === undefined)
        return { options: formOptions(here.flow, here.targets, { blockId: block, query }) };
      const { form } = await filledBy(who, here, filledIn(here, place, view));
      return { options: await liveChoices.found(here, live, { form, query }) };
    },
    async submit({ who, view }, voice) {
      const place = readPlace(view.metadata);
      const [open] = await openTo(who, place);
      const here = hereOf(open, place);
      if (here === undefined) return updated(notOpen);
      const filled = filledIn(here, place, view);
      const { form, problems: unknown } = await filledBy(who, here, filled);
      const checked = checkForm(here.flow, form, await liveChoices.now(here, form));
      const problems = [...unknown, ...(checked.ok ? [] : besides(checked.problems, unknown))];
      if (problems.length > 0) {
        const errors = errorsAtFields(problems, view.values);
        return errors
          ? { response_action: 'errors', errors }
          : updated(formOf(here, place, { filled, problems }));
      }
      const origin = originIn(place);
      told.expect(voice.ref);
      const receipt = await reception.accept({
        type: 'request',
        desk: here.desk,
        flow: here.flow.ref.name,
        ...(place['glass'] === undefined ? { form } : splitGlass(form)),
        voice,
        ...(origin && { origin }),
      });
      const outcome = await reception.outcome(receipt, outcomeWithin);
      if (!('refused' in outcome)) return { response_action: 'clear' };
      told.note(voice.ref);
      return updated(refusalView(outcome.refused));
    },
  };
}

/** What is shown first. */
interface First {
  readonly view: ModalView;
  /** Of a form: its code is told once it is there. */
  readonly prompt?: Prompt;
}

/** Whatever is wrong is said in the view. */
function orNot(wanted: Promise<First>): Promise<First> {
  return wanted.catch(() => ({ view: cannotLookUp }));
}

const noGlass = errorView(
  'You can have nothing without waiting for approval: that is for those whom a flow names under “break_glass”. Ask the usual way; whoever decides is told at once.',
);

const notOpen = errorView('This is not open to you any more. Ask for it anew to see what is.');

const cannotLookUp = errorView(
  'It could not be looked up what is open to you. Try again in a minute; if it stays so, tell an admin.',
);

function updated(view: ModalView): object {
  return { response_action: 'update', view };
}

/** What was chosen in the form, and what it did not ask because there was no choice. */
function filledIn({ flow, targets }: OpenHere, place: Place, { values }: SlackView): FilledForm {
  return readForm({ flow, targets, values, place });
}

/** Of what cannot be known of a person, that it is missing says nothing more. */
function besides(problems: readonly FormProblem[], said: readonly FormProblem[]): readonly FormProblem[] {
  return problems.filter(({ at }) => !said.some((each) => each.at === at));
}

function placeOf(origin: Origin | undefined): Place {
  return origin === undefined ? {} : { workspace: origin.workspace, channel: origin.channel };
}

function originIn({ workspace, channel }: Place): Origin | undefined {
  return workspace !== undefined && channel !== undefined ? { workspace, channel } : undefined;
}
