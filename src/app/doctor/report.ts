// Prints what doctor found: numbered as the steps of docs/setting-up.md, for people and for programs.
import type { Finding, Mark, Step } from './finding.ts';

export interface Examined {
  readonly step: Step;
  readonly name: string;
  readonly findings: readonly Finding[];
}

const titles: { readonly [S in Step]: string } = {
  1: 'The machine',
  2: 'The desk',
  3: 'The app',
  4: 'The app that grants',
  5: 'The settings',
  6: 'Running',
  7: 'Slack',
};
const order: readonly Step[] = [1, 2, 3, 4, 5, 6, 7];
const signs: { readonly [M in Mark]: string } = { ok: '✓', warning: '!', failure: '✗', skipped: '–' };

export function isHealthy(examined: readonly Examined[]): boolean {
  return examined.every(({ findings }) => findings.every(({ mark }) => mark !== 'failure'));
}

export function printReport(examined: readonly Examined[]): readonly string[] {
  return [
    ...numbered(examined).flatMap(({ step, title, number, name, findings }) => [
      ...(title === undefined ? [] : ['', `${step}. ${title}`]),
      ...findings.flatMap((finding, index) => printFinding(index === 0 ? number : '', name, finding)),
    ]),
    '',
    conclusion(examined),
  ].slice(1);
}

function printFinding(number: string, name: string, { mark, says, todo }: Finding): readonly string[] {
  const first = `  ${signs[mark]} ${number.padEnd(4)} ${name}: ${says}`;
  return todo === undefined ? [first] : [first, `         → ${todo}`];
}

function conclusion(examined: readonly Examined[]): string {
  const count = (wanted: Mark): number =>
    examined.flatMap(({ findings }) => findings).filter(({ mark }) => mark === wanted).length;
  const [failures, warnings] = [count('failure'), count('warning')];
  const and = warnings === 0 ? '' : `, ${warnings} to know of (!)`;
  return failures === 0 ? `All is well${and}.` : `${failures} not well (✗)${and}.`;
}

export function jsonReport(examined: readonly Examined[]): object {
  return {
    ok: isHealthy(examined),
    checks: numbered(examined).flatMap(({ step, number, name, findings }) =>
      findings.map((finding) => ({ step, number, name, ...finding })),
    ),
  };
}

interface Numbered extends Examined {
  /** `3.2` */
  readonly number: string;
  /** Of the step, on its first check. */
  readonly title?: string;
}

function numbered(examined: readonly Examined[]): readonly Numbered[] {
  return order.flatMap((step) =>
    examined
      .filter((each) => each.step === step)
      .map((each, index) => ({
        ...each,
        number: `${step}.${index + 1}`,
        ...(index === 0 && { title: titles[step] }),
      })),
  );
}
