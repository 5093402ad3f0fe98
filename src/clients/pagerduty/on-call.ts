// Who is on call at this moment, by a schedule or by an escalation policy, as PagerDuty computes it.
import type { FromSchema } from 'json-schema-to-ts';
import { answerShape } from '../http/answer-shape.ts';
import type { Rest } from '../http/rest.ts';
import { pagerDutyPages } from './pagerduty-rest.ts';

export type Rota =
  | { readonly schedule: string }
  /** Without a level: of any. */
  | { readonly policy: string; readonly level?: number };

const reference = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } as const;
const onCalls = {
  type: 'object',
  required: ['oncalls'],
  properties: {
    oncalls: {
      type: 'array',
      items: {
        type: 'object',
        required: ['user', 'escalation_policy', 'escalation_level'],
        properties: {
          /** With its address only where users were asked for. */
          user: { ...reference, properties: { id: { type: 'string' }, email: { type: 'string' } } },
          escalation_policy: reference,
          escalation_level: { type: 'integer' },
          /** Null where the policy names the user, and no schedule. */
          schedule: { ...reference, type: ['object', 'null'] },
        },
      },
    },
  },
} as const;
type OnCalls = FromSchema<typeof onCalls>;
const readOnCalls = answerShape<OnCalls>('PagerDuty', onCalls);

/**
 * Without a time, PagerDuty answers for this moment, by its own clock. What it answers is looked at again: a filter that
 * it did not know would else put everybody on call.
 */
export async function isOnCall(rest: Rest, user: string, rota: Rota): Promise<boolean> {
  const query = { ...filterOf(rota), 'user_ids[]': user };
  let isThere = false;
  await pagerDutyPages(rest, 'asking who is on call', { method: 'GET', path: '/oncalls', query }, (json) => {
    const { oncalls } = readOnCalls(json);
    isThere = oncalls.some((each) => each.user.id === user && isOf(each, rota));
    return isThere ? 'enough' : undefined;
  });
  return isThere;
}

/** The addresses of everybody who is, each once. */
export async function emailsOnCall(rest: Rest, rota: Rota): Promise<readonly string[]> {
  const emails = new Set<string>();
  const query = { ...filterOf(rota), 'include[]': 'users' };
  await pagerDutyPages(rest, 'asking who is on call', { method: 'GET', path: '/oncalls', query }, (json) => {
    for (const each of readOnCalls(json).oncalls)
      if (each.user.email !== undefined && isOf(each, rota)) emails.add(each.user.email);
    return undefined;
  });
  return [...emails];
}

function filterOf(rota: Rota): { readonly [name: string]: string } {
  return 'schedule' in rota
    ? { 'schedule_ids[]': rota.schedule }
    : { 'escalation_policy_ids[]': rota.policy };
}

function isOf(found: OnCalls['oncalls'][number], rota: Rota): boolean {
  if ('schedule' in rota) return found.schedule?.id === rota.schedule;
  return (
    found.escalation_policy.id === rota.policy &&
    (rota.level === undefined || found.escalation_level === rota.level)
  );
}

const schedule = {
  type: 'object',
  required: ['schedule'],
  properties: {
    schedule: {
      type: 'object',
      properties: { escalation_policies: { type: 'array', items: { type: 'object' } } },
    },
  },
} as const;
const policy = {
  type: 'object',
  required: ['escalation_policy'],
  properties: {
    escalation_policy: {
      type: 'object',
      properties: { escalation_rules: { type: 'array', items: { type: 'object' } } },
    },
  },
} as const;
const readSchedule = answerShape<FromSchema<typeof schedule>>('PagerDuty', schedule);
const readPolicy = answerShape<FromSchema<typeof policy>>('PagerDuty', policy);

/** Why nobody can be on call by it at all; undefined where somebody can. */
export async function whyNobody(rest: Rest, rota: Rota): Promise<string | undefined> {
  return 'schedule' in rota ? whyNobodyBySchedule(rest, rota.schedule) : whyNobodyByPolicy(rest, rota);
}

async function whyNobodyBySchedule(rest: Rest, id: string): Promise<string | undefined> {
  const answer = await rest.find('reading the schedule', { method: 'GET', path: `/schedules/${id}` });
  if (answer === undefined)
    return `PagerDuty has no schedule ${id}, or none that the API key of the integration may see.`;
  const { escalation_policies: policies } = readSchedule(answer.json).schedule;
  return policies?.length === 0
    ? `The schedule ${id} is part of no escalation policy: PagerDuty puts nobody on call by it.`
    : undefined;
}

async function whyNobodyByPolicy(
  rest: Rest,
  { policy: id, level }: Extract<Rota, { policy: string }>,
): Promise<string | undefined> {
  const request = { method: 'GET', path: `/escalation_policies/${id}` } as const;
  const answer = await rest.find('reading the escalation policy', request);
  if (answer === undefined)
    return `PagerDuty has no escalation policy ${id}, or none that the API key of the integration may see.`;
  const { escalation_rules: rules } = readPolicy(answer.json).escalation_policy;
  return level !== undefined && rules !== undefined && rules.length < level
    ? `The escalation policy ${id} has no level ${level}.`
    : undefined;
}
