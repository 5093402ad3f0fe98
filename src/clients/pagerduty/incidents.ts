// An incident at PagerDuty as it is now, by its id or its number.
import type { FromSchema } from 'json-schema-to-ts';
import { noIncident, type Incident } from '../../domain/flow.ts';
import { answerShape } from '../http/answer-shape.ts';
import type { Rest } from '../http/rest.ts';

const reference = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } as const;
const incident = {
  type: 'object',
  required: ['incident'],
  properties: {
    incident: {
      type: 'object',
      required: ['id', 'status', 'urgency', 'service', 'assignments'],
      properties: {
        id: { type: 'string' },
        incident_number: { type: 'integer' },
        status: { enum: ['triggered', 'acknowledged', 'resolved'] },
        urgency: { enum: ['high', 'low'] },
        service: reference,
        assignments: {
          type: 'array',
          items: { type: 'object', required: ['assignee'], properties: { assignee: reference } },
        },
      },
    },
  },
} as const;
const readIncident = answerShape<FromSchema<typeof incident>>('PagerDuty', incident);

/** `userOf` is asked only where there is an incident that is assigned to somebody. */
export async function findIncident(
  rest: Rest,
  id: string,
  userOf: () => Promise<string | undefined>,
): Promise<Incident> {
  const answer = await rest.find('reading the incident', { method: 'GET', path: `/incidents/${id}` });
  if (answer === undefined) return noIncident;
  const found = readIncident(answer.json).incident;
  const isIt = found.id === id || String(found.incident_number) === id;
  if (!isIt) return noIncident;
  const { status, urgency, service, assignments } = found;
  const user = assignments.length > 0 ? await userOf() : undefined;
  return {
    status,
    urgency,
    service: service.id,
    assignedToRequester: user !== undefined && assignments.some(({ assignee }) => assignee.id === user),
  };
}
