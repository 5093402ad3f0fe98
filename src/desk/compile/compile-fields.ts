// The fields of a flow: what is asked, in which order, and which answers are possible.
import { parseDuration } from '../../domain/duration.ts';
import type { Condition, Field, FieldType, FieldValue, OptionsSource } from '../../domain/flow.ts';
import { personId } from '../../domain/names.ts';
import { createConditions, type CompileCondition, type Conditions } from '../condition/condition.ts';
import type { Report } from '../diagnostic.ts';
import type { KnownPeople } from '../group-grammar.ts';
import { nearest } from '../nearest.ts';
import { compilePattern } from '../pattern.ts';
import { compileOptionsFrom, type OptionsContext } from './compile-options-from.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { FieldFile, FlowFile } from '../schema/flow-schema.ts';

export interface CompiledFields {
  readonly fields: readonly Field[];
  readonly conditions: Conditions;
}

interface Context {
  readonly people: KnownPeople;
  readonly report: Report;
}

/** What is needed besides, where options are read live. */
type FieldsContext = Context & Pick<OptionsContext, 'optionSources' | 'settings' | 'filling' | 'codeFiles'>;

/** Words of CEL, and names under which a form asks something else. */
const taken: ReadonlySet<string> = new Set([
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if'],
  ...['import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
  ...['flow', 'target', 'duration', 'confirm', 'constructor', 'prototype'],
]);

export function compileFields(file: FlowFile, context: FieldsContext): CompiledFields {
  const entries = Object.entries(file.fields ?? {});
  checkNames(
    entries.map(([name]) => name),
    context.report,
  );
  const askable = entries.filter(([name]) => !taken.has(name));
  const conditions = createConditions({
    fields: askable.map(([name, { type }]) => ({ name, type })),
    access: file.strategy !== undefined,
    people: context.people,
    integrations: context.settings?.integrations,
    conditions: countConditions(file),
  });
  const order = askable.map(([name]) => name);
  const fields: Field[] = [];
  for (const [name, entry] of askable) {
    const condition = readCondition(
      name,
      entry,
      { order, compileCondition: conditions.ofFields },
      context.report,
    );
    const optionsFrom = readSource(name, entry, {
      ...context,
      environment: file.environment,
      before: fields,
    });
    fields.push({
      ...readField(name, entry, context),
      ...(optionsFrom && { optionsFrom }),
      ...(condition && { condition }),
    });
  }
  checkLabels(fields, context.report);
  return { fields, conditions };
}

/** Those of fields are judged when a form is checked, all others when it is decided on. */
function countConditions({ fields = {}, approval, rules = [] }: FlowFile): number {
  const asked = Object.values(fields).filter((field) => field.if !== undefined);
  const steps = approval.steps.filter((step) => step.if !== undefined);
  return Math.max(asked.length, steps.length + rules.length);
}

function checkNames(names: readonly string[], report: Report): void {
  for (const name of names)
    if (taken.has(name)) report.add({ at: pointerTo('fields', name), on: 'key' }, 'field-name', name);
}

/** The labels and names of a form's questions are how its answers are told apart. */
function checkLabels(fields: readonly Field[], report: Report): void {
  const seen = new Set(['flow', 'target', 'duration']);
  const names = new Set(fields.map(({ name }) => name));
  for (const { name, label } of fields) {
    const folded = label.toLowerCase();
    const isOther = label !== name && names.has(label);
    if (isOther || seen.has(folded))
      report.add({ at: pointerTo('fields', name, 'label') }, 'field-label', label);
    else seen.add(folded);
  }
}

function readCondition(
  name: string,
  entry: FieldFile,
  {
    order,
    compileCondition,
  }: { readonly order: readonly string[]; readonly compileCondition: CompileCondition },
  report: Report,
): Condition | undefined {
  if (entry.if === undefined) return undefined;
  const at = pointerTo('fields', name, 'if');
  const compiled = compileCondition(entry.if, { at }, report);
  for (const { field, offset } of compiled?.reads ?? [])
    if (order.indexOf(field) >= order.indexOf(name))
      report.add({ at, offset }, 'condition-order', field, field === name);
  return compiled?.condition;
}

function readSource(name: string, entry: FieldFile, context: OptionsContext): OptionsSource | undefined {
  if (!('options_from' in entry) || entry.options_from === undefined) return undefined;
  const at = pointerTo('fields', name, 'options_from');
  if (entry.options !== undefined) context.report.add({ at, on: 'key' }, 'options-twice');
  return compileOptionsFrom(entry.options_from, at, context);
}

function readField(name: string, entry: FieldFile, { people, report }: Context): Omit<Field, 'condition'> {
  const at = pointerTo('fields', name);
  const { type, label, description, required } = entry;
  const read = (value: unknown, place: string): FieldValue | undefined =>
    readAnswer(type, value, { at: place, people, report });
  const offered: readonly unknown[] | undefined = 'options' in entry ? entry.options : undefined;
  const options = offered?.flatMap((option, index) => read(option, `${at}/options/${index}`) ?? []);
  const source = 'pattern' in entry ? entry.pattern : undefined;
  const pattern = source === undefined ? undefined : compilePattern(source, { at: `${at}/pattern` }, report);
  const otherwise = entry.default === undefined ? undefined : readDefault(type, entry.default);
  const field = {
    name,
    type,
    label: label ?? labelFrom(name),
    ...(description !== undefined && { description }),
    required: required ?? true,
    ...(otherwise !== undefined && { default: otherwise }),
    ...(options && { options }),
    ...(pattern && { pattern }),
  };
  checkAnswers(field, at, report);
  return field;

  function readDefault(of: FieldType, value: unknown): FieldValue | undefined {
    const one = of === 'person-list' ? 'person' : undefined;
    if (one && Array.isArray(value))
      value.forEach((item: unknown, index) =>
        readAnswer(one, item, { at: `${at}/default/${index}`, people, report }),
      );
    if (Array.isArray(value)) return allOf(value);
    return read(value, `${at}/default`);
  }
}

/** A list of texts or a list of numbers, which the schema has seen to. */
function allOf(list: readonly unknown[]): readonly string[] | readonly number[] {
  const numbers = list.filter((item) => typeof item === 'number');
  return numbers.length > 0 ? numbers : list.filter((item) => typeof item === 'string');
}

function readAnswer(
  type: FieldType,
  value: unknown,
  { at, people, report }: Context & { readonly at: string },
): string | number | boolean | undefined {
  if (type === 'duration') {
    const ms = typeof value === 'string' ? parseDuration(value) : undefined;
    if (ms === undefined) report.add({ at }, 'bad-duration', String(value));
    return ms;
  }
  if (type.startsWith('person') && people && !people.has(personId(String(value)))) {
    report.add({ at, suggestion: nearest(String(value), people) }, 'unknown-person', String(value));
    return undefined;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    report.add({ at }, 'default-type', String(value), type);
    return undefined;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

/** The author's own answers keep to the author's own rules. */
function checkAnswers(field: Omit<Field, 'condition'>, at: string, report: Report): void {
  const { options, pattern } = field;
  const answers = field.default === undefined ? [] : [field.default].flat();
  for (const answer of answers)
    if (options && !options.some((option) => option === answer))
      report.add({ at: `${at}/default` }, 'default-not-an-option', String(answer));
  if (pattern === undefined) return;
  for (const answer of answers)
    if (!pattern.matches(String(answer)))
      report.add({ at: `${at}/default` }, 'option-no-match', String(answer));
  for (const [index, option] of (options ?? []).entries())
    if (!pattern.matches(String(option)))
      report.add({ at: `${at}/options/${index}` }, 'option-no-match', String(option));
}

/** `pull_request` is asked as “Pull request”. */
function labelFrom(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
