// Every team that a desk's files name: in lists, and in the conditions that ask for one.
import { isBroken, type Desk } from '../../desk/desk.ts';
import type { Flow } from '../../domain/flow.ts';

/** `org/slug`, each once, in order. */
export function teamsOf({ flows, settings }: Desk): readonly string[] {
  const usable = [...flows.values()].flatMap((flow) => (isBroken(flow) ? [] : [flow]));
  const texts = [...(settings?.admins ?? []), ...usable.flatMap(textsOf)];
  const teams = texts.flatMap((text) =>
    [...text.matchAll(/\bteam:([A-Za-z0-9-]+\/[A-Za-z0-9._-]+)/g)].map(([, team = '']) => team),
  );
  return [...new Set(teams)].sort();
}

function textsOf({ requesters, access, approval, rules }: Flow): readonly string[] {
  return [
    ...requesters,
    ...(access?.targets ?? []).flatMap((target) => target.requesters ?? []),
    ...approval.steps.flatMap(({ approvers, condition }) => [...approvers, condition?.source ?? '']),
    ...rules.map(({ condition }) => condition.source),
  ];
}
