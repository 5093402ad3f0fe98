// Asking on Slack: what is open to a person, the form of what they chose, and the request that comes of it.
import type { ModalView } from '@slack/web-api';
import type { SlackConnection } from '../../clients/slack/slack-connection.ts';
import type { Voice } from '../../domain/commands.ts';
import type { Origin } from '../../domain/entries.ts';
import { checkForm } from '../../domain/form.ts';
import { plus, type DeskId, type Milliseconds, type PersonId } from '../../domain/names.ts';
import type { FormProblem } from '../../domain/refusals.ts';
import type { Clock, Flows, OptionLists, Reception } from '../../engine/ports.ts';
import type { FilledForm } from './filled-form.ts';
import { slackUsersIn, withPeople } from './filled-form.ts';
import { chosenFlow, flowList, flowOptions, type OpenFlow } from './flow-list.ts';
import { glassFlow, splitGlass } from './glass-form.ts';
import { createLiveChoices } from './live-choices.ts';
import type { OpenFlows } from './open-flows.ts';
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
  readonly openFlows: OpenFlows;
  readonly who: Who;
  readonly clock: Clock;
  readonly options: OptionLists;
  readonly told: ToldInForms;
  /** Where people read about the flows of a desk. */
  readonly deskUrl: (desk: DeskId) => Promise<string | undefined>;
  readonly desks: readonly DeskId[];
  /** As people know them. */
  readonly deskNames: ReadonlyMap<DeskId, string>;
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

export interface Asking {
  /** Shows what may be asked for, or the form of one flow. The trigger is good for three seconds. */
  open(connection: SlackConnection, asked: Asked): Promise<void>;
  /** A flow was chosen in the list, or a question that others depend on was answered. */
  change(connection: SlackConnection, who: SlackPerson, view: SlackView, chosen: string): Promise<void>;
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
  const { reception, flows, openFlows, who: people, clock, told } = parts;
  const liveChoices = createLiveChoices(parts);

  async function open(
    connection: SlackConnection,
    { who, trigger, flow, origin, glass }: Asked,
  ): Promise<void> {
    const wanted = viewFor(who, flow, { ...placeOf(origin), ...(glass && { glass: 'yes' }) });
    // A trigger is good for three seconds: what waits longer is in the way of others.
    const notAfter = plus(clock.now(), triggerMs);
    const enough = new AbortController();
    const first = await Promise.race([wanted, clock.sleep(patience, enough.signal).then(() => undefined)]);
    enough.abort();
    if (first) return void (await connection.openView({ trigger, view: first, notAfter }));
    // The look-ups take longer than the trigger lives.
    const { id } = await connection.openView({ trigger, view: loadingView(), notAfter });
    const content = await wanted;
    await connection.updateView({ view: id, content });
  }

  /** Never rejects: whatever is wrong is said in the view. */
  async function viewFor(who: SlackPerson, flow: string | undefined, place: Place): Promise<ModalView> {
    try {
      return await listOrForm(who, flow, place);
    } catch {
      return cannotLookUp;
    }
  }

  async function listOrForm(who: SlackPerson, flow: string | undefined, place: Place): Promise<ModalView> {
    const [open, isKnown] = await openTo(who, place);
    if (!isKnown) return refusalView({ code: 'unlinked-account', name: who.name, account: accountOf(who) });
    const [desk] = parts.desks;
    const all = desk === undefined ? [] : await flows.list(desk);
    if (open.length === 0 && all.length === 0)
      return welcomeView(desk === undefined ? undefined : await parts.deskUrl(desk));
    if (open.length === 0 && place['glass'] !== undefined) return noGlass;
    const chosen = flow === undefined ? undefined : find(open, flow);
    if (chosen) return formOf(chosen, place);
    return flowList({ open, place, ...(flow !== undefined && { unknown: flow }) });
  }

  /** Behind glass, the flows that can be had that way, as they can. */
  async function openTo(
    who: SlackPerson,
    place: Place,
  ): Promise<readonly [readonly OpenHere[], isKnown: boolean]> {
    const known = await people.known(who);
    const open = await Promise.all(
      known.map(async ({ desk, person }) => {
        const found = await openFlows.of(desk, person);
        const name = parts.desks.length > 1 ? (parts.deskNames.get(desk) ?? desk) : undefined;
        return found.map((each) => ({
          ...each,
          desk,
          person,
          ...(name !== undefined && { at: { key: desk, name } }),
        }));
      }),
    );
    const all = open.flat();
    return [place['glass'] === undefined ? all : all.flatMap(behind), known.length > 0];
  }

  function formOf(
    { desk, flow, targets, target }: OpenHere & { readonly target?: string },
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

  async function change(
    connection: SlackConnection,
    who: SlackPerson,
    view: SlackView,
    chosen: string,
  ): Promise<void> {
    const place = readPlace(view.metadata);
    const content = await changed(who, view, place, chosen).catch(() => cannotLookUp);
    if (content === undefined) return;
    const hash = view.hash === undefined ? {} : { hash: view.hash };
    await connection.updateView({ view: view.id, content, ...hash });
  }

  async function changed(
    who: SlackPerson,
    view: SlackView,
    place: Place,
    chosen: string,
  ): Promise<ModalView | undefined> {
    const [open] = await openTo(who, place);
    if (view.callback !== requestCallback) {
      const flow = pick(open, chosen);
      return flow ? formOf(flow, place) : flowList({ open, place, unknown: chosen });
    }
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
      if (here === undefined)
        return updated(errorView('This is not open to you any more. Ask for it anew to see what is.'));
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

/** A flow of one of the desks. */
type OpenHere = OpenFlow & { readonly desk: DeskId; readonly person: PersonId };

function behind(open: OpenHere): readonly OpenHere[] {
  const flow = open.glass ? glassFlow(open.flow) : undefined;
  const names = flow?.access?.targets.map(({ name }) => name);
  return flow ? [{ ...open, flow, targets: open.targets.filter(({ name }) => names?.includes(name)) }] : [];
}

const noGlass = errorView(
  'You can have nothing without waiting for approval: that is for those whom a flow names under “break_glass”. Ask the usual way; whoever decides is told at once.',
);

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

function hereOf(open: readonly OpenHere[], place: Place): OpenHere | undefined {
  return open.find(({ desk, flow }) => desk === place['desk'] && flow.ref.name === place['flow']);
}

function find(open: readonly OpenHere[], name: string): OpenHere | undefined {
  return open.find(({ flow }) => flow.ref.name.toLowerCase() === name.toLowerCase());
}

function pick(
  open: readonly OpenHere[],
  chosen: string,
): (OpenHere & { readonly target?: string }) | undefined {
  const flow = chosenFlow(open, chosen);
  const here = open.find((each) => each.flow === flow?.flow);
  return here && { ...here, ...(flow?.target !== undefined && { target: flow.target }) };
}

function placeOf(origin: Origin | undefined): Place {
  return origin === undefined ? {} : { workspace: origin.workspace, channel: origin.channel };
}

function originIn({ workspace, channel }: Place): Origin | undefined {
  return workspace !== undefined && channel !== undefined ? { workspace, channel } : undefined;
}
