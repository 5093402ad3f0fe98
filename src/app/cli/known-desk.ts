// Reads a desk's files as this version of the app would: with the strategies that are built.
import type { Desk, StrategySchemas } from '../../desk/desk.ts';
import { createDeskReader, type DeskFiles } from '../../desk/desk-reader.ts';
import { strategies } from '../../strategies/index.ts';

export const knownStrategies: StrategySchemas = Object.fromEntries(
  strategies.map((strategy) => [strategy.type, strategy]),
);

const reader = createDeskReader({ strategies: knownStrategies });

export function readDeskFiles(files: DeskFiles, commit = 'here'): Desk {
  return reader.readDesk(files, commit);
}
