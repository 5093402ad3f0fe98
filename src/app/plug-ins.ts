// What this version of the app brings and a desk's files may name: strategies, integrations, kinds of action, sources of options. Data only, which can go to another thread.
import type { ActionKind } from '../actions/action.ts';
import { actionKinds } from '../actions/index.ts';
import { integrations } from '../clients/integrations.ts';
import type { ActionSchemas, OptionSourceSchemas, PlugIns } from '../desk/desk.ts';
import { optionSources } from '../prefetch/index.ts';
import type { OptionSource } from '../prefetch/option-source.ts';
import { strategies } from '../strategies/index.ts';
import { strategySchemas } from '../strategies/strategy-schemas.ts';

export const plugIns: Required<PlugIns> = {
  strategies: strategySchemas(strategies),
  integrations,
  actions: actionSchemas(actionKinds),
  optionSources: optionSourceSchemas(optionSources),
};

function actionSchemas(kinds: readonly ActionKind[]): ActionSchemas {
  return Object.fromEntries(
    kinds.map(({ type, with: schema, takes, integration, leads }) => [
      type,
      { with: schema, takes, ...(integration && { integration }), ...(leads && { leads }) },
    ]),
  );
}

function optionSourceSchemas(sources: readonly OptionSource[]): OptionSourceSchemas {
  return Object.fromEntries(
    sources.map(({ run, with: schema, takes, integration }) => [
      run,
      { with: schema, takes, ...(integration && { integration }) },
    ]),
  );
}
