// What there is of an incident, and whether it is assigned to whoever asks: as PagerDuty has it at this moment.
import { integrationReader } from '../clients/integration-reader.ts';
import { findIncident } from '../clients/pagerduty/incidents.ts';
import { pagerDutyAccount } from '../clients/pagerduty/pagerduty-account.ts';
import {
  pagerDutyIntegration,
  type PagerDutyIntegration,
} from '../clients/pagerduty/pagerduty-integration.ts';
import { pagerDutyRest } from '../clients/pagerduty/pagerduty-rest.ts';
import type { WaysOut } from '../clients/ways-out.ts';
import type { Desk, Person } from '../desk/desk.ts';
import type { IncidentQuestion, Unknown } from '../domain/facts.ts';
import type { Incident } from '../domain/flow.ts';
import { integrationOf } from './integration.ts';

const readIntegration = integrationReader<PagerDutyIntegration>(pagerDutyIntegration);

export async function lookUpIncident(
  { id, integration }: Omit<IncidentQuestion, 'person'>,
  { person, files, using }: { readonly person: Person; readonly files: Desk; readonly using: WaysOut },
): Promise<Incident | Unknown> {
  const place = integrationOf('pagerduty', integration === undefined ? id : `${integration}/${id}`, files);
  if ('unknown' in place) return place;
  const rest = pagerDutyRest(readIntegration(place.settings), using);
  return findIncident(rest, place.id, async () => {
    const found = await pagerDutyAccount(rest, person, place.name, using);
    return 'account' in found ? found.account : undefined;
  });
}
