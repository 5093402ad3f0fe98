// The code of a desk for tests in which it has nothing to say.
import { goOn } from '../../src/domain/hooks.ts';
import type { DeskCode } from '../../src/engine/ports/desk-code.ts';

export const silentCode: DeskCode = {
  hook: async () => goOn,
  approval: async () => ({ unknown: 'It does not answer.' }),
  available: async () => 'open',
  identity: async () => 'unanswered',
};
