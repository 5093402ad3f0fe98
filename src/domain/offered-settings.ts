// What a flow can grant at all: the settings of each target, and where they are bound to fields, of each value that those may have.
import type { Field, FieldValue, FieldValues, Flow, Settings, StrategyRef, Target } from './flow.ts';
import { bindSettings, bindText, boundFields } from './template.ts';

export interface Offered {
  readonly flow: string;
  readonly target: string;
  readonly label: string;
  readonly strategy: StrategyRef;
  readonly settings: Settings;
}

/** The values are not listed anywhere, or there are too many of them. */
export interface Unbounded {
  readonly flow: string;
  readonly target: string;
  readonly why: string;
}

/** Of one target. */
const maxValues = 500;

export function offeredBy(flow: Flow): readonly (Offered | Unbounded)[] {
  const { access } = flow;
  if (access === undefined) return [];
  return access.targets.flatMap((target): readonly (Offered | Unbounded)[] => {
    const place = { flow: flow.ref.name, target: target.name };
    const values = valuesOf(target, flow.fields);
    if (typeof values === 'string') return [{ ...place, why: values }];
    return values.flatMap((fields) => {
      const bound = bindSettings(target.settings, fields);
      const label = bindText(target.label, fields);
      if ('unbound' in bound) return [];
      const { settings } = bound;
      return [
        {
          ...place,
          label: 'text' in label ? label.text : target.label,
          strategy: access.strategy,
          settings,
        },
      ];
    });
  });
}

/** Every combination; a sentence where they cannot be listed. */
function valuesOf(target: Target, fields: readonly Field[]): readonly FieldValues[] | string {
  const names = [...new Set(Object.values(target.settings).flatMap(boundFields))];
  let combinations: readonly FieldValues[] = [{}];
  for (const name of names) {
    const options = optionsOf(fields.find((field) => field.name === name));
    if (options === undefined) return `Its settings are bound to “${name}”, whose values are not listed.`;
    if (combinations.length * options.length > maxValues)
      return `Its settings are bound to fields with more than ${maxValues} combinations of values.`;
    combinations = combinations.flatMap((known) => options.map((value) => ({ ...known, [name]: value })));
  }
  return combinations;
}

/** Undefined where whoever asks may type what they like. Of a list, each option by itself. */
function optionsOf(field: Field | undefined): readonly FieldValue[] | undefined {
  if (field?.type === 'bool') return [true, false];
  return field?.options;
}
