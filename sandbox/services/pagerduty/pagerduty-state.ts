// What a PagerDuty account holds, as far as on-call and incidents go, and whom it puts on call by that.
export interface Shift {
  readonly user: string;
  readonly start: string;
  readonly end: string;
}

export interface PagerDutyState {
  readonly users: { readonly id: string; readonly name: string; readonly email: string }[];
  /** By id: who takes turns. */
  readonly schedules: Map<string, readonly Shift[]>;
  /** By id: its levels, each with users and schedules. */
  readonly policies: Map<string, readonly (readonly Target[])[]>;
  readonly incidents: IncidentRow[];
  /** API keys. */
  readonly tokens: Set<string>;
  /** So many requests a minute. */
  limit: number;
  /** At most so many on a page, whatever is asked for. */
  pageSize: number;
}

export type Target = { readonly user: string } | { readonly schedule: string };

export interface IncidentRow {
  readonly id: string;
  readonly number: number;
  status: 'triggered' | 'acknowledged' | 'resolved';
  readonly urgency: 'high' | 'low';
  readonly service: string;
  /** Nobody, once it is resolved. */
  assignees: readonly string[];
}

export interface OnCall {
  readonly user: string;
  readonly policy: string;
  readonly level: number;
  readonly schedule: string | null;
  readonly start: string | null;
  readonly end: string | null;
}

export function createPagerDutyState(): PagerDutyState {
  return {
    users: [],
    schedules: new Map(),
    policies: new Map(),
    incidents: [],
    tokens: new Set(),
    limit: 960,
    pageSize: 100,
  };
}

/** Between two moments, both included. A schedule that no policy names puts nobody on call. */
export function onCallsBetween(
  { policies, schedules }: PagerDutyState,
  since: Date,
  until: Date,
): readonly OnCall[] {
  return [...policies].flatMap(([policy, levels]) =>
    levels.flatMap((targets, index) =>
      targets.flatMap((target): readonly OnCall[] => {
        const at = { policy, level: index + 1 };
        if ('user' in target) return [{ ...at, user: target.user, schedule: null, start: null, end: null }];
        const shifts = schedules.get(target.schedule) ?? [];
        return shifts
          .filter(({ start, end }) => new Date(start) <= until && new Date(end) > since)
          .map((shift) => ({ ...at, ...shift, schedule: target.schedule }));
      }),
    ),
  );
}
