// The rules of a flow: conditions that approve named steps, or deny, each with a reason that people read.
import type { Rule } from '../../domain/flow.ts';
import { compileTemplate, type TextContext } from './compile-texts.ts';
import type { CompileCondition } from '../condition/condition.ts';
import { nearest } from '../nearest.ts';
import type { FlowFile } from '../schema/flow-schema.ts';

export interface RulesContext {
  readonly steps: FlowFile['approval']['steps'];
  readonly compileCondition: CompileCondition;
  readonly texts: TextContext;
}

type RuleFile = NonNullable<FlowFile['rules']>[number];

export function compileRules(rules: FlowFile['rules'] = [], context: RulesContext): readonly Rule[] {
  const names = rules.map(({ name }) => name);
  return rules.flatMap((file, index) => {
    const at = `/rules/${index}`;
    if (names.indexOf(file.name) < index)
      context.texts.report.add({ at: `${at}/name` }, 'duplicate-rule', file.name);
    return compileRule(file, at, context) ?? [];
  });
}

/** Undefined where the report says what is wrong. */
function compileRule(
  file: RuleFile,
  at: string,
  { steps, compileCondition, texts }: RulesContext,
): Rule | undefined {
  const { name, approve, deny, reason } = file;
  const { report } = texts;
  const compiled = compileCondition(file.if, { at: `${at}/if` }, report);
  if ((approve === undefined) === (deny === undefined)) {
    if (approve) report.add({ at: `${at}/deny`, on: 'key' }, 'rule-effect', true);
    else report.add({ at }, 'rule-effect', false);
  }
  for (const [place, named] of (approve ?? []).entries()) {
    const step = steps.find((each) => each.name === named);
    const there = { at: `${at}/approve/${place}` };
    if (step === undefined) {
      const suggestion = nearest(
        named,
        steps.map((each) => each.name),
      );
      report.add({ ...there, suggestion }, 'unknown-step', named);
    } else if (step.people_only) report.add(there, 'rule-people-only', named);
  }
  const said = reason === undefined ? undefined : compileTemplate(reason, `${at}/reason`, texts);
  return (
    compiled && {
      name,
      condition: compiled.condition,
      then: approve ? { approve } : { deny: true },
      ...(said !== undefined && { reason: said }),
    }
  );
}
