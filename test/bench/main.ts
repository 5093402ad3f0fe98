// npm run bench: measures the figures that the product is held to, each against a floor in the same run.
import { parseArgs } from 'node:util';
import { makeBenchFolder } from './bench-folder.ts';
import { killChildren } from './child.ts';
import { readingOf, type Figure, type Reading } from './figure.ts';
import { figures } from './figures.ts';
import { asJson, asTable } from './report.ts';

const usage = `Usage: npm run bench -- [--json] [--only NAME]...

  --json         one object on stdout instead of the table
  --only NAME    measure this figure; may be said several times
  --help         this text

Exit code: 0 if all hold, 1 if some do not or could not be measured, 2 for a figure that does not exist.

Figures:
${figures.map(({ name, better, bar, meaning }) => `  ${name} (${better === 'higher' ? 'at least' : 'at most'} ${bar})\n    ${meaning}`).join('\n')}`;

const wish = readWish();
if (wish === 'help') {
  console.log(usage);
  process.exit(0);
}
if (typeof wish === 'string') {
  console.error(`${wish}\n\n${usage}`);
  process.exit(2);
}
process.exit(await run(wish.chosen, wish.isJson));

function readWish(): 'help' | string | { readonly chosen: readonly Figure[]; readonly isJson: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const { only, json } = values;
    const unknown = only?.filter((name) => !figures.some((figure) => figure.name === name)) ?? [];
    if (unknown.length > 0) return `There is no figure ${unknown.join(', ')}.`;
    const chosen = figures.filter(({ name }) => only === undefined || only.includes(name));
    return { chosen, isJson: json };
  } catch (error) {
    return error instanceof Error ? error.message : 'This cannot be read.';
  }
}

async function run(chosen: readonly Figure[], isJson: boolean): Promise<number> {
  const folder = makeBenchFolder();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const clean = (): void => {
    killChildren();
    folder.remove();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      clean();
      process.exit(1);
    });
  say(`Node ${process.version}; files in ${folder.path}${folder.isOnDisk ? '' : ', which is no real disk'}.`);
  const readings: Reading[] = [];
  try {
    for (const figure of chosen) {
      say(`${figure.name} …`);
      readings.push(await read(figure, folder.path, say));
      killChildren();
    }
  } finally {
    clean();
  }
  console.log(isJson ? asJson(readings) : asTable(readings));
  return readings.every(({ holds }) => holds) ? 0 : 1;
}

/** What cannot be measured does not hold, and says why. */
async function read(figure: Figure, folder: string, say: (text: string) => void): Promise<Reading> {
  try {
    return readingOf(figure, await figure.measure({ folder, say: (text) => say(`  ${text}`) }));
  } catch (error) {
    say(`${figure.name} FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return readingOf(figure, []);
  }
}
