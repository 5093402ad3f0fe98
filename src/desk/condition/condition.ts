// Conditions: CEL, checked against the flow's own fields when it is read, and bounded in time when it is judged.
import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import type { Condition, Scope } from '../../domain/flow.ts';
import { impossiblePart, unboundedPart, type FieldRead } from './bounds.ts';
import { declareFacts, type Purpose, type Read, type Readable } from './facts.ts';
import { prepareWrittenOut } from './prepare.ts';
import { createProgram } from './program.ts';
import { maxConditionLength, maxNodes } from './tree.ts';
import { CannotTell } from './values.ts';
import { blameCel, blameType } from './words.ts';
import type { Place, Report } from '../diagnostic.ts';

export interface CompiledCondition {
  readonly condition: Condition;
  /** The fields that it reads, each with its place in the source. */
  readonly reads: readonly FieldRead[];
}

/** Undefined where the report says why. */
export type CompileCondition = (
  source: string,
  place: Place,
  report: Report,
) => CompiledCondition | undefined;

export interface Conditions {
  /** Whether a field is asked: reads answers, the target and the duration. */
  readonly ofFields: CompileCondition;
  /** Whether a step is asked, or a rule holds: reads who asks, where and when as well. */
  readonly ofDecisions: CompileCondition;
}

/** What judging all conditions of a flow may take, in steps: some tens of milliseconds at the very most. */
const stepsOfAll = 1_000_000;
const stepsOfOne = 250_000;

/**
 * `fields.NAME` of a field without an answer reads as its type's empty value: `''`, `false` or `[]`. Numbers and
 * durations have none: a condition that needs one cannot be judged.
 */
export function createConditions(readable: Readable): Conditions {
  let known: Environment | undefined;
  // Declaring what there is takes longer than most conditions: a flow without one does without.
  const environment = (): Environment =>
    (known ??= declareFacts(
      new Environment({
        limits: {
          maxAstNodes: maxNodes,
          maxDepth: 30,
          maxListElements: 100,
          maxMapEntries: 20,
          maxCallArguments: 4,
        },
      }),
      readable,
    ));
  const steps = Math.min(stepsOfOne, Math.floor(stepsOfAll / Math.max(1, readable.conditions)));
  const compileFor =
    (purpose: Purpose): CompileCondition =>
    (source, place, report) => {
      const reading = { readable, purpose, place, report };
      const parsed = parse(environment(), source, place, report);
      const reads = parsed && unboundedPart(parsed.ast, reading);
      const written = reads && prepareWrittenOut(parsed.ast, readable, place, report);
      if (!written || !isSound(parsed, reading)) return undefined;
      const prepared = { readable, ...written };
      if (impossiblePart(parsed.ast, prepared, place, report)) return undefined;
      const program = createProgram(parsed.ast, prepared);
      return { reads, condition: { source, judge: (scope) => judge(program, scope, steps) } };
    };
  return { ofFields: compileFor('field'), ofDecisions: compileFor('decision') };
}

function parse(
  environment: Environment,
  source: string,
  place: Place,
  report: Report,
): ParseResult | undefined {
  if (source.length > maxConditionLength) {
    report.add(place, 'condition-too-big', `${maxConditionLength} characters`);
    return undefined;
  }
  const braces = source.indexOf('${{');
  if (braces >= 0) {
    const bare = source.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, '$1');
    const suggestion = bare.includes('${{') ? undefined : bare;
    report.add({ ...place, offset: (place.offset ?? 0) + braces, suggestion }, 'condition-braces');
    return undefined;
  }
  try {
    return environment.parse(source);
  } catch (error) {
    blameCel(error, place, report);
    return undefined;
  }
}

function isSound(program: ParseResult, reading: Parameters<typeof blameType>[1]): boolean {
  const { valid, type, error } = program.check();
  if (!valid) {
    blameType(error, reading);
    return false;
  }
  if (type === 'bool') return true;
  reading.report.add(reading.place, 'condition-not-yes-or-no', String(type));
  return false;
}

function judge(program: Read, scope: Scope, steps: number): ReturnType<Condition['judge']> {
  const answer = program({ scope, left: steps, item: null });
  if (answer instanceof CannotTell) return { unknown: answer.unknown };
  return typeof answer === 'boolean' ? answer : { unknown: 'it is neither true nor false' };
}
