// The usual target of a town: one repository where each account holds a level. It does what it is told, in any weather.
import { Failure } from '../../src/engine/ports/failure.ts';
import type { AccessControl, Settled } from '../../src/engine/ports/access.ts';
import { broken } from './broken.ts';
import { checkBeforeGrant } from './judge.ts';
import type { Surroundings } from './life.ts';
import { levels, rank, type Level, type Town } from './town.ts';
import type { Life } from './weather.ts';

export function toyTargetOf(life: Life, around: Surroundings): AccessControl {
  const { town, branch, weather, clock, note } = around;
  return {
    look: (_desk, _strategy, settings, person) =>
      weather.call(life, 'target look', () => {
        const account = `toy:${person}`;
        const holds = town.holdings.get(account) ?? 'none';
        const wanted = String(settings['level']);
        return { resource: 'toy:repository', account, wanted, holds, covered: rank(holds) >= rank(wanted) };
      }),
    handOver: (call) => weather.call(life, 'target hand-over', () => ({ key: `of ${call.account}` })),
    settle: (call) =>
      weather.call(life, `target ${call.purpose}`, (): Settled => {
        if (call.purpose === 'escalate') {
          if (call.notAfter !== undefined && clock.now() >= call.notAfter)
            throw new Failure('It is too late to grant it.', { transient: false });
          checkBeforeGrant(branch, call);
          if (around.code?.wentOn.has(call.request) === false)
            broken(1, `${call.request} is given access that its code was to see first.`);
        }
        const level = levels[Math.max(...[call.before, ...call.wanted].map(rank))] ?? 'none';
        hold(town, call.account, level);
        note(`target: ${call.account} holds ${level}`);
        return { verified: 'read-back', holds: level };
      }),
  };
}

function hold(town: Town, account: string, level: Level): void {
  if (level === 'none') town.holdings.delete(account);
  else town.holdings.set(account, level);
}
