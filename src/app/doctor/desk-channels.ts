// Every channel of Slack that a desk's files name to tell somebody at.
import { isBroken, type Desk } from '../../desk/desk.ts';
import type { Route } from '../../domain/flow.ts';
import type { Destination } from '../../domain/names.ts';

export interface DeskChannels {
  /** As they are written, each once: a name or an id, after its workspace where that is another. */
  readonly told: readonly string[];
  /** For errors. */
  readonly errors: readonly string[];
}

export function channelsOf({ settings, flows }: Desk): DeskChannels {
  const environments = [...(settings?.environments.values() ?? [])];
  const usable = [...flows.values()].flatMap((flow) => (isBroken(flow) ? [] : [flow]));
  const routes: readonly (readonly Route[] | undefined)[] = [
    settings?.notify,
    ...environments.map(({ notify }) => notify),
    ...usable.flatMap(({ approval }) => approval.steps.map((step) => step.routes)),
  ];
  return {
    told: channelsAmong(routes.flatMap((each = []) => each.flatMap(({ to }) => to))),
    errors: channelsAmong([settings?.errors, ...environments.map(({ errors }) => errors)]),
  };
}

function channelsAmong(places: readonly (Destination | undefined)[]): readonly string[] {
  const named = places.flatMap((place) => /^slack-channel:(.+)$/.exec(place ?? '')?.[1] ?? []);
  return [...new Set(named)].sort();
}
