// The issue form of each flow, made from it: the same questions in the same words, so that the two cannot drift apart.
import { dump } from 'js-yaml';
import { printGrantedFor } from '../../domain/duration.ts';
import type { AccessOffer, Field, FieldValue, Flow } from '../../domain/flow.ts';
import { confirmation, printValue } from '../../domain/form.ts';
import { isBroken, type Desk } from '../desk.ts';

/** Where GitHub looks for forms. */
export const formFolder = '.github/ISSUE_TEMPLATE';

/** One for each flow that people may start on GitHub, by path. A broken flow has none now; what is there for it stays. */
export function issueForms(desk: Desk): ReadonlyMap<string, string> {
  const forms = new Map<string, string>();
  for (const flow of desk.flows.values())
    if (!isBroken(flow) && isStartedOnGitHub(flow)) forms.set(formPath(flow.ref.name), printForm(flow));
  return forms;
}

function formPath(flow: string): string {
  return `${formFolder}/${flow}.yml`;
}

function isStartedOnGitHub({ sources }: Flow): boolean {
  return sources?.includes('github') ?? true;
}

function printForm(flow: Flow): string {
  const { ref, label, description, header, danger, access, fields, confirm } = flow;
  const intro = [header, danger === undefined ? undefined : `⚠️ **${danger}**`].filter(isThere);
  const form = {
    name: label,
    description: description ?? `Ask for: ${label}`,
    title: label,
    body: [
      ...(intro.length === 0 ? [] : [{ type: 'markdown', attributes: { value: intro.join('\n\n') } }]),
      dropdown({ id: 'flow', label: 'Flow', options: [ref.name], first: 0 }),
      ...(access ? accessQuestions(access, fields) : []),
      ...questions(fields),
      ...(confirm === 'typed' ? [confirmationOf(flow)] : []),
    ],
  };
  // GitHub reads YAML 1.1, where yes, 12:30 and 0x1f are no texts: `dump` quotes what is one in no version.
  const yaml = dump(form, { lineWidth: -1, noRefs: true });
  return `# Made from flows/${ref.name}.yml by Countersign: change that file, and run \`countersign forms\`.\n${yaml}`;
}

function accessQuestions({ targets, durations }: AccessOffer, fields: readonly Field[]): readonly Question[] {
  const options = durations.options.map(printGrantedFor);
  const explained = targets.flatMap(({ name, label }) =>
    name.toLowerCase() === label.toLowerCase() ? [] : [`${name}: ${withLabels(label, fields)}`],
  );
  return [
    dropdown({
      id: 'target',
      label: 'Target',
      options: targets.map(({ name }) => name),
      ...(explained.length > 0 && { description: explained.join(' · ') }),
      ...(targets.length === 1 && { first: 0 }),
    }),
    dropdown({
      id: 'duration',
      label: 'Duration',
      options,
      first: options.indexOf(printGrantedFor(durations.default)),
    }),
  ];
}

/** What is still to be answered stands in it by its label. */
function withLabels(text: string, fields: readonly Field[]): string {
  return text.replace(/\$\{\{\s*fields\.(\w+)\s*\}\}/g, (_, name: string) => {
    const label = fields.find((field) => field.name === name)?.label ?? name;
    return `‹${label}›`;
  });
}

interface Question {
  readonly type: string;
  /** Tells questions apart whose labels are alike, and lets an address fill in an answer. */
  readonly id: string;
  readonly attributes: { readonly label: string; readonly [name: string]: unknown };
  readonly validations: { readonly required: boolean };
}

interface Dropdown {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly options: readonly string[];
  readonly multiple?: true;
  /** The one that is chosen already. */
  readonly first?: number;
  readonly isOptional?: boolean;
}

function dropdown(asked: Dropdown): Question {
  const { id, label, description, options, multiple, first, isOptional = false } = asked;
  return {
    type: 'dropdown',
    id,
    attributes: {
      label,
      ...(description !== undefined && { description }),
      ...(multiple && { multiple }),
      options,
      ...(first !== undefined && first >= 0 && { default: first }),
    },
    validations: { required: !isOptional },
  };
}

