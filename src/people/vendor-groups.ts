// The kinds of groups that services beyond GitHub and Slack answer for, one line each.
import { googleGroupKind } from './google-group.ts';
import type { GroupKind } from './group-kind.ts';
import { oktaGroupKind } from './okta-group.ts';
import { pagerDutyPolicyGroup, pagerDutyScheduleGroup } from './pagerduty-on-call.ts';

export const serviceGroups: readonly GroupKind[] = [
  oktaGroupKind,
  googleGroupKind,
  pagerDutyScheduleGroup,
  pagerDutyPolicyGroup,
];
