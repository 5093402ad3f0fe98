// What this version of the app brings and a desk's files may name: its strategies, and its kinds of action.
import { actionKinds } from '../actions/index.ts';
import type { PlugIns } from '../desk/desk.ts';
import { strategies } from '../strategies/index.ts';

export const plugIns: Required<PlugIns> = {
  strategies: Object.fromEntries(strategies.map((strategy) => [strategy.type, strategy])),
  actions: Object.fromEntries(actionKinds.map((kind) => [kind.type, kind])),
};
