// What GitHub refuses in an issue form, as its documentation lists it: a form with a mistake is not offered at all.
import { isObject, type JsonObject } from './rest/json.ts';

const topKeys = ['name', 'description', 'title', 'labels', 'assignees', 'projects', 'type', 'body'];

const attributesOf: Readonly<
  Record<string, { readonly needed: readonly string[]; readonly known: readonly string[] }>
> = {
  markdown: { needed: ['value'], known: ['value'] },
  input: { needed: ['label'], known: ['label', 'description', 'placeholder', 'value'] },
  textarea: { needed: ['label'], known: ['label', 'description', 'placeholder', 'value', 'render'] },
  dropdown: {
    needed: ['label', 'options'],
    known: ['label', 'description', 'multiple', 'options', 'default'],
  },
  checkboxes: { needed: ['label', 'options'], known: ['label', 'description', 'options'] },
};

/** The first mistake, as a sentence; undefined where GitHub takes it. */
export function formProblem(form: unknown): string | undefined {
  if (!isObject(form)) return 'A form is a map.';
  const unknown = Object.keys(form).find((key) => !topKeys.includes(key));
  if (unknown !== undefined) return `${unknown} is not a permitted key`;
  for (const key of ['name', 'description']) {
    if (form[key] === undefined) return `required top level key ${key} is missing`;
    if (!isText(form[key])) return `${key} must be a string`;
  }
  if (form['title'] !== undefined && !isText(form['title'])) return 'title must be a string';
  const { body } = form;
  if (!Array.isArray(body) || body.length === 0) return 'body must be an array, and not empty';
  if (body.every((element: unknown) => isObject(element) && element['type'] === 'markdown'))
    return 'body must contain at least one non-markdown field';
  return firstOf(body.map(elementProblem)) ?? sameTwice(body);
}

function elementProblem(element: unknown, index: number): string | undefined {
  const at = `body[${index}]`;
  if (!isObject(element)) return `${at}: must be a map`;
  const { type, id, attributes, validations } = element;
  const rules = typeof type === 'string' ? attributesOf[type] : undefined;
  if (rules === undefined) return `${at}: ${String(type)} is not a valid input type`;
  const unknown = Object.keys(element).find(
    (key) => !['type', 'id', 'attributes', 'validations'].includes(key),
  );
  if (unknown !== undefined) return `${at}: ${unknown} is not a permitted key`;
  if (id !== undefined && !(typeof id === 'string' && /^[A-Za-z0-9_-]+$/.test(id)))
    return `${at}: id can only contain numbers, letters, -, _`;
  if (!isObject(attributes)) return `${at}: attributes must be a map`;
  const foreign = Object.keys(attributes).find((key) => !rules.known.includes(key));
  if (foreign !== undefined) return `${at}: ${foreign} is not a permitted key`;
  const missing = rules.needed.find((key) => attributes[key] === undefined);
  if (missing !== undefined) return `${at}: required attribute key ${missing} is missing`;
  if (!isRequiredWell(validations)) return `${at}: required must be a boolean`;
  return (
    attributesProblem(attributes, at) ?? (type === 'dropdown' ? choicesProblem(attributes, at) : undefined)
  );
}

function isRequiredWell(validations: unknown): boolean {
  if (validations === undefined) return true;
  return isObject(validations) && typeof (validations['required'] ?? false) === 'boolean';
}

function attributesProblem(attributes: JsonObject, at: string): string | undefined {
  for (const key of ['label', 'description', 'placeholder', 'value', 'render'])
    if (attributes[key] !== undefined && typeof attributes[key] !== 'string')
      return `${at}: ${key} must be a string`;
  for (const key of ['label', 'value'])
    if (attributes[key] !== undefined && !isText(attributes[key])) return `${at}: ${key} must not be empty`;
  return undefined;
}

function choicesProblem({ options, default: first }: JsonObject, at: string): string | undefined {
  if (!Array.isArray(options) || options.length === 0) return `${at}: options must not be empty`;
  if (options.some((option) => typeof option === 'boolean'))
    return `${at}: options must not include booleans. Please wrap values such as 'yes', and 'true' in quotes`;
  if (!options.every((option) => isText(option) || typeof option === 'number'))
    return `${at}: options must be strings`;
  const texts = options.map(String);
  if (new Set(texts).size < texts.length) return `${at}: options must be unique`;
  if (texts.some((text) => text.toLowerCase() === 'none'))
    return `${at}: options must not include the reserved word, none`;
  if (first === undefined) return undefined;
  const isIndex = typeof first === 'number' && Number.isInteger(first) && first >= 0 && first < texts.length;
  return isIndex ? undefined : `${at}: default must be an index of options`;
}

function sameTwice(body: readonly unknown[]): string | undefined {
  const asked = body.filter(isObject).filter(({ type }) => type !== 'markdown');
  const labels = asked.map(({ attributes }) => (isObject(attributes) ? attributes['label'] : ''));
  if (new Set(labels).size < labels.length) return 'body must have unique labels';
  const ids = asked.flatMap(({ id }) => (id === undefined ? [] : [id]));
  return new Set(ids).size < ids.length ? 'body must have unique ids' : undefined;
}

function firstOf(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}
