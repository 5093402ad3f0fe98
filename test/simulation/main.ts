// npm run simulate -- --seeds N --from S, in one climate with --climate C, with one service as the target with --service X: tells N histories and says what they saw; exit 1 with the story of the first that breaks an invariant.
import { parseArgs } from 'node:util';
import { allClimates } from './deeds.ts';
import { runHistory, type HistoryOutcome } from './run-history.ts';
import { summarize, tellStory } from './report.ts';
import { serviceNames } from './service-names.ts';

const sayEveryMs = 5_000;
const usage = `Usage: npm run simulate -- [--seeds N] [--from S] [--climate ${allClimates.join('|')}] [--story] [--quiet]
       npm run simulate -- --climate served [--service ${serviceNames.join('|')}]
Without any: 300 histories, from seed 1.`;
const values = readArgs();
const from = Number(values.from);
const seeds = Number(values.seeds);
const service = serviceNames.find((each) => each === values.service);
const isServiceSound = service === values.service && (service === undefined || values.climate === 'served');
const climate = allClimates.find((each) => each === values.climate);
if (
  !Number.isInteger(from) ||
  !Number.isInteger(seeds) ||
  seeds < 1 ||
  climate !== values.climate ||
  !isServiceSound
) {
  console.error(usage);
  process.exit(2);
}

const outcomes: HistoryOutcome[] = [];
let failed = false;
let toldAt = Date.now();
for (let seed = from; seed < from + seeds && !failed; seed += 1) {
  const outcome = await runHistory(seed, climate, service);
  outcomes.push(outcome);
  failed = outcome.broken !== undefined;
  if (failed || values.story) console.log(tellStory(outcome));
  // It may take minutes, and silence looks like a process that hangs.
  if (values.quiet || Date.now() - toldAt < sayEveryMs) continue;
  toldAt = Date.now();
  console.error(`${outcomes.length} of ${seeds} histories …`);
}
if (!values.quiet) console.log(summarize(outcomes));
console.log(
  failed
    ? `FAILED: seed ${from + outcomes.length - 1} of ${from}..${from + seeds - 1} broke an invariant.`
    : `OK: ${outcomes.length} histories (seeds ${from}..${from + seeds - 1}), every invariant held.`,
);
process.exit(failed ? 1 : 0);

function readArgs() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '300' },
        from: { type: 'string', default: '1' },
        climate: { type: 'string' },
        service: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        story: { type: 'boolean', default: false },
      },
    }).values;
  } catch {
    console.error(usage);
    process.exit(2);
  }
}
