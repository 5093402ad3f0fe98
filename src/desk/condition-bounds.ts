// What a condition may be made of: known functions, one list at a time, and no part that always fails.
import { evaluate, serialize, type ASTNode } from '@marcbachmann/cel-js';
import type { CompiledCondition } from './condition.ts';
import { childrenOf } from './condition-tree.ts';
import { reasonOf } from './condition-words.ts';
import type { Place, Report } from './diagnostic.ts';
import { nearest } from './nearest.ts';

const functions = ['size', 'duration', 'int', 'string', 'double'] as const;
const throughLists = ['exists', 'exists_one', 'all'] as const;
const methods = [
  'size',
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'lowerAscii',
  'upperAscii',
  'trim',
  'getHours',
  'getMinutes',
  'getSeconds',
  ...throughLists,
] as const;
const known: readonly string[] = [...new Set<string>([...functions, ...methods])];

/** The fields that it reads; undefined where the report says what is not bounded or not possible. */
export function unboundedPart(
  root: ASTNode,
  source: string,
  place: Place,
  report: Report,
): CompiledCondition['reads'] | undefined {
  const reads: CompiledCondition['reads'][number][] = [];
  const add = (node: ASTNode): Place => ({ ...place, offset: (place.offset ?? 0) + node.start });
  return visit(root, 0) ? reads : undefined;

  function visit(node: ASTNode, lists: number): boolean {
    if (node.op === 'value') return true;
    if (isConstant(node))
      return isAllowed(node) && childrenOf(node).every((child) => visit(child, lists)) && isPossible(node);
    if (node.op === 'call' || node.op === 'rcall') return visitCall(node, lists);
    const read = readOf(node);
    if (read === 'whole') {
      report.add(add(node), 'condition-whole-fields');
      return false;
    }
    if (read) {
      if (read.of === 'fields') reads.push({ field: read.name, offset: read.offset });
      return true;
    }
    return childrenOf(node).every((child) => visit(child, lists));
  }

  function visitCall(node: Extract<ASTNode, { op: 'call' | 'rcall' }>, lists: number): boolean {
    if (!isAllowed(node)) return false;
    const [name] = node.args;
    const through = throughLists.some((list) => list === name) ? 1 : 0;
    if (lists + through > 1) {
      report.add(add(node), 'condition-nested');
      return false;
    }
    return childrenOf(node).every((child) => visit(child, lists + through));
  }

  function isAllowed(node: ASTNode): boolean {
    if (node.op !== 'call' && node.op !== 'rcall') return true;
    const [name] = node.args;
    const allowed: readonly string[] = node.op === 'call' ? functions : methods;
    if (allowed.includes(name)) return true;
    const close = nearest(name, allowed);
    report.add({ ...add(node), suggestion: close && `${close}()` }, 'condition-call', name, known.join(', '));
    return false;
  }

  /** What depends on nothing is worked out here and now, so that its failure is told with its place. */
  function isPossible(node: ASTNode): boolean {
    if (node.op === 'rcall' && node.args[0] === 'matches') {
      report.add(add(node), 'condition-constant', 'it matches a text that never changes');
      return false;
    }
    try {
      evaluate(serialize(node));
      return true;
    } catch (error) {
      const written = node.op === 'call' && node.args[0] === 'duration' ? node.args[1][0]?.args : undefined;
      if (typeof written === 'string')
        report.add({ ...add(node), suggestion: inHours(written) }, 'condition-duration', written);
      else report.add(add(node), 'condition-constant', reasonOf(error));
      return false;
    }
  }
}

/** Days as hours, which CEL knows. */
function inHours(written: string): string | undefined {
  const [, days] = /^([0-9]{1,4})d$/.exec(written) ?? [];
  return days === undefined ? undefined : `duration('${Number(days) * 24}h')`;
}

function isConstant(node: ASTNode): boolean {
  return node.op !== 'id' && childrenOf(node).every(isConstant);
}

/** `fields.NAME`, `fields['NAME']`, `request.NAME`; `whole` where one of the two is used in any other way. */
function readOf(
  node: ASTNode,
): { readonly of: string; readonly name: string; readonly offset: number } | 'whole' | undefined {
  if (node.op === 'id') return isRoot(node) ? 'whole' : undefined;
  if (node.op === '.' && isRoot(node.args[0]))
    return { of: String(node.args[0].args), name: node.args[1], offset: node.end - node.args[1].length };
  if (node.op !== '[]' || !isRoot(node.args[0])) return undefined;
  const [root, key] = node.args;
  return key.op === 'value' && typeof key.args === 'string'
    ? { of: String(root.args), name: key.args, offset: key.start + 1 }
    : 'whole';
}

function isRoot(node: ASTNode): boolean {
  return node.op === 'id' && (node.args === 'fields' || node.args === 'request');
}
