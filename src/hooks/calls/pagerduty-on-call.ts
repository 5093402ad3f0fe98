// `pagerduty.on-call` for a desk's code: the addresses of who is on call now, and nothing else of them.
import { integrationReader } from '../../clients/integration-reader.ts';
import { emailsOnCall, whyNobody, type Rota } from '../../clients/pagerduty/on-call.ts';
import {
  pagerDutyIntegration,
  type PagerDutyIntegration,
} from '../../clients/pagerduty/pagerduty-integration.ts';
import { pagerDutyRest } from '../../clients/pagerduty/pagerduty-rest.ts';
import type { JsonObject } from '../../sdk/json.ts';
import { OutsideRefusal, type Capability } from '../capabilities.ts';
import type { WaysFor } from './authenticate.ts';
import { objectArg, optionalText } from './call-args.ts';
import { grantedIntegration } from './granted-integration.ts';

const name = 'pagerduty.onCall';
const readIntegration = integrationReader<PagerDutyIntegration>(pagerDutyIntegration);

export function createPagerDutyOnCall(ways: WaysFor): Capability {
  return async (call) => {
    const args = objectArg(name, call.args);
    const rota = readRota(args);
    const integration = grantedIntegration(call.grants, 'pagerduty', optionalText(name, args, 'integration'));
    const rest = pagerDutyRest(readIntegration(integration.settings), ways(call, integration));
    const emails = await emailsOnCall(rest, rota);
    if (emails.length > 0) return emails;
    // A mistake in an id would look like a quiet night.
    const why = await whyNobody(rest, rota);
    if (why !== undefined) throw new OutsideRefusal('refused', `${name}: ${why}`);
    return emails;
  };
}

function readRota(args: JsonObject): Rota {
  const schedule = optionalText(name, args, 'schedule');
  const policy = optionalText(name, args, 'policy');
  const id = schedule ?? policy;
  if (id === undefined || (schedule !== undefined && policy !== undefined))
    throw new OutsideRefusal('refused', `${name}: It takes a schedule, or a policy.`);
  if (!/^[A-Z0-9]{5,20}$/.test(id))
    throw new OutsideRefusal('refused', `${name}: That is no id of PagerDuty’s, P….`);
  return schedule === undefined ? { policy: id } : { schedule: id };
}
