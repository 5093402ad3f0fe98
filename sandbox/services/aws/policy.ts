// Whether policies allow an action, as IAM weighs them: an explicit deny beats everything, and what nobody allows is refused.

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: {
    readonly [operator: string]: { readonly [key: string]: string | readonly string[] };
  };
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

export interface Question {
  readonly action: string;
  readonly resource: string;
  /** The condition keys that this request carries; their names know no case. */
  readonly keys?: Readonly<Record<string, string>>;
}

export function isAllowed(policies: readonly Policy[], question: Question): boolean {
  const fitting = policies.flatMap(({ Statement }) => Statement).filter((each) => fits(each, question));
  return fitting.some(({ Effect }) => Effect === 'Allow') && !fitting.some(({ Effect }) => Effect === 'Deny');
}

function fits(statement: Statement, question: Question): boolean {
  const { Action, NotAction, Resource = '*', Condition = {} } = statement;
  const isAction =
    NotAction === undefined
      ? listed(Action).some((each) => isLike(question.action.toLowerCase(), each.toLowerCase()))
      : !listed(NotAction).some((each) => isLike(question.action.toLowerCase(), each.toLowerCase()));
  return (
    isAction &&
    listed(Resource).some((each) => isLike(question.resource, each)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => isMet(operator, valueOf(question, key), listed(wanted))),
    )
  );
}

/** An operator that is not known here is a mistake of the double, and loud. */
function isMet(operator: string, value: string | undefined, wanted: readonly string[]): boolean {
  if (value === undefined) return operator === 'StringNotEquals';
  switch (operator) {
    case 'StringEquals':
      return wanted.includes(value);
    case 'StringNotEquals':
      return !wanted.includes(value);
    case 'StringLike':
    case 'ArnLike':
      return wanted.some((each) => isLike(value, each));
    case 'DateLessThan':
      return wanted.some((each) => Date.parse(value) < Date.parse(each));
    default:
      throw new Error(`The double knows no condition operator ${operator}.`);
  }
}

function valueOf({ keys = {} }: Question, key: string): string | undefined {
  return Object.entries(keys).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

function isLike(value: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${source}$`).test(value);
}

function listed(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
