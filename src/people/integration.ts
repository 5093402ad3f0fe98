// Which integration of the desk a group is looked up by: the only one of its type, or the one that stands before the id.
import type { Desk } from '../desk/desk.ts';
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
  const slash = id.indexOf('/');
  const named = slash < 0 ? undefined : id.slice(0, slash);
  const found = [...settings.integrations].filter(
    ([name, integration]) =>
      integration.type === type && (named === undefined ? !name.includes('/') : name === named),
  );
  const [first, second] = found;
  if (first === undefined)
    return {
      unknown:
        named === undefined
          ? `countersign.yml declares no integration of type ${type}.`
          : `countersign.yml declares no integration ${named} of type ${type}.`,
    };
  if (second !== undefined)
    return {
      unknown: `countersign.yml declares several integrations of type ${type}: write one of their names before the id, as in ${first[0]}/${id}.`,
    };
  const [name, integration] = first;
  return { name, settings: integration.settings, id: id.slice(slash + 1) };
}
