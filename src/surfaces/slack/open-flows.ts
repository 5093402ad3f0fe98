// What is open to a person: the flows that they may ask for here, and of each the targets. Only for showing: asking judges anew.
import type { Flow, Target } from '../../domain/flow.ts';
import {
  between,
  type DeskId,
  type Group,
  type Instant,
  type Milliseconds,
  type PersonId,
} from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Directory } from '../../engine/ports/directory.ts';
import type { Flows } from '../../engine/ports/flows.ts';
import type { Prompts } from '../../engine/prompts.ts';
import type { OpenFlow } from './flow-list.ts';

export interface OpenFlows {
  /** In the order of the desk. Throws `Failure` where the desk cannot be read now. */
  of(desk: DeskId, person: PersonId): Promise<readonly OpenFlow[]>;
}

export interface OpenFlowsParts {
  readonly flows: Pick<Flows, 'list'>;
  readonly directory: Pick<Directory, 'belongs'>;
  readonly prompts: Pick<Prompts, 'available'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Whoever types in a search asks again with each letter. */
const believedFor: Milliseconds = 30_000;
const mostKept = 500;

export function createOpenFlows({ flows, directory, prompts, clock }: OpenFlowsParts): OpenFlows {
  const answers = new Map<string, { readonly at: Instant; readonly found: Promise<readonly OpenFlow[]> }>();

  async function look(desk: DeskId, person: PersonId): Promise<readonly OpenFlow[]> {
    const asked = new Map<Group, Promise<boolean>>();
    /** What cannot be told now is shown: whoever asks for it is told why not. */
    const belongs = (group: Group): Promise<boolean> => {
      const known = asked.get(group) ?? directory.belongs(desk, person, group).then((is) => is !== false);
      asked.set(group, known);
      return known;
    };
    const isAny = async (groups: readonly Group[]): Promise<boolean> =>
      (await Promise.all(groups.map(belongs))).includes(true);
    const isOpen = async ({ requesters }: Pick<Target, 'requesters'>): Promise<boolean> =>
      requesters === undefined || isAny(requesters);
    const offered = (await flows.list(desk)).filter(isHere);
    const open = await Promise.all(
      offered.map(async (flow): Promise<OpenFlow | undefined> => {
        if (!(await isAny(flow.requesters))) return undefined;
        const targets = flow.access?.targets ?? [];
        const mine = await Promise.all(targets.map(isOpen));
        const left = targets.filter((_, index) => mine[index]);
        if (targets.length > 0 && left.length === 0) return undefined;
        const [glass, available] = await Promise.all([
          isAny(flow.breakGlass?.who ?? []),
          prompts.available({ desk, flow, person, source: 'slack' }),
        ]);
        return { flow, targets: left, glass, ...(available !== 'open' && { shut: available.why }) };
      }),
    );
    return open.flatMap((each) => each ?? []);
  }

  return {
    of(desk, person) {
      const key = `${desk} ${person}`;
      const now = clock.now();
      const known = answers.get(key);
      if (known && between(known.at, now) < believedFor) return known.found;
      const found = look(desk, person);
      answers.delete(key);
      answers.set(key, { at: now, found });
      found.catch(() => answers.delete(key));
      const [oldest] = answers.keys();
      if (answers.size > mostKept && oldest !== undefined) answers.delete(oldest);
      return found;
    },
  };
}

function isHere({ sources }: Flow): boolean {
  return sources === undefined || sources.includes('slack');
}
