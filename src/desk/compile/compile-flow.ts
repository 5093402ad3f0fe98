// From a flow's file, which has passed its schema, to the flow that the product reasons about.
import { compileCode } from './compile-code.ts';
import type { Flow, FlowRef } from '../../domain/flow.ts';
import { compileAccess } from './compile-access.ts';
import { compileActions } from './compile-actions.ts';
import { compileApproval } from './compile-approval.ts';
import { compileBreakGlass } from './compile-break-glass.ts';
import { compileExtend } from './compile-extend.ts';
import { compileFields } from './compile-fields.ts';
import { compileRules } from './compile-rules.ts';
import { builtInDefaults } from './compile-settings.ts';
import { compileTemplate, compileText, type TextContext } from './compile-texts.ts';
import { readVars } from './compile-vars.ts';
import type { DeskSettings, Environment, KnownPlugIns } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { readGroups, type KnownPeople } from '../group-grammar.ts';
import { nearest } from '../nearest.ts';
import type { FlowFile } from '../schema/flow-schema.ts';

export interface FlowContext extends KnownPlugIns {
  readonly ref: FlowRef;
  /** Undefined where `countersign.yml` is broken: what depends on it is not judged. */
  readonly settings: DeskSettings | undefined;
  readonly people: KnownPeople;
  readonly codeFiles: readonly string[];
  readonly report: Report;
}

/** Meaningful only where the report stays empty. */
export function compileFlow(file: FlowFile, context: FlowContext): Flow {
  const { ref, settings, people, report } = context;
  const defaults = settings?.defaults ?? builtInDefaults;
  const isAccess = file.strategy !== undefined;
  const allowRevoke = file.allow_revoke ?? defaults.allowRevoke;
  const environment = readEnvironment(file.environment, context);
  const filling = {
    vars: readVars(file.vars, environment?.vars ?? settings?.vars ?? new Map(), '/vars', report),
    areAllKnown: settings !== undefined && (file.environment === undefined || environment !== undefined),
    report,
  };
  const { fields, conditions } = compileFields(file, { ...context, filling });
  const code = compileCode(file.code, {
    ...context,
    ...{ name: ref.name, vars: filling.vars, environment: file.environment },
  });
  const texts = { ...filling, fields, access: isAccess };
  const access = compileAccess(file, { ...context, commit: ref.commit, fields, allowRevoke, filling });
  const actions = compileActions(file, { ...context, fields, filling });
  const extend = compileExtend(file.extend, { access, isAccess, defaults: defaults.extend, report });
  const sources = readSources(file.sources, report);
  const integrations = settings?.integrations;
  const deciding = { guests: settings && new Set(settings.guests.keys()) };
  const guests = readGuests(file.allow_guests);
  const notify = file.environment === undefined ? settings?.notify : environment?.notify;
  const breakGlass = compileBreakGlass(file.break_glass, {
    access,
    isAccess,
    people,
    integrations,
    deciding,
    notify,
    report,
  });
  return {
    ref,
    label: file.label ?? ref.name,
    ...compileTexts(file, environment, texts),
    ...(file.confirm && { confirm: file.confirm }),
    ...(environment && { environment: environment.label }),
    ...(access && { access }),
    requesters: readGroups(file.requesters, '/requesters', { people, integrations, report }),
    ...(sources && { sources }),
    fields,
    approval: compileApproval(file.approval, {
      ...context,
      compileCondition: conditions.ofDecisions,
      defaults,
      access: isAccess,
      integrations,
      deciding,
      ...guests,
      notify,
    }),
    rules: compileRules(file.rules, {
      steps: file.approval.steps,
      compileCondition: conditions.ofDecisions,
      texts,
    }),
    allowRevoke,
    ...(isAccess && defaults.warnBefore !== undefined && { warnBefore: defaults.warnBefore }),
    ...(guests.allowGuests && { allowGuests: true }),
    ...(guests.guestLinks && { guestLinks: true }),
    ...(extend && { extend }),
    ...(breakGlass && { breakGlass }),
    ...(actions && { actions }),
    ...(code?.answers?.includes('approval') && notify && { notify }),
    ...(code && { code }),
  };
}

/** `{ email_links: … }` lets guests decide as `true` does. */
function readGuests(allowed: FlowFile['allow_guests']): {
  readonly allowGuests: boolean;
  readonly guestLinks: boolean;
} {
  if (typeof allowed !== 'object') return { allowGuests: allowed ?? false, guestLinks: false };
  return { allowGuests: true, guestLinks: allowed.email_links };
}

function compileTexts(
  file: FlowFile,
  environment: Environment | undefined,
  texts: TextContext,
): Pick<Flow, 'description' | 'header' | 'danger' | 'message'> {
  const { description, header, message } = file;
  const danger =
    file.danger === undefined
      ? environment?.danger && compileText(environment.danger, '/environment', texts)
      : compileText(file.danger, '/danger', texts);
  return {
    ...(description !== undefined && { description: compileText(description, '/description', texts) }),
    ...(header !== undefined && { header: compileText(header, '/header', texts) }),
    ...(danger !== undefined && { danger }),
    ...(message !== undefined && { message: compileTemplate(message, '/message', texts) }),
  };
}

function readEnvironment(
  name: string | undefined,
  { settings, report }: FlowContext,
): Environment | undefined {
  if (name === undefined || settings === undefined) return undefined;
  const environment = settings.environments.get(name);
  if (environment === undefined)
    report.add(
      { at: '/environment', suggestion: nearest(name, settings.environments.keys()) },
      'unknown-environment',
      name,
    );
  return environment;
}

/** An empty list is nowhere, and meant so. A list of which nothing is built yet is a mistake. */
function readSources(sources: FlowFile['sources'], report: Report): Flow['sources'] {
  if (sources && sources.length > 0 && !sources.includes('github') && !sources.includes('slack'))
    report.add({ at: '/sources' }, 'no-source');
  return sources;
}
