// `pagerduty-schedule:PI7DH85`, `pagerduty-escalation-policy:PANZZEQ`: whoever is on call by it at this moment.
import { integrationReader } from '../clients/integration-reader.ts';
import { isOnCall, whyNobody, type Rota } from '../clients/pagerduty/on-call.ts';
import { pagerDutyAccount } from '../clients/pagerduty/pagerduty-account.ts';
import {
  pagerDutyIntegration,
  type PagerDutyIntegration,
} from '../clients/pagerduty/pagerduty-integration.ts';
import { pagerDutyRest } from '../clients/pagerduty/pagerduty-rest.ts';
import { levelOf, withoutLevel } from '../desk/group-integration.ts';
import type { GroupKind, GroupQuestion } from './group-kind.ts';
import { integrationOf } from './integration.ts';

const readIntegration = integrationReader<PagerDutyIntegration>(pagerDutyIntegration);

/** By any escalation policy that the schedule is part of. */
export const pagerDutyScheduleGroup: GroupKind = {
  kind: 'pagerduty-schedule',
  belongs: (question) => belongs(question, (schedule) => ({ schedule })),
};

/** At any level of the policy, or where one stands behind the id (`PANZZEQ/1`), at that. */
export const pagerDutyPolicyGroup: GroupKind = {
  kind: 'pagerduty-escalation-policy',
  belongs(question) {
    const level = levelOf(question.id);
    return belongs({ ...question, id: withoutLevel(question.id) }, (policy) => ({
      policy,
      ...(level !== undefined && { level }),
    }));
  },
};

async function belongs(
  { id, files, person, using }: GroupQuestion,
  rotaOf: (id: string) => Rota,
): ReturnType<GroupKind['belongs']> {
  const place = integrationOf('pagerduty', id, files);
  if ('unknown' in place) return place;
  const rest = pagerDutyRest(readIntegration(place.settings), using);
  const rota = rotaOf(place.id);
  const account = await pagerDutyAccount(rest, person, place.name, using);
  if ('account' in account && (await isOnCall(rest, account.account, rota))) return true;
  // PagerDuty gives one answer to “not on call” and “no such schedule”.
  const why = await whyNobody(rest, rota);
  return why === undefined ? false : { unknown: why };
}
