// Every command of `countersign`, one line each.
import type { CliCommand } from './command.ts';

export const commands: readonly CliCommand[] = [];
