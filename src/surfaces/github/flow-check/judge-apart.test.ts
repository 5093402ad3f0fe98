import { describe, expect, it } from 'vitest';
import type { ProposedChange } from '../../../desk/change/review-change.ts';
import { sampleFiles, sampleStrategies } from '../../../desk/sample-desk.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import { createJudge } from './judge-apart.ts';

const clock: Pick<Clock, 'sleep'> = {
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => clearTimeout(timer));
    }),
};
const proposing = (flows: Readonly<Record<string, string>>): ProposedChange => {
  const files = Object.entries({ ...sampleFiles, ...flows }).map(
    ([path, text]) => [path, new TextEncoder().encode(text)] as const,
  );
  return { before: undefined, after: { files: new Map(files), commit: 'c0ffee' }, unchanged: 0 };
};

describe('flows that are judged apart', () => {
  it('come to the same verdict as here', async () => {
    const judge = createJudge({ strategies: { ...sampleStrategies }, clock });
    const proposed = proposing({
      'flows/a.yml': 'requestors: [role:member]\n',
      'flows/b.yml': `requesters: [team:acme/eng]\nstrategy: { type: github-team }\ntargets: {}\n`,
    });
    const verdict = await judge(proposed);
    expect(verdict).toMatchObject({ conclusion: 'failure', counts: { sound: 0, broken: 2 } });
    expect(verdict.shown[0]).toMatchObject({ file: 'flows/a.yml', line: 1, suggestion: 'requesters' });
  });

  it('hold up nothing that happens here meanwhile', async () => {
    const judge = createJudge({ strategies: sampleStrategies, clock });
    const hostile = `label: "a@${'.'.repeat(200_000)} "\n`;
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`flows/f${n}.yml`, hostile]));
    let [turns, isDone] = [0, false];
    const verdict = judge(proposing(many)).finally(() => (isDone = true));
    while (!isDone) {
      turns += 1;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect((await verdict).counts.broken).toBe(40);
    expect(turns).toBeGreaterThan(20);
  });

  it('are given up where they take too long', async () => {
    const judge = createJudge({ strategies: sampleStrategies, clock, patience: 1 });
    await expect(judge(proposing({}))).rejects.toMatchObject({
      message: 'Reading these files takes too long.',
      transient: false,
    });
  });
});
