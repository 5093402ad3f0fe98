// A PagerDuty on this machine, as far as on-call and incidents go: REST API in version 2, as PagerDuty documents it.
import { startDouble, type Double } from '../double.ts';
import {
  createPagerDutyState,
  onCallsBetween,
  type IncidentRow,
  type OnCall,
  type PagerDutyState,
} from './pagerduty-state.ts';

export interface PagerDuty extends Double {
  readonly state: PagerDutyState;
}

export async function startPagerDuty({ now }: { readonly now: () => Date }): Promise<PagerDuty> {
  const state = createPagerDutyState();
  const window = { start: 0, used: 0 };

  function answer(request: Request, stranger: (what: string) => void): Response {
    const at = now().getTime();
    if (at - window.start >= 60_000) Object.assign(window, { start: at, used: 0 });
    window.used += 1;
    const limits = {
      'ratelimit-limit': String(state.limit),
      'ratelimit-remaining': String(Math.max(0, state.limit - window.used)),
      'ratelimit-reset': String(Math.ceil((window.start + 60_000 - at) / 1000)),
    };
    const response = window.used > state.limit ? problem(429, 2020, 'Rate Limit Exceeded') : respond();
    for (const [name, value] of Object.entries(limits)) response.headers.set(name, value);
    return response;

    function respond(): Response {
      const [, token = ''] = /^Token token=(.+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
      if (!state.tokens.has(token)) return problem(401, 2006, 'Unauthorized');
      if (request.headers.get('accept') !== 'application/vnd.pagerduty+json;version=2') {
        stranger(`the version ${request.headers.get('accept') ?? 'of nothing'}`);
        return problem(400, 2001, 'Invalid Input Provided');
      }
      return route({ url: new URL(request.url), method: request.method, state, now: now(), stranger });
    }
  }

  return Object.assign(await startDouble({ answer }), { state });
}

interface Turn {
  readonly url: URL;
  readonly method: string;
  readonly state: PagerDutyState;
  readonly now: Date;
  readonly stranger: (what: string) => void;
}

function route(turn: Turn): Response {
  const { url, method, state, stranger } = turn;
  const [, kind, id, ...rest] = url.pathname.split('/').map(decodeURIComponent);
  if (method === 'GET' && rest.length === 0)
    switch (`${kind}${id === undefined ? '' : '/…'}`) {
      case 'oncalls':
        return onCalls(turn);
      case 'users':
        return users(turn);
      case 'schedules/…':
        return one('schedule', id, state.schedules.has(id ?? ''), {
          name: 'A schedule',
          escalation_policies: [...state.policies].flatMap(([policy, levels]) =>
            levels.flat().some((target) => 'schedule' in target && target.schedule === id)
              ? [reference('escalation_policy', policy)]
              : [],
          ),
        });
      case 'escalation_policies/…': {
        const levels = state.policies.get(id ?? '');
        const escalation_rules = levels?.map((targets, index) => ({
          id: `PR${index + 1}`,
          escalation_delay_in_minutes: 30,
          targets: targets.map((target) =>
            'user' in target ? reference('user', target.user) : reference('schedule', target.schedule),
          ),
        }));
        return one('escalation_policy', id, levels !== undefined, { escalation_rules });
      }
      case 'incidents/…': {
        const incident = state.incidents.find((each) => each.id === id || String(each.number) === id);
        return incident ? Response.json({ incident: shownIncident(incident) }) : notFound();
      }
      default:
    }
  stranger(`${method} ${url.pathname}`);
  return notFound();
}

function one(type: string, id = '', isThere: boolean, rest: object): Response {
  return isThere ? Response.json({ [type]: { id, type, summary: id, ...rest } }) : notFound();
}

const paging = ['limit', 'offset', 'total'];

function onCalls(turn: Turn): Response {
  const { url, state, now } = turn;
  const { searchParams } = url;
  const moment = (name: string): Date => new Date(searchParams.get(name) ?? now);
  const ids = (name: string): readonly string[] => searchParams.getAll(`${name}[]`);
  const isWanted = (wanted: readonly string[], id: string | null): boolean =>
    wanted.length === 0 || (id !== null && wanted.includes(id));
  const found = onCallsBetween(state, moment('since'), moment('until')).filter(
    ({ user, policy, schedule }) =>
      isWanted(ids('user_ids'), user) &&
      isWanted(ids('escalation_policy_ids'), policy) &&
      isWanted(ids('schedule_ids'), schedule),
  );
  const lists = ['user_ids', 'escalation_policy_ids', 'schedule_ids', 'include'].map((name) => `${name}[]`);
  const isWhole = ids('include').includes('users');
  const shown = found.map((each) => shownOnCall(each, isWhole ? state : undefined));
  return page(turn, 'oncalls', shown, [...lists, 'since', 'until', 'earliest', 'time_zone']);
}

/** Whatever holds the text, in a name or an address. */
function users(turn: Turn): Response {
  const part = (turn.url.searchParams.get('query') ?? '').toLowerCase();
  const found = turn.state.users.filter((user) => `${user.name} ${user.email}`.toLowerCase().includes(part));
  const shown = found.map(({ id, name, email }) => ({ ...reference('user', id), type: 'user', name, email }));
  return page(turn, 'users', shown, ['query', 'team_ids[]', 'include[]']);
}

function page(
  { url, state, stranger }: Turn,
  name: string,
  items: readonly unknown[],
  known: readonly string[],
): Response {
  const { searchParams } = url;
  const strange = [...searchParams.keys()].filter((key) => ![...known, ...paging].includes(key));
  if (strange.length > 0) stranger(`${url.pathname}?${strange.join('&')}`);
  const limit = Number(searchParams.get('limit') ?? 25);
  const offset = Number(searchParams.get('offset') ?? 0);
  const areFine =
    Number.isInteger(limit) && limit >= 1 && limit <= 100 && Number.isInteger(offset) && offset >= 0;
  if (!areFine || offset + limit > 10_000) return problem(400, 2001, 'Invalid Input Provided');
  const end = offset + Math.min(limit, state.pageSize);
  return Response.json({
    [name]: items.slice(offset, end),
    limit: Math.min(limit, state.pageSize),
    offset,
    total: null,
    more: end < items.length,
  });
}

/** With the state, users stand whole in the place of references. */
function shownOnCall({ user, policy, level, schedule, start, end }: OnCall, whole?: PagerDutyState): unknown {
  const row = whole?.users.find(({ id }) => id === user);
  return {
    user: row
      ? { ...reference('user', user), type: 'user', name: row.name, email: row.email }
      : reference('user', user),
    escalation_policy: reference('escalation_policy', policy),
    escalation_level: level,
    schedule: schedule === null ? null : reference('schedule', schedule),
    start,
    end,
  };
}

function shownIncident({ id, number, status, urgency, service, assignees }: IncidentRow): unknown {
  return {
    ...reference('incident', id),
    type: 'incident',
    incident_number: number,
    status,
    urgency,
    service: reference('service', service),
    assignments: assignees.map((user) => ({
      at: '2026-11-20T09:00:00Z',
      assignee: reference('user', user),
    })),
    acknowledgements: [],
  };
}

function reference(type: string, id: string): { readonly id: string; readonly type: string } {
  return { id, type: `${type}_reference` };
}

function notFound(): Response {
  return problem(404, 2100, 'Not Found');
}

function problem(status: number, code: number, message: string): Response {
  return Response.json({ error: { message, code } }, { status });
}
