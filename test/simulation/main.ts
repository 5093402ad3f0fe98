// npm run simulate -- --seeds N --from S, in one climate with --climate C, with one service as the target with --service X: tells N histories and says what they saw; exit 1 with the story of the first that breaks an invariant.
import { parseArgs } from 'node:util';
import { allClimates, climates } from './deeds.ts';
import { runHistory, type HistoryOutcome } from './run-history.ts';
import { summarize, tellStory } from './report.ts';
import { serviceNames } from './service-names.ts';

const sayEveryMs = 5_000;
const ownAccord = allClimates.filter((each) => !climates.some((drawn) => drawn === each));
const usage = `npm run simulate -- [--seeds N] [--from S] [--climate NAME] [--service NAME] [--story] [--quiet]

Plays random days in foul weather, and judges each: 300 from seed 1, unless told otherwise. A seed tells the same each time.

  --seeds N       how many
  --from S        the seed of the first
  --climate NAME  all of one kind; else each draws one of ${[...new Set(climates)].join(', ')}.
                  By name alone: ${ownAccord.join(', ')} (break-glass, actions, people who leave,
                  code of the desk, real strategies over doubles of their services)
  --service NAME  with --climate served, one of: ${serviceNames.slice(0, 8).join(', ')},
                  ${serviceNames.slice(8).join(', ')}
  --story         tells what happened in each, and not in the one that broke alone
  --quiet         says the result and nothing else

Ends with 0 where every invariant held, 1 where one broke: the last line names the seed. 2 when called wrongly.`;
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
  console.error(`One of these cannot be: ${process.argv.slice(2).join(' ')}\n\n${usage}`);
  process.exit(2);
}
if (values.help) {
  console.log(usage);
  process.exit(0);
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
        help: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        story: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
