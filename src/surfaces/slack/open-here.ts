// What is open to somebody on this Slack, in all the desks that it serves, and which of it is meant.
import type { DeskId, PersonId } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { chosenFlow, type OpenFlow } from './flow-list.ts';
import { glassFlow } from './glass-form.ts';
import type { OpenFlows } from './open-flows.ts';
import type { Place } from './place.ts';
import type { SlackPerson } from './read-delivery.ts';
import type { Known, Who } from './who.ts';

/** A flow of one of the desks. */
export type OpenHere = OpenFlow & { readonly desk: DeskId; readonly person: PersonId };

/** As somebody chose it, with a target where they chose that as well. */
export type ChosenHere = OpenHere & { readonly target?: string };

export interface OpenHereParts {
  readonly openFlows: OpenFlows;
  readonly who: Who;
  readonly desks: readonly DeskId[];
  /** As people know them. */
  readonly deskNames: ReadonlyMap<DeskId, string>;
}

/** Behind glass, the flows that can be had that way, as they can; and whether anybody knows who it is. */
export type OpenTo = (
  who: SlackPerson,
  place: Place,
) => Promise<readonly [readonly OpenHere[], isKnown: boolean]>;

export function createOpenTo({ openFlows, who: people, desks, deskNames }: OpenHereParts): OpenTo {
  return async (who, place) => {
    const failed = new Map<DeskId, unknown>();
    /** A desk that cannot be read now keeps nobody from asking another. */
    const orNone = async <T>(desk: DeskId, look: () => Promise<readonly T[]>): Promise<readonly T[]> => {
      try {
        return await look();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failed.set(desk, error);
        return [];
      }
    };
    const known = (
      await Promise.all(desks.map((desk) => orNone(desk, () => people.known(who, [desk]))))
    ).flat();
    const look = async ({ desk, person }: Known): Promise<readonly OpenHere[]> => {
      const found = await openFlows.of(desk, person);
      const name = desks.length > 1 ? (deskNames.get(desk) ?? desk) : undefined;
      const at = name === undefined ? {} : { at: { key: desk, name } };
      return found.map((each) => ({ ...each, desk, person, ...at }));
    };
    const open = await Promise.all(known.map((each) => orNone(each.desk, () => look(each))));
    const all = open.flat();
    const missed = [...failed].find(([desk]) => all.length === 0 || desk === place['desk']);
    if (missed) throw missed[1];
    return [place['glass'] === undefined ? all : all.flatMap(behind), known.length > 0];
  };
}

function behind(open: OpenHere): readonly OpenHere[] {
  const flow = open.glass ? glassFlow(open.flow) : undefined;
  const names = flow?.access?.targets.map(({ name }) => name);
  return flow ? [{ ...open, flow, targets: open.targets.filter(({ name }) => names?.includes(name)) }] : [];
}

/** The one that a form is for. */
export function hereOf(open: readonly OpenHere[], place: Place): OpenHere | undefined {
  return open.find(({ desk, flow }) => desk === place['desk'] && flow.ref.name === place['flow']);
}

/** The one that somebody typed. */
export function named(open: readonly OpenHere[], name: string): OpenHere | undefined {
  return open.find(({ flow }) => flow.ref.name.toLowerCase() === name.toLowerCase());
}

/** The one that somebody pressed, or chose in a list. */
export function chosen(open: readonly OpenHere[], value: string): ChosenHere | undefined {
  const flow = chosenFlow(open, value);
  const here = open.find((each) => each.flow === flow?.flow);
  return here && { ...here, ...(flow?.target !== undefined && { target: flow.target }) };
}
