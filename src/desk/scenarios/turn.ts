// What happens in one turn of a scenario: the words of the file, and the command that they are.
import type { PersonCommand, Voice } from '../../domain/commands.ts';
import { parseDuration } from '../../domain/duration.ts';
import type { TurnFile } from '../schema/scenarios-schema.ts';

export const actWords = ['approve', 'deny', 'revoke', 'cancel', 'extend', 'review', 'wait'] as const;
export type ActWord = (typeof actWords)[number];

/** What goes with what. */
export const owners = {
  message: ['approve', 'deny', 'revoke', 'extend', 'review'],
  as: ['approve'],
  for: ['approve'],
  by: ['extend'],
  outcome: ['review'],
} as const satisfies { readonly [word: string]: readonly ActWord[] };

export interface Act {
  readonly type: ActWord;
  /** The person who does it; of `wait`, the duration. */
  readonly value: string;
}

/** Undefined where nothing is said; the first where too much is. */
export function actOf(turn: TurnFile): Act | undefined {
  for (const type of actWords) {
    const value = turn[type];
    if (value !== undefined) return { type, value };
  }
  return undefined;
}

export function commandOf(type: Exclude<ActWord, 'wait'>, turn: TurnFile, voice: Voice): PersonCommand {
  const said = turn.message === undefined ? {} : { message: turn.message };
  switch (type) {
    case 'approve': {
      const duration = turn.for === undefined ? undefined : parseDuration(turn.for);
      return {
        type,
        voice,
        ...said,
        ...(duration !== undefined && { duration }),
        ...(turn.as && { as: turn.as }),
      };
    }
    case 'deny':
    case 'revoke':
      return { type, voice, ...said };
    case 'cancel':
      return { type, voice };
    case 'extend': {
      const by = turn.by === undefined ? undefined : parseDuration(turn.by);
      return { type, voice, ...said, ...(by !== undefined && { by }) };
    }
    case 'review':
      return { type, voice, outcome: turn.outcome ?? 'fine', message: turn.message ?? 'I looked at it.' };
    default:
      return type satisfies never;
  }
}
