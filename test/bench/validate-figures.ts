// What reviewing a large desk costs against reading its YAML, and a change of one flow against the whole.
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { narrow, versionsOf } from '../../src/desk/change/narrow.ts';
import { createChangeReviewer } from '../../src/desk/change/review-change.ts';
import type { DeskFiles } from '../../src/desk/desk-reader.ts';
import { createReviewer } from '../../src/desk/review.ts';
import { plugIns } from '../../src/app/plug-ins.ts';
import type { Figure } from './figure.ts';

const samples = ['production-access', 'repository-role', 'run-migration', 'vault', 'customer-data'];
const flows = 1000;
const rounds = 7;

export const validateVsParse: Figure = {
  name: 'validate-vs-parse',
  bar: 8,
  better: 'lower',
  meaning: `How many times what js-yaml needs to parse them it takes to review ${flows} flows: meaning, lints, scenarios, issue forms.`,
  async measure() {
    const files = largeDesk();
    const { review } = createReviewer(plugIns);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const floor = timeOf(() => parse(files));
      const ours = timeOf(() => {
        const { desk, diagnostics, scenarios } = review(files, 'c');
        const isWhole = desk.flows.size === flows && scenarios.scenarios.length > flows;
        // No form is there, and that alone is worth a word.
        if (!isWhole || diagnostics.some(({ code }) => code !== 'form-missing'))
          throw new Error('The large desk was not reviewed whole.');
      });
      ratios.push(ours / floor);
    }
    return ratios;
  },
};

export const checkOneVsAll: Figure = {
  name: 'check-one-vs-all',
  bar: 0.1,
  better: 'lower',
  meaning: `What the check of one changed flow among ${flows - 1} unchanged ones takes of reviewing all of them.`,
  async measure() {
    const before = largeDesk();
    const { review } = createReviewer(plugIns);
    const reviewChange = createChangeReviewer(plugIns);
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const after = changed(before, round);
      const all = timeOf(() => review(before, 'c'));
      const one = timeOf(() => {
        const { isWanted, unchanged } = narrow(versionsOf(before), versionsOf(after));
        const wanted = (files: DeskFiles): DeskFiles =>
          new Map([...files].filter(([path]) => isWanted(path)));
        const { changes, review: found } = reviewChange({
          before: { files: wanted(before), commit: 'before' },
          after: { files: wanted(after), commit: 'after' },
          unchanged,
        });
        if (unchanged !== flows - 1 || changes.length === 0 || found.desk.flows.size !== 1)
          throw new Error('The change was not found.');
      });
      ratios.push(one / all);
    }
    return ratios;
  },
};

/** The flows of this repository with their scenarios, again and again. */
function largeDesk(): DeskFiles {
  const files = new Map<string, Uint8Array>();
  for (const name of ['countersign.yml', 'people.yml']) files.set(`flows/${name}`, read(name));
  for (let index = 0; index < flows; index += 1) {
    const sample = samples[index % samples.length] ?? '';
    files.set(`flows/flow-${index}.yml`, read(`${sample}.yml`));
    files.set(`flows/flow-${index}.test.yml`, read(`${sample}.test.yml`));
  }
  return files;
}

function changed(before: DeskFiles, round: number): DeskFiles {
  const path = `flows/flow-${samples.length * round}.yml`;
  const text = new TextDecoder().decode(before.get(path));
  const after = text.replace('options: [30m, 1h, 4h]', 'options: [30m, 1h, 4h, 8h]');
  if (after === text) throw new Error(`${path} is not as the bench expects it.`);
  return new Map([...before, [path, new TextEncoder().encode(after)]]);
}

function read(name: string): Uint8Array {
  return readFileSync(new URL(`../../flows/${name}`, import.meta.url));
}

function parse(files: DeskFiles): void {
  for (const content of files.values()) load(new TextDecoder().decode(content));
}

/** Milliseconds. */
function timeOf(work: () => unknown): number {
  const from = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - from) / 1e6;
}
