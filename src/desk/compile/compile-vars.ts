// Variables of a desk: read from settings, environment and flow, innermost wins, and filled in when a file is read.
import type { SettingValue } from '../../domain/flow.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import { pointerTo } from '../yaml/positions.ts';
import { placeholdersIn, type Placeholder } from './setting-values.ts';

export type VarValue = string | number | boolean | readonly string[];
export type Vars = ReadonlyMap<string, VarValue>;

type VarsFile = { readonly [name: string]: unknown };

const braces = /\$?\{\{|\}\}/;

/** Those of one place, laid over those of the places around it. What the report refuses is left out. */
export function readVars(file: VarsFile | undefined, outer: Vars, at: string, report: Report): Vars {
  const vars = new Map(outer);
  for (const [name, value] of Object.entries(file ?? {})) {
    const read = readVar(value, at + pointerTo(name), report);
    if (read === undefined) vars.delete(name);
    else vars.set(name, read);
  }
  return vars;
}

/** Nothing that a variable holds is filled in again, by us or by a strategy. */
function readVar(value: unknown, at: string, report: Report): VarValue | undefined {
  if (Array.isArray(value)) {
    const texts = value.filter((item: unknown) => typeof item === 'string');
    texts.forEach((text, index) => refuseBraces(text, at + pointerTo(index), report));
    return texts;
  }
  if (typeof value === 'string') refuseBraces(value, at, report);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}

function refuseBraces(text: string, at: string, report: Report): void {
  const offset = text.search(braces);
  if (offset >= 0) report.add({ at, offset }, 'var-braces');
}

/** Undefined where the place is no variable's. */
export function varName({ inner }: Placeholder): string | undefined {
  return /^vars\.([A-Za-z][A-Za-z0-9_]*)$/.exec(inner ?? '')?.[1];
}

export interface FillContext {
  readonly vars: Vars;
  /** Undefined vars are told only where all files that declare some could be read. */
  readonly areAllKnown: boolean;
  readonly report: Report;
}

/** A setting that is nothing but one variable keeps its type. Fields, secrets and the strategy's own braces stay. */
export function fillSetting(value: SettingValue, at: string, context: FillContext): SettingValue {
  if (typeof value === 'string') {
    const [only, ...others] = placeholdersIn(value, at);
    const name = only && others.length === 0 ? varName(only) : undefined;
    const isWhole = name !== undefined && /^\$\{\{[^}]*\}\}$/.test(value);
    const whole = isWhole ? context.vars.get(name) : undefined;
    return whole ?? fill(value, at, context, refuseList);
  }
  if (Array.isArray(value))
    return value.map((text: string, index) => fill(text, at + pointerTo(index), context, refuseList));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, SettingValue]) => [
      name,
      fillSetting(inner, at + pointerTo(name), context),
    ]),
  );
}

/** For people: a list is joined. */
export function fillText(text: string, at: string, context: FillContext): string {
  return fill(text, at, context, (list) => list.join(', '));
}

type UseList = (
  list: readonly string[],
  placeholder: Placeholder & { readonly name: string },
  report: Report,
) => string;

function refuseList(...[, { at, offset, name }, report]: Parameters<UseList>): string {
  report.add({ at, offset }, 'bound-var-list', name);
  return '';
}

function fill(text: string, at: string, context: FillContext, useList: UseList): string {
  const places = placeholdersIn(text, at);
  let filled = '';
  let end = 0;
  let open = places.length;
  for (const place of places) {
    const name = varName(place);
    const value = name === undefined ? undefined : valueOf({ ...place, name }, context, useList);
    if (value === undefined) continue; // left as it is, so that nobody takes it for a value
    filled += text.slice(end, place.offset) + value;
    end = text.indexOf('}}', place.offset) + 2;
    open -= 1;
  }
  filled += text.slice(end);
  // A variable beside a brace or a dollar could make a place to fill in that nobody wrote.
  if (placeholdersIn(filled, at).length > open)
    context.report.add({ at, offset: places[0]?.offset ?? 0 }, 'var-braces');
  return filled;
}

/** Undefined where there is none. */
function valueOf(
  place: Placeholder & { readonly name: string },
  { vars, areAllKnown, report }: FillContext,
  useList: UseList,
): string | undefined {
  const value = vars.get(place.name);
  if (typeof value === 'object') return useList(value, place, report);
  if (value === undefined && areAllKnown) reportUnknownVar(place, vars, report);
  return value === undefined ? undefined : String(value);
}

function reportUnknownVar(
  { at, offset, text, name }: Placeholder & { readonly name: string },
  vars: Vars,
  report: Report,
): void {
  const close = nearest(name, vars.keys());
  report.add(
    {
      at,
      offset: text.indexOf('vars.', offset) + 'vars.'.length,
      suggestion: close && `\${{ vars.${close} }}`,
    },
    'unknown-var',
    name,
    [...vars.keys()].slice(0, 20).join(', ') || 'none',
  );
}
