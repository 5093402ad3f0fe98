// What the histories hit, as a table, and one history as a story.
import type { HistoryOutcome } from './run-history.ts';

const kinds = ['service', 'entry', 'call', 'crash', 'fault', 'meddling'] as const;

export function summarize(outcomes: readonly HistoryOutcome[]): string {
  const totals = new Map<string, number>();
  for (const { seen } of outcomes)
    for (const [name, count] of seen) totals.set(name, (totals.get(name) ?? 0) + count);
  return kinds
    .map((kind) => {
      const rows = [...totals].filter(([name]) => name.startsWith(`${kind} `)).sort(([, a], [, b]) => b - a);
      return `${titles[kind]} (${rows.length})\n${rows.map(([name, count]) => `  ${String(count).padStart(7)}  ${name.slice(kind.length + 1)}`).join('\n')}`;
    })
    .join('\n');
}

const titles: { readonly [K in (typeof kinds)[number]]: string } = {
  service: 'Services that were the target',
  entry: 'Entries in the ledger',
  call: 'Effects and look-ups performed',
  crash: 'Crash points hit',
  fault: 'Faults of the weather',
  meddling: 'Meddling by strangers',
};

export function tellStory({ seed, story, broken }: HistoryOutcome): string {
  return [
    `Seed ${seed}`,
    ...story.map((line) => `  ${line}`),
    ...(broken ? [`  BROKEN  ${broken}`] : []),
  ].join('\n');
}
