// The form of whoever does not wait for approval: the flow as it can be had that way, and the reason asked before all else.
import { behindGlass, breakGlassReason } from '../../domain/break-glass.ts';
import type { BreakGlass, RawForm } from '../../domain/commands.ts';
import type { Field, Flow } from '../../domain/flow.ts';
import { confirmation } from '../../domain/form.ts';

/** Undefined where the flow has nothing of the kind. */
export function glassFlow(flow: Flow): Flow | undefined {
  const { breakGlass } = flow;
  if (breakGlass === undefined) return undefined;
  return {
    ...behindGlass(flow, breakGlass),
    header:
      'Nobody is asked: you have access at once, everybody is told, and somebody else reviews it afterwards.',
    fields: [reason, ...flow.fields.filter((field) => !isReason(field))],
  };
}

const reason: Field = {
  name: breakGlassReason,
  type: 'string',
  label: 'Why can it not wait?',
  required: true,
};

/** What is said once need not be said again. */
function isReason({ name, type }: Field): boolean {
  return name === 'reason' && type === 'string';
}

/** What the form held: what any request has, and what goes with this one. */
export function splitGlass({ fields, ...form }: RawForm): {
  readonly form: RawForm;
  readonly breakGlass: BreakGlass;
} {
  const { [breakGlassReason]: why, [confirmation]: typed, ...rest } = fields;
  return { form: { ...form, fields: rest }, breakGlass: { reason: textOf(why), confirm: textOf(typed) } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