/** A heading of an issue stands for one question: where a label is taken, the name of the field is asked. */
function questions(fields: readonly Field[]): readonly Question[] {
  const taken = new Set(['Flow', 'Target', 'Duration', 'Confirm']);
  return fields.map((field) => {
    const label = taken.has(field.label.trim()) ? field.name : field.label.trim();
    taken.add(label);
    return question({ ...field, label }, fields);
  });
}

function question(field: Field, fields: readonly Field[]): Question {
  const { name: id, label, type } = field;
  // What is asked only now and then cannot be required, nor what has an answer already.
  const isOptional = !field.required || field.condition !== undefined || field.default !== undefined;
  const choices = choicesOf(field);
  const notes = [field.description, whenAsked(field, fields), howAnswered(field, choices)].filter(isThere);
  const description = notes.length === 0 ? {} : { description: notes.join(' ') };
  const usual = field.default === undefined ? undefined : printValue(field, field.default);
  const isList = type.endsWith('-list');
  if (choices !== undefined)
    return dropdown({
      id,
      label,
      ...description,
      options: choices,
      ...(isList && { multiple: true }),
      ...(usual !== undefined && !isList && { first: choices.indexOf(usual) }),
      isOptional,
    });
  const isLong = isList || (type === 'string' && !field.pattern && !field.options && !field.optionsFrom);
  return {
    type: isLong ? 'textarea' : 'input',
    id,
    attributes: { label, ...description, ...(usual !== undefined && { value: usual }) },
    validations: { required: !isOptional },
  };
}

/** Undefined where GitHub has no list for it: it keeps the word “none” to itself. */
function choicesOf(field: Field): readonly string[] | undefined {
  const { type, options } = field;
  if (type === 'bool') return ['no', 'yes'];
  const choices = options?.map((option: FieldValue) => printValue(field, option));
  return choices?.some((choice) => choice.trim().toLowerCase() === 'none') ? undefined : choices;
}

/** Most conditions are about one answer, and read as a sentence. */
function whenAsked({ condition }: Field, fields: readonly Field[]): string | undefined {
  if (condition === undefined) return undefined;
  const [, name, answer] = /^fields\.(\w+) == ['"]([^'"\\]*)['"]$/.exec(condition.source.trim()) ?? [];
  const asked = fields.find((field) => field.name === name);
  return asked
    ? `Only if the answer to “${asked.label}” is ${answer}.`
    : `Only where \`${condition.source.replaceAll(/\s+/g, ' ')}\`.`;
}

function howAnswered(field: Field, choices: readonly string[] | undefined): string | undefined {
  const { type, pattern, options, optionsFrom, description } = field;
  if (choices !== undefined) return undefined;
  if (options) return `One of ${options.map((option) => printValue(field, option)).join(', ')}.`;
  // GitHub’s forms are files: what is offered at this moment cannot stand in one.
  if (optionsFrom)
    return `${type.endsWith('-list') ? 'One in each line. ' : ''}What may be answered is looked up when this is sent.`;
  // Whoever described the field said what it looks like, in words.
  if (pattern) return description === undefined ? `It has to match \`${pattern.source}\`.` : undefined;
  switch (type) {
    case 'int':
      return 'A whole number.';
    case 'duration':
      return 'A duration, such as 30m or 2h.';
    case 'person':
      return 'A person of this desk, as in people.yml.';
    case 'string-list':
    case 'int-list':
      return 'One in each line.';
    case 'person-list':
      return 'People of this desk, as in people.yml, one in each line.';
    case 'string':
    case 'bool':
      return undefined;
    default:
      return type satisfies never;
  }
}

function confirmationOf({ access, ref }: Flow): Question {
  const [only, ...others] = access?.targets ?? [];
  const word = access === undefined ? ref.name : only && others.length === 0 ? only.name : undefined;
  return {
    type: 'input',
    id: confirmation,
    attributes: {
      label: 'Confirm',
      description:
        word === undefined ? 'Type the name of the target to confirm.' : `Type “${word}” to confirm.`,
    },
    validations: { required: true },
  };
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
