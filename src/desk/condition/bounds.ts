// What a condition may be made of: known names and functions, one list at a time, and no part that always fails.
import type { ASTNode } from '@marcbachmann/cel-js';
import { bareMethods, clockMethods, functions, textMethods } from './calls.ts';
import { historyKinds, isCircumstance, type Purpose, type Readable } from './facts.ts';
import { incidentParts, incidentRead, incidentService, type IncidentRead } from './incident.ts';
import { createProgram, type Prepared } from './program.ts';
import { childrenOf } from './tree.ts';
import { CannotTell } from './values.ts';
import { blameName } from './words.ts';
import type { Place, Report } from '../diagnostic.ts';
import { chooseIntegration, namesOfType } from '../group-integration.ts';
import { nearest } from '../nearest.ts';

const throughLists = ['exists', 'exists_one', 'all'] as const;
const asking: readonly string[] = ['belongs_to', ...historyKinds];
const calls: readonly string[] = [...Object.keys(functions), 'incident'];
const methods: readonly string[] = [
  ...new Set([
    ...Object.keys(bareMethods),
    ...Object.keys(textMethods),
    'matches',
    ...clockMethods,
    ...throughLists,
  ]),
];

/** Where a part of the condition stands in its file. */
export function placeOf(node: ASTNode, place: Place): Place {
  return { ...place, offset: (place.offset ?? 0) + node.start };
}

export interface FieldRead {
  readonly field: string;
  readonly offset: number;
}

interface Surroundings {
  readonly readable: Readable;
  readonly purpose: Purpose;
  readonly place: Place;
  readonly report: Report;
}

/** The fields that it reads; undefined where the report says what is not bounded or not possible. */
export function unboundedPart(root: ASTNode, around: Surroundings): readonly FieldRead[] | undefined {
  const { readable, purpose, place, report } = around;
  const reads: FieldRead[] = [];
  return visit(root, undefined) ? reads : undefined;

  function visit(node: ASTNode, item: string | undefined): boolean {
    if (node.op === 'value') return isPlain(node);
    if (node.op === 'id') return node.args === item || refuseName(node, node.args);
    const incident = incidentRead(node);
    if (incident) return visitIncident(node, incident);
    if (node.op === 'call' || node.op === 'rcall') return visitCall(node, item);
    const read = readOf(node);
    if (read === 'whole') return refuse(node, 'condition-whole-fields');
    if (read) return visitRead(node, read);
    if (node.op === 'map') return refuseType(node, 'conditions have no maps');
    return childrenOf(node).every((child) => visit(child, item));
  }

  function visitRead(
    node: ASTNode,
    { of, name, offset }: Exclude<ReturnType<typeof readOf>, 'whole' | undefined>,
  ): boolean {
    if (of === 'fields') reads.push({ field: name, offset });
    if (purpose === 'decision' || !isCircumstance(of, name)) return true;
    report.add(placeOf(node, place), 'condition-form', `${of}.${name}`);
    return false;
  }

  /** Named by a field, so that no list leads to as many look-ups. */
  function visitIncident(node: ASTNode, { part, arguments: [id, integration] }: IncidentRead): boolean {
    if (purpose === 'field') {
      report.add(placeOf(node, place), 'condition-form', 'incident()');
      return false;
    }
    if (!incidentParts.includes(part)) {
      const at = { ...place, offset: (place.offset ?? 0) + node.end - part.length };
      const known = incidentParts.join(', ');
      report.add({ ...at, suggestion: nearest(part, incidentParts) }, 'condition-unknown', part, known);
      return false;
    }
    if (id && !isField(id))
      return refuseType(id, 'the incident must be a field, as in incident(fields.incident)');
    return (id === undefined || visit(id, undefined)) && isIncidentService(node, integration);
  }

  /** What is not written out is told by the type check. */
  function isIncidentService(node: ASTNode, integration: ASTNode | undefined): boolean {
    const { integrations } = readable;
    if (integration !== undefined && (integration.op !== 'value' || typeof integration.args !== 'string'))
      return refuseType(integration, 'the integration of incident() must be written out, in quotes');
    if (integrations === undefined) return true;
    const named = integration === undefined ? '' : `${String(integration.args)}/`;
    const chosen = chooseIntegration(incidentService, `${named}P…`, integrations);
    if (!('none' in chosen)) return true;
    const names = namesOfType(incidentService, integrations);
    const suggestion = integration && nearest(String(integration.args), names);
    report.add(
      { ...placeOf(integration ?? node, place), suggestion },
      'group-integration',
      'incident()',
      integration || names.length === 0
        ? chosen.none
        : `countersign.yml declares several integrations of type ${incidentService}: write the name of one behind the incident, as in incident(fields.incident, '${names[0]}')`,
    );
    return false;
  }

  function visitCall(node: Extract<ASTNode, { op: 'call' | 'rcall' }>, item: string | undefined): boolean {
    const [name] = node.args;
    if (node.op === 'call' && name === 'incident')
      return refuseType(node, 'of an incident one part is read, as in incident(fields.incident).open');
    if (node.op === 'call')
      return isAllowed(node, name, calls) && node.args[1].every((child) => visit(child, item));
    const [, receiver, args] = node.args;
    if (receiver.op === 'id' && receiver.args === 'requester' && item !== 'requester') {
      if (!isAllowed(node, name, asking)) return false;
      if (purpose === 'decision') return args.every((child) => visit(child, item));
      report.add(placeOf(node, place), 'condition-form', `requester.${name}()`);
      return false;
    }
    if (!isAllowed(node, name, methods)) return false;
    if (!throughLists.some((list) => list === name))
      return [receiver, ...args].every((child) => visit(child, item));
    const [variable, test] = args;
    if (item !== undefined) return refuse(node, 'condition-nested');
    if (variable?.op !== 'id' || test === undefined)
      return refuseType(node, `${name}() wants a name and a condition, as in ${name}(x, x == 'a')`);
    if (isRoot(variable)) return refuse(variable, 'condition-whole-fields');
    return visit(receiver, undefined) && visit(test, variable.args);
  }

  function isAllowed(node: ASTNode, name: string, allowed: readonly string[]): boolean {
    if (allowed.includes(name)) return true;
    const close = nearest(name, allowed);
    report.add(
      { ...placeOf(node, place), suggestion: close && `${close}()` },
      'condition-call',
      name,
      allowed.join(', '),
    );
    return false;
  }

  function isPlain(node: Extract<ASTNode, { op: 'value' }>): boolean {
    return (
      typeof node.args !== 'object' ||
      node.args === null ||
      refuseType(node, 'conditions have no bytes and no unsigned numbers')
    );
  }

  function refuseName(node: ASTNode, name: string): false {
    if (name === 'vars') return refuse(node, 'condition-vars');
    if (isRoot(node)) return refuse(node, 'condition-whole-fields');
    blameName(name, { readable, purpose, place: placeOf(node, place), report });
    return false;
  }

  function refuse(
    node: ASTNode,
    code: 'condition-whole-fields' | 'condition-nested' | 'condition-vars',
  ): false {
    report.add(placeOf(node, place), code);
    return false;
  }

  function refuseType(node: ASTNode, reason: string): false {
    report.add(placeOf(node, place), 'condition-type', reason);
    return false;
  }
}

