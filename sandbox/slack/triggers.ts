// The right to open a form: given with what a person does, good for three seconds and for one form.
import { randomBytes } from 'node:crypto';
import { SlackProblem, invalid } from './problem.ts';

const GOOD_FOR_MS = 3000;

interface Trigger {
  readonly app: string;
  readonly user: string;
  /** The view that it was pressed in, for what is pushed on top of it. */
  readonly view: string | null;
  readonly until: number;
  isUsed: boolean;
}

export interface Triggers {
  give(app: string, user: string, view?: string | null): string;
  /** Throws Slack's answer where it is too late, used, or somebody else's. */
  use(id: string, app: string): { readonly user: string; readonly view: string | null };
}

export function createTriggers(now: () => Date): Triggers {
  const given = new Map<string, Trigger>();
  return {
    give(app, user, view = null) {
      const at = now().getTime();
      for (const [id, trigger] of given) if (trigger.until < at - 60_000) given.delete(id);
      const id = `${at}.${parseInt(randomBytes(5).toString('hex'), 16)}.${randomBytes(16).toString('hex')}`;
      given.set(id, { app, user, view, until: at + GOOD_FOR_MS, isUsed: false });
      return id;
    },
    use(id, app) {
      const trigger = given.get(id);
      if (!trigger || trigger.app !== app) throw invalid('invalid_arguments', ['invalid `trigger_id`']);
      if (trigger.isUsed) throw new SlackProblem('exchanged_trigger_id');
      if (now().getTime() > trigger.until) throw new SlackProblem('expired_trigger_id');
      trigger.isUsed = true;
      return trigger;
    },
  };
}
