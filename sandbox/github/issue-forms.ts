// A repository's issue forms: read from its default branch, and turned into the body that GitHub makes of an answer.
import { load, YAML11_SCHEMA } from 'js-yaml';
import type { GitHub } from './github.ts';
import { formProblem } from './issue-form-rules.ts';
import { isObject } from './rest/json.ts';
import type { JsonObject } from './rest/json.ts';
import type { RepositoryRow } from './rows.ts';

export interface FormField {
  readonly type: 'markdown' | 'input' | 'textarea' | 'dropdown' | 'checkboxes';
  /** Empty for markdown, and where the form gives none. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly placeholder: string;
  readonly value: string;
  readonly required: boolean;
  readonly multiple: boolean;
  /** The language a textarea's answer is fenced with. */
  readonly render: string;
  readonly options: ReadonlyArray<{ readonly label: string; readonly required: boolean }>;
  readonly preselected: number | null;
}

export interface IssueForm {
  readonly file: string;
  readonly name: string;
  readonly description: string;
  readonly title: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly fields: readonly FormField[];
}

const folder = '.github/ISSUE_TEMPLATE';

export function issueForms(github: GitHub, repository: RepositoryRow): IssueForm[] {
  const git = github.git(repository);
  const head = git.commit(git.resolve(repository.default_branch) ?? '');
  const entry = head ? git.entryAt(head.tree, folder) : undefined;
  return (entry ? (git.tree(entry.sha) ?? []) : [])
    .filter((file) => /\.ya?ml$/.test(file.name) && !/^config\.ya?ml$/.test(file.name))
    .flatMap((file) => parseForm(file.name, git.object(file.sha)?.content.toString() ?? ''));
}

/** GitHub offers no form that it cannot read. */
export function parseForm(file: string, text: string): IssueForm[] {
  const form = parsed(text);
  if (formProblem(form) !== undefined || !isObject(form) || !Array.isArray(form['body'])) return [];
  return [
    {
      file,
      name: words(form['name']),
      description: words(form['description']),
      title: words(form['title']),
      labels: list(form['labels']),
      assignees: list(form['assignees']),
      fields: form['body'].flatMap((field: unknown) => (isObject(field) ? parseField(field) : [])),
    },
  ];
}

function parsed(text: string): unknown {
  try {
    // Where yes, on and 12:30 are no texts.
    return load(text, { schema: YAML11_SCHEMA });
  } catch {
    return null;
  }
}

function parseField(field: JsonObject): FormField[] {
  const { type } = field;
  if (
    type !== 'markdown' &&
    type !== 'input' &&
    type !== 'textarea' &&
    type !== 'dropdown' &&
    type !== 'checkboxes'
  ) {
    return [];
  }
  const attributes = isObject(field['attributes']) ? field['attributes'] : {};
  const validations = isObject(field['validations']) ? field['validations'] : {};
  const options: unknown = attributes['options'];
  return [
    {
      type,
      id: words(field['id']),
      label: words(attributes['label']),
      description: words(attributes['description']),
      placeholder: words(attributes['placeholder']),
      value: words(attributes['value']),
      required: validations['required'] === true,
      multiple: attributes['multiple'] === true,
      render: words(attributes['render']),
      options: Array.isArray(options) ? options.map(parseOption) : [],
      preselected: typeof attributes['default'] === 'number' ? attributes['default'] : null,
    },
  ];
}

function parseOption(option: unknown): { readonly label: string; readonly required: boolean } {
  if (!isObject(option)) return { label: words(option), required: false };
  return { label: words(option['label']), required: option['required'] === true };
}

/** Answers by field: its id, or its label. Several chosen options come as a list. */
export type FormAnswers = Readonly<Record<string, string | readonly string[]>>;

export function formBody(form: IssueForm, answers: FormAnswers): string {
  return form.fields
    .filter((field) => field.type !== 'markdown')
    .map((field) => `### ${field.label}\n\n${answerText(field, answers[field.id] ?? answers[field.label])}`)
    .join('\n\n');
}

function answerText(field: FormField, answer: string | readonly string[] | undefined): string {
  const chosen = typeof answer === 'string' ? [answer] : (answer ?? []);
  if (field.type === 'checkboxes') {
    return field.options
      .map((option) => `- [${chosen.includes(option.label) ? 'X' : ' '}] ${option.label}`)
      .join('\n');
  }
  const text = chosen.join(', ').trim();
  if (text === '') return '_No response_';
  return field.render === '' ? text : `\`\`\`${field.render}\n${text}\n\`\`\``;
}

function words(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

function list(value: unknown): string[] {
  if (typeof value === 'string') return value.split(',').map((one) => one.trim());
  return Array.isArray(value) ? value.map(words) : [];
}
