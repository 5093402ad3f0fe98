// What an open request needs of its flow as it is by then: what was pinned is kept, and approving and extending need more.
import type { Flow, Step } from '../../domain/flow.ts';
import { stepOfRequester } from '../../domain/rules.ts';
import { liveGrant, openMatter, type Request } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import { peopleFile, settingsFile } from './change.ts';
import { groups, names } from './change-words.ts';
import { contentOf } from './compare-parts.ts';
import { usable } from './membership.ts';
import { many, type Need } from './need.ts';

export function needsOfFlow(request: Request, before: Desk, after: Desk): readonly Need[] {
  return [
    ...closedDesk(request, before, after),
    ...goneFlow(request, before, after),
    ...goneTarget(request, before, after),
    ...otherApprovers(request, before, after),
  ];
}

function isWaiting(request: Request): boolean {
  return openMatter(request) !== undefined;
}

function closedDesk(request: Request, before: Desk, after: Desk): readonly Need[] {
  if (after.closed === undefined || before.closed !== undefined) return [];
  const files = [after.settings ? [] : [settingsFile], after.people ? [] : [peopleFile]].flat();
  return [
    {
      kind: 'desk',
      loud: true,
      file: files[0] ?? settingsFile,
      request,
      about: '',
      say: (count) =>
        `Nobody could approve or extend ${many(count, 'open request')} until ${names(files)} ${files.length > 1 ? 'are' : 'is'} mended. Access is still taken back at its time.`,
    },
  ];
}

const flowFile = (name: string): string => `flows/${name}.yml`;

function goneFlow(request: Request, before: Desk, after: Desk): readonly Need[] {
  const { name } = request.flow;
  if (usable(before.flows.get(name)) === undefined || usable(after.flows.get(name)) !== undefined) return [];
  const how = after.flows.has(name) ? 'is broken' : 'is gone';
  const base = { kind: 'flow', file: flowFile(name), request } as const;
  if (isWaiting(request))
    return [
      {
        ...base,
        loud: true,
        about: `waits ${name}`,
        say: (count) =>
          `${many(count, 'request')} for ${name} ${count === 1 ? 'waits' : 'wait'} for approval: once the flow ${how}, ${count === 1 ? 'it' : 'they'} can only be denied, withdrawn or lapse.`,
      },
    ];
  if (liveGrant(request) === undefined || request.policy.extend === undefined) return [];
  return [
    {
      ...base,
      loud: false,
      about: `live ${name}`,
      say: (count) =>
        `Access by ${many(count, 'request')} for ${name} is taken back at its time, and cannot be extended once the flow ${how}.`,
    },
  ];
}

function goneTarget(request: Request, before: Desk, after: Desk): readonly Need[] {
  const { name } = request.flow;
  const target = request.form.target?.name;
  const [was, is] = [usable(before.flows.get(name)), usable(after.flows.get(name))];
  const offers = (flow: typeof was): boolean =>
    flow?.access?.targets.some((each) => each.name === target) ?? false;
  if (target === undefined || is === undefined || !offers(was) || offers(is)) return [];
  const base = { kind: 'target', loud: false, file: flowFile(name), request } as const;
  if (request.phase.status === 'pending')
    return [
      {
        ...base,
        about: `pending ${name} ${target}`,
        say: (count) =>
          `${many(count, 'request')} for the target ${target} of ${name} ${count === 1 ? 'waits' : 'wait'} for approval, and would still be granted as it was asked for: deny ${count === 1 ? 'it' : 'them'} if that is not wanted.`,
      },
    ];
  if (liveGrant(request) === undefined || request.policy.extend === undefined) return [];
  return [
    {
      ...base,
      about: `live ${name} ${target}`,
      say: (count) =>
        `Access by ${many(count, 'request')} to the target ${target} of ${name} is taken back at its time, and can no longer be extended.`,
    },
  ];
}

/** Whoever approves has to belong to the step as it was and as it is. */
function otherApprovers(request: Request, before: Desk, after: Desk): readonly Need[] {
  const { name } = request.flow;
  const open = openMatter(request);
  const [was, is] = [usable(before.flows.get(name)), usable(after.flows.get(name))];
  if (open === undefined || was === undefined || is === undefined) return [];
  return open.pinned.flatMap((pinned): readonly Need[] => {
    const shares = (flow: typeof is): boolean => {
      const now = stepIn(flow, pinned.name, request);
      return now === undefined || now.approvers.some((group) => pinned.approvers.includes(group));
    };
    const now = stepIn(is, pinned.name, request);
    if (now === undefined || shares(is) || !shares(was)) return [];
    return [
      {
        kind: 'approvers',
        loud: true,
        file: flowFile(name),
        request,
        about: `${name} ${pinned.name} ${contentOf(pinned.approvers)}`,
        say: (count) =>
          `${many(count, 'request')} for ${name} ${count === 1 ? 'waits' : 'wait'} for the step ${pinned.name}: only somebody who belongs both to ${groups(pinned.approvers, 'or')} and to ${groups(now.approvers, 'or')} can approve it then.`,
      },
    ];
  });
}

/** As this request would ask it. */
function stepIn({ approval }: Flow, name: string, { requester }: Request): Step | undefined {
  const step = approval.steps.find((each) => each.name === name);
  return step && stepOfRequester(step, requester.person);
}
