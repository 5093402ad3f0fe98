// `incident(fields.incident).open`: what a condition may read of an incident that the requester names.
import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import type { Incident } from '../../domain/flow.ts';
import { noIncident } from '../../domain/flow.ts';
import { known, withCircumstances, type Read } from './facts.ts';
import { CannotTell, nonsense, type Answer } from './values.ts';

const parts: Readonly<Record<string, { readonly type: string; read(incident: Incident): Answer }>> = {
  open: { type: 'bool', read: ({ status }) => status === 'triggered' || status === 'acknowledged' },
  status: { type: 'string', read: ({ status }) => status },
  urgency: { type: 'string', read: ({ urgency }) => urgency },
  service: { type: 'string', read: ({ service }) => service },
  assigned_to_requester: { type: 'bool', read: ({ assignedToRequester }) => assignedToRequester },
};

export const incidentParts: readonly string[] = Object.keys(parts);
/** The type of integration that knows of incidents. */
export const incidentService = 'pagerduty';

/** For the type check alone. */
export function declareIncidents(environment: Environment, never: () => never): Environment {
  const fields = Object.fromEntries(Object.entries(parts).map(([name, { type }]) => [name, type]));
  return environment
    .registerType('Incident', { fields })
    .registerFunction('incident(string): Incident', never)
    .registerFunction('incident(string, string): Incident', never);
}

export interface IncidentRead {
  readonly part: string;
  readonly arguments: readonly ASTNode[];
}

/** `incident(…).open`, whatever is between the brackets. */
export function incidentRead(node: ASTNode): IncidentRead | undefined {
  if (node.op !== '.') return undefined;
  const [receiver, part] = node.args;
  return receiver.op === 'call' && receiver.args[0] === 'incident'
    ? { part, arguments: receiver.args[1] }
    : undefined;
}

export function incidentReader(part: string, id: Read, integration: string | undefined): Read {
  const read = Object.hasOwn(parts, part) ? parts[part]?.read : undefined;
  if (read === undefined) return () => nonsense;
  return (look) => {
    const text = id(look);
    if (text instanceof CannotTell) return text;
    const named = typeof text === 'string' ? incidentId(text) : undefined;
    // What can be no incident is looked up nowhere: people type it.
    if (named === undefined) return read(noIncident);
    return withCircumstances((circumstances) => known(circumstances.incident(named, integration), read))(
      look,
    );
  };
}

/** An id, a number, or the address of the page of an incident, as people copy them. */
function incidentId(text: string): string | undefined {
  const [, onPage] =
    /^https:\/\/[a-z0-9-]{1,63}(?:\.eu)?\.pagerduty\.com\/incidents\/([A-Z0-9]{5,20})$/.exec(text.trim()) ??
    [];
  const named = onPage ?? text.trim().replace(/^#/, '');
  return /^(?:[A-Z0-9]{5,20}|[1-9][0-9]{0,9})$/.test(named) ? named : undefined;
}
