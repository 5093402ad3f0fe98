// The integration by which a group is looked up, with its settings.
import type { Desk } from '../desk/desk.ts';
import { chooseIntegration } from '../desk/group-integration.ts';
import type { Unknown } from '../domain/facts.ts';
import type { Settings } from '../domain/flow.ts';

export interface Place {
  readonly name: string;
  readonly settings: Settings;
  /** What is left of the id. */
  readonly id: string;
}

/** `00g1`, or `okta-eu/00g1` where the desk has several integrations of the type. */
export function integrationOf(type: string, id: string, { settings }: Desk): Place | Unknown {
  if (settings === undefined) return { unknown: 'The file countersign.yml is missing or broken.' };
  const { integrations } = settings;
  const chosen = chooseIntegration(type, id, integrations);
  if ('none' in chosen) return { unknown: `The file ${chosen.none}.` };
  const declared = integrations.get(chosen.name);
  if (declared === undefined) return { unknown: 'The integration is not declared.' };
  return { ...chosen, settings: declared.settings };
}
