// Whether and how far access may be extended: what the flow says, and for what it leaves out, the desk.
import { hours, printDuration } from '../../domain/duration.ts';
import type { AccessOffer, ExtendOffer } from '../../domain/flow.ts';
import type { Milliseconds } from '../../domain/names.ts';
import { readDuration } from './duration-texts.ts';
import type { ExtendDefaults } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import type { FlowFile } from '../schema/flow-schema.ts';

type ExtendFile = NonNullable<FlowFile['extend']>;

const longestTotal: Milliseconds = hours(24 * 30);

export function readExtendDefaults(
  file: ExtendFile | undefined,
  at: string,
  report: Report,
): ExtendDefaults | undefined {
  if (file === undefined) return undefined;
  const maxTotal = readTotal(file, at, report);
  return {
    ...(maxTotal !== undefined && { maxTotal }),
    ...(file.times !== undefined && { times: file.times }),
  };
}

export interface ExtendContext {
  /** Undefined for an approval-only flow, and where something is wrong with it. */
  readonly access: AccessOffer | undefined;
  readonly isAccess: boolean;
  readonly defaults: ExtendDefaults | undefined;
  readonly report: Report;
}

/** Undefined where access may not be extended. A default that does not fit the flow's durations is not the flow's. */
export function compileExtend(file: ExtendFile | undefined, context: ExtendContext): ExtendOffer | undefined {
  const { access, isAccess, defaults, report } = context;
  if (!isAccess && file) report.add({ at: '/extend', on: 'key' }, 'approval-only', 'extend');
  if (!isAccess || (file === undefined && defaults === undefined)) return undefined;
  const own = file && readTotal(file, '/extend', report);
  const maxTotal = own ?? defaults?.maxTotal;
  const times = file?.times ?? defaults?.times ?? 1;
  if (times === 0 || access === undefined) return undefined;
  if (maxTotal === undefined) {
    if (file) report.add({ at: '/extend', on: 'key' }, 'missing-key', 'max_total');
    return undefined;
  }
  const ending = access.durations.options.filter((option) => option !== 'until-revoked');
  if (ending.length === 0 && file) report.add({ at: '/extend', on: 'key' }, 'extend-endless');
  const shortest = Math.min(...ending);
  if (maxTotal >= shortest) return { maxTotal, times };
  if (own !== undefined && ending.length > 0)
    report.add(
      { at: '/extend/max_total', suggestion: printDuration(shortest) },
      'extend-too-short',
      printDuration(shortest),
    );
  return undefined;
}

function readTotal({ max_total: text }: ExtendFile, at: string, report: Report): Milliseconds | undefined {
  const total = readDuration(text);
  if (total !== undefined && total > longestTotal)
    report.add({ at: `${at}/max_total`, suggestion: '30d' }, 'extend-too-long');
  return total;
}
