// All tables of the embedded Slack, over one journal; without a file they live as long as the process.
import { randomBytes } from 'node:crypto';
import { Journal, Table } from '../github/journal.ts';
import type { AppRow, ChannelRow, GroupRow, MessageRow, UserRow, ViewRow, WorkspaceRow } from './rows.ts';

interface CounterRow {
  readonly name: string;
  readonly value: number;
}

export type State = ReturnType<typeof createState>;

// The return type is what this function is for: it would only be said twice.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types
export function createState(file: string | null, now: () => Date) {
  const journal = new Journal(file);
  const counters = new Table<CounterRow>({ journal, name: 'counters', key: (row) => row.name });
  const next = (name: string, least = 0): number => {
    const value = Math.max((counters.get(name)?.value ?? 0) + 1, least);
    counters.put({ name, value });
    return value;
  };
  const state = {
    workspaces: new Table<WorkspaceRow>({ journal, name: 'workspaces', key: (row) => row.id }),
    users: new Table<UserRow>({
      journal,
      name: 'users',
      key: (row) => row.id,
      group: (row) => row.team_id,
    }),
    apps: new Table<AppRow>({ journal, name: 'apps', key: (row) => row.id }),
    channels: new Table<ChannelRow>({ journal, name: 'channels', key: (row) => row.id }),
    messages: new Table<MessageRow>({
      journal,
      name: 'messages',
      key: (row) => messageKey(row.channel, row.ts),
      group: (row) => row.channel,
    }),
    views: new Table<ViewRow>({ journal, name: 'views', key: (row) => row.id, group: (row) => row.user }),
    groups: new Table<GroupRow>({ journal, name: 'groups', key: (row) => row.id }),
    /** An id that was never given before: `C08…`. Nine characters and more, in capitals, as Slack's. */
    newId: (prefix: string): string => `${prefix}08${(next('id') + 1_000_000).toString(36).toUpperCase()}S`,
    count: (name: string): number => next(name),
    /** The time as Slack writes it, `1735689600.000100`: later than every one before, even within one moment. */
    newTs: (): string => {
      const micros = next('ts', now().getTime() * 1000);
      return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
    },
    newSecret: (bytes = 16): string => randomBytes(bytes).toString('hex'),
    close: () => journal.close(),
  };
  journal.open();
  return state;
}

export function messageKey(channel: string, ts: string): string {
  return `${channel}/${ts}`;
}