const constantSteps = 10_000;

/** What depends on nothing is worked out here and now, so that its failure is told with its place. */
export function impossiblePart(node: ASTNode, prepared: Prepared, place: Place, report: Report): boolean {
  if (node.op === 'value' || node.op === 'id') return false;
  if (!isConstant(node))
    return childrenOf(node).some((child) => impossiblePart(child, prepared, place, report));
  if (childrenOf(node).some((child) => impossiblePart(child, prepared, place, report))) return true;
  if (node.op === 'rcall' && node.args[0] === 'matches') {
    report.add(placeOf(node, place), 'condition-constant', 'it matches a text that never changes');
    return true;
  }
  const answer = createProgram(node, prepared)({ scope: { fields: {} }, left: constantSteps, item: null });
  if (!(answer instanceof CannotTell)) return false;
  const written = node.op === 'call' && node.args[0] === 'duration' ? node.args[1][0]?.args : undefined;
  if (typeof written === 'string')
    report.add({ ...placeOf(node, place), suggestion: inHours(written) }, 'condition-duration', written);
  else report.add(placeOf(node, place), 'condition-constant', answer.unknown);
  return true;
}

/** Days as hours, which CEL knows. */
function inHours(written: string): string | undefined {
  const [, days] = /^([0-9]{1,4})d$/.exec(written) ?? [];
  return days === undefined ? undefined : `duration('${Number(days) * 24}h')`;
}

function isConstant(node: ASTNode): boolean {
  return node.op !== 'id' && childrenOf(node).every(isConstant);
}

/** `fields.NAME`, `fields['NAME']`, `request.NAME`; `whole` where one of the roots is used in any other way. */
function readOf(
  node: ASTNode,
): { readonly of: string; readonly name: string; readonly offset: number } | 'whole' | undefined {
  if (node.op === '.' && isRoot(node.args[0]))
    return { of: String(node.args[0].args), name: node.args[1], offset: node.end - node.args[1].length };
  if (node.op !== '[]' || !isRoot(node.args[0])) return undefined;
  const [root, key] = node.args;
  return key.op === 'value' && typeof key.args === 'string'
    ? { of: String(root.args), name: key.args, offset: key.start + 1 }
    : 'whole';
}

function isField(node: ASTNode): boolean {
  const read = readOf(node);
  return typeof read === 'object' && read.of === 'fields';
}

function isRoot(node: ASTNode): boolean {
  return node.op === 'id' && ['fields', 'request', 'requester'].includes(node.args);
}
