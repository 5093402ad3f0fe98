// What this version of the app brings and a desk's files may name: strategies, integrations, kinds of action, sources of options.
import { actionKinds } from '../actions/index.ts';
import { integrations } from '../clients/integrations.ts';
import type { PlugIns } from '../desk/desk.ts';
import { optionSources } from '../prefetch/index.ts';
import { strategies } from '../strategies/index.ts';
import { strategySchemas } from '../strategies/strategy-schemas.ts';

export const plugIns: Required<PlugIns> = {
  strategies: strategySchemas(strategies),
  integrations,
  actions: Object.fromEntries(actionKinds.map((kind) => [kind.type, kind])),
  optionSources: Object.fromEntries(optionSources.map((source) => [source.run, source])),
};
