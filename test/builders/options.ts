// Lists of options for tests in which nobody asks for one.
import type { OptionLists } from '../../src/engine/ports/flows.ts';

export const noOptions: OptionLists = {
  now: async () => ({ unknown: 'Nothing is read here.' }),
  lately: async () => ({ unknown: 'Nothing is read here.' }),
};
