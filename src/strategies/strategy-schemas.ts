// What readers of a desk know of each strategy: data only, which can go to another thread.
import type { StrategySchemas } from '../desk/desk.ts';
import type { Strategy } from './strategy.ts';

export function strategySchemas(strategies: readonly Strategy[]): StrategySchemas {
  return Object.fromEntries(
    strategies.map(({ type, settings, integration, placeholders, endSessions, versions }) => [
      type,
      {
        settings,
        ...(integration && { integration }),
        ...(placeholders && { placeholders }),
        ...(endSessions && { endsSessions: true }),
        ...(versions && { runsCode: true }),
      },
    ]),
  );
}
