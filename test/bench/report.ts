// Says what was measured: a table for people, one object for programs.
import type { Reading } from './figure.ts';

export function asTable(readings: readonly Reading[]): string {
  const rows = readings.map(({ figure, samples, value, holds }) => [
    figure.name,
    shown(value),
    `${figure.better === 'higher' ? '≥' : '≤'} ${figure.bar}`,
    holds ? 'yes' : 'NO',
    samples.length > 1 ? [samples[0], value, samples.at(-1)].map(shown).join(' / ') : '',
  ]);
  const all = [['figure', 'value', 'bar', 'holds', 'min / median / max'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function asJson(readings: readonly Reading[]): string {
  return JSON.stringify({
    figures: readings.map(({ figure: { name, bar, better }, value, holds }) => ({
      name,
      value,
      bar,
      better,
      holds,
    })),
  });
}

function shown(value: number | undefined): string {
  if (value === undefined || Number.isInteger(value)) return String(value ?? '');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
