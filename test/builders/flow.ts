// Flows for tests: an ordinary one by default, so that a test names only what matters to it.
import type { ApprovalPolicy, Field, Flow, FlowStep, Target } from '../../src/domain/flow.ts';
import { hours, minutes } from '../../src/domain/duration.ts';
import { group } from '../../src/domain/names.ts';

export function aStep(name: string, approvers: string, overrides: Partial<FlowStep> = {}): FlowStep {
  return { name, approvers: [group(approvers)], count: 1, needs: [], peopleOnly: false, ...overrides };
}

export function aField(name: string, overrides: Partial<Field> = {}): Field {
  return { name, type: 'string', label: name, required: true, ...overrides };
}

export function aTarget(name: string, overrides: Partial<Target> = {}): Target {
  return { name, label: name, settings: { team_slug: name }, ...overrides };
}

export function anApproval(overrides: Partial<ApprovalPolicy> = {}): ApprovalPolicy {
  return {
    steps: [aStep('data-owner', 'team:acme/data')],
    lapseAfter: hours(24),
    selfApproval: false,
    decisionMessage: 'optional',
    validFor: hours(1),
    ...overrides,
  };
}

export function aFlow(overrides: Partial<Flow> = {}): Flow {
  return {
    ref: { name: 'production', commit: 'c0ffee' },
    label: 'Production',
    access: {
      strategy: { type: 'toy' },
      targets: [aTarget('prod')],
      durations: { options: [minutes(30), hours(1), 'until-revoked'], default: minutes(30) },
    },
    requesters: [group('team:acme/engineering')],
    fields: [],
    approval: anApproval(),
    rules: [],
    allowRevoke: ['requester', 'approvers'],
    ...overrides,
  };
}

export function anApprovalOnlyFlow(overrides: Partial<Flow> = {}): Flow {
  const { access: _, ...rest } = aFlow({ ref: { name: 'migration', commit: 'c0ffee' }, label: 'Migration' });
  return { ...rest, ...overrides };
}
