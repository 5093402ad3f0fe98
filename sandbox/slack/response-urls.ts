// The address that comes with what a person does: five answers within thirty minutes, without a token.
import { randomBytes } from 'node:crypto';

const GOOD_FOR_MS = 30 * 60_000;
const USES = 5;

export interface ResponseUrl {
  readonly app: string;
  readonly user: string;
  readonly channel: string;
  /** The message that was pressed; null for a command. */
  readonly ts: string | null;
  readonly thread_ts: string | null;
}

export interface ResponseUrls {
  /** `/response/TEAM/…`, below the origin. */
  give(to: ResponseUrl & { readonly team: string }): string;
  /** What an answer to this path may do; a word of Slack's where it may not. */
  use(path: string): ResponseUrl | 'expired_url' | 'used_url' | 'no_such_url';
}

export function createResponseUrls(now: () => Date): ResponseUrls {
  const given = new Map<string, { readonly to: ResponseUrl; readonly until: number; left: number }>();
  return {
    give({ team, ...to }) {
      const at = now().getTime();
      for (const [path, { until }] of given) if (until < at - GOOD_FOR_MS) given.delete(path);
      const path = `/response/${team}/${at}/${randomBytes(12).toString('hex')}`;
      given.set(path, { to, until: at + GOOD_FOR_MS, left: USES });
      return path;
    },
    use(path) {
      const known = given.get(path);
      if (!known) return 'no_such_url';
      if (now().getTime() > known.until) return 'expired_url';
      if (known.left === 0) return 'used_url';
      known.left -= 1;
      return known.to;
    },
  };
}
