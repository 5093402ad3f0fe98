// What `countersign.yml` declares and no flow uses.
import { integrationsOfGroupsIn } from '../group-grammar.ts';
import type { FlowFile } from '../schema/flow-schema.ts';
import type { SettingsFile } from '../schema/settings-schema.ts';
import { pointerTo } from '../yaml/positions.ts';
import type { DeskLint, DeskLintSubject } from './lint.ts';

export const unused: DeskLint = ({ file, flows }, report) => {
  // A desk without flows has only begun.
  if (flows === undefined || flows.length === 0) return;
  const tell = (path: readonly string[], what: string): void => {
    report.add({ at: pointerTo(...path), on: 'key' }, 'unused', what, path.at(-1) ?? '');
  };
  const usedEnvironments = new Set(flows.map(({ environment }) => environment));
  const usedTargets = new Set(flows.flatMap(({ shared_targets: shared = [] }) => shared));
  for (const name of namesOf(file.environments))
    if (!usedEnvironments.has(name)) tell(['environments', name], 'environment');
  for (const name of namesOf(file.targets)) if (!usedTargets.has(name)) tell(['targets', name], 'target');
  for (const name of namesOf(file.guests))
    if (!flows.some((flow) => decideIn(flow).includes(`guest:${name}`)))
      tell(['guests', name], 'group of guests');
  // No group is looked up by an integration of one environment alone.
  const declared = new Map(Object.entries(file.integrations ?? {}));
  const askedByGroups = new Set(
    flows.flatMap((flow) => integrationsOfGroupsIn(JSON.stringify(flow), declared)),
  );
  for (const name of namesOf(file.integrations))
    if (
      !askedByGroups.has(name) &&
      !flows.some((flow) => usesIntegration(flow, name) && !hasOwn(file, flow.environment, name))
    )
      tell(['integrations', name], 'integration');
  for (const [environment, { integrations }] of Object.entries(file.environments ?? {}))
    for (const name of namesOf(integrations))
      if (!flows.some((flow) => flow.environment === environment && usesIntegration(flow, name)))
        tell(['environments', environment, 'integrations', name], 'integration');
  lintVars({ file, flows }, tell);
};

function namesOf(map: object | undefined): readonly string[] {
  return Object.keys(map ?? {});
}

function decideIn({ approval }: FlowFile): readonly string[] {
  return approval.steps.flatMap(({ approvers }) => approvers);
}

function usesIntegration(
  { strategy, after_approve: actions = [], fields = {}, code }: FlowFile,
  name: string,
): boolean {
  const sources = Object.values(fields).flatMap((field) =>
    'options_from' in field ? (field.options_from ?? []) : [],
  );
  const byCode = code?.integrations?.map((each) => (typeof each === 'string' ? each : each.name)) ?? [];
  return (
    byCode.includes(name) ||
    [strategy ?? [], ...actions, ...sources].flat().some(({ integration }) => integration === name)
  );
}

/** Whether the environment has one of the same name, which goes before the desk's. */
function hasOwn({ environments }: SettingsFile, environment: string | undefined, name: string): boolean {
  return namesOf(environments?.[environment ?? '']?.integrations).includes(name);
}

/** By name alone: one that is laid over another is used where that is. */
function lintVars(
  { file, flows = [] }: Pick<DeskLintSubject, 'file' | 'flows'>,
  tell: (path: readonly string[], what: string) => void,
): void {
  const environments = Object.entries(file.environments ?? {});
  const declared = [
    ...namesOf(file.vars).map((name) => ['vars', name]),
    ...environments.flatMap(([environment, { vars }]) =>
      namesOf(vars).map((name) => ['environments', environment, 'vars', name]),
    ),
  ];
  if (declared.length === 0) return;
  const used = new Set([file, ...flows].flatMap((each) => varsIn(JSON.stringify(each))));
  for (const path of declared) if (!used.has(path.at(-1) ?? '')) tell(path, 'variable');
}

function varsIn(text: string): readonly string[] {
  return [...text.matchAll(/\bvars\.(\w+)/g)].map(([, name = '']) => name);
}
