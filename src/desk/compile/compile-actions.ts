// What runs once a request is approved: each kind says what it is called with, and where answers of a requester may stand.
import type { ActionOffer, Field, Settings } from '../../domain/flow.ts';
import { addressOf } from '../action-address.ts';
import { checkIntegration } from './check-integration.ts';
import { demandCodeOf } from './code-file.ts';
import type { ActionSchemas, DeskSettings } from '../desk.ts';
import type { Report } from '../diagnostic.ts';
import { nearest } from '../nearest.ts';
import type { FlowFile } from '../schema/flow-schema.ts';
import { checkSettings } from '../schema/validator.ts';
import { pointerTo } from '../yaml/positions.ts';
import { checkBound, resolveIntegration } from './compile-access.ts';
import { fillSetting, varName, type FillContext } from './compile-vars.ts';
import { placeholdersIn, readSettings, type Placeholder } from './setting-values.ts';

export interface ActionContext {
  readonly fields: readonly Field[];
  /** Undefined where `countersign.yml` is broken, so that integrations cannot be judged. */
  readonly settings: DeskSettings | undefined;
  readonly actions: ActionSchemas;
  /** Paths of the desk's code. */
  readonly codeFiles: readonly string[];
  readonly filling: FillContext;
  readonly report: Report;
}

type ActionFile = NonNullable<FlowFile['after_approve']>[number];
type Kind = ActionSchemas[string];

/** Undefined where nothing runs, and where the report says what is wrong. */
export function compileActions(
  { after_approve: file, strategy, environment }: FlowFile,
  context: ActionContext,
): readonly ActionOffer[] | undefined {
  if (file === undefined) return undefined;
  const { report } = context;
  if (strategy !== undefined) {
    report.add({ at: '/after_approve', on: 'key' }, 'action-access');
    return undefined;
  }
  const compiled = file.flatMap((action, index) => {
    const at = pointerTo('after_approve', index);
    return compileAction(action, at, { ...context, environment }) ?? [];
  });
  for (const [index, { name }] of compiled.entries())
    if (compiled.findIndex((other) => other.name === name) < index)
      report.add({ at: pointerTo('after_approve', index) }, 'duplicate-action', name);
  return compiled;
}

interface OneContext extends ActionContext {
  readonly environment: string | undefined;
}

function compileAction(action: ActionFile, at: string, context: OneContext): ActionOffer | undefined {
  const { actions, report, settings, environment } = context;
  const { run, name = run } = action;
  const kind = Object.hasOwn(actions, run) ? actions[run] : undefined;
  if (kind === undefined) {
    blameKind(run, `${at}/run`, context);
    return undefined;
  }
  const integration = resolveIntegration(action.integration, environment, settings);
  checkIntegration(
    { run, schema: kind.integration, written: action.integration, integration },
    { at, unfit: 'action-integration' },
    context,
  );
  const written = readSettings(action.with, `${at}/with`, report);
  if (written === undefined) return undefined;
  const filled = compileWith(written, kind, `${at}/with`, context);
  demandCodeOf({ run, with: filled }, at, context);
  const declared = integration === undefined ? undefined : settings?.integrations.get(integration);
  const address = declared && addressOf(kind, declared.settings);
  const encoded = Object.keys(kind.takes).filter((key) => kind.takes[key] === 'limited');
  return {
    name,
    run,
    ...(integration !== undefined && { integration }),
    ...(address !== undefined && { address }),
    with: filled,
    ...(encoded.length > 0 && { encoded }),
  };
}

function blameKind(run: string, at: string, { actions, report }: ActionContext): void {
  const known = Object.keys(actions);
  report.add({ at, suggestion: nearest(run, known) }, 'unknown-action', run, known.join(', ') || 'none');
}

function compileWith(written: Settings, kind: Kind, at: string, context: ActionContext): Settings {
  const { filling, report } = context;
  for (const [key, value] of Object.entries(written))
    for (const placeholder of placeholdersIn(value, at + pointerTo(key)))
      checkPlace(placeholder, { key, takes: kind.takes[key] }, context);
  const filled = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, fillSetting(value, at + pointerTo(key), filling)]),
  );
  checkSettings(kind.with, filled, {
    base: at,
    report,
    discreet: false,
    isOpen: (text) => text.includes('${{'),
  });
  return filled;
}

/** What a requester cannot choose may stand even in a path. */
const given = ['request.id', 'requester.id', 'action.key'];

function checkPlace(
  placeholder: Placeholder,
  { key, takes }: { readonly key: string; readonly takes: Kind['takes'][string] | undefined },
  { fields, filling, report }: ActionContext,
): void {
  if (varName(placeholder) !== undefined) return;
  const { at, offset, inner, text } = placeholder;
  if (inner === undefined || !/^[A-Za-z_][\w.-]*$/.test(inner))
    return report.add({ at, offset }, 'template-form');
  const own = fields.map(({ name }) => `fields.${name}`);
  const known =
    takes === undefined ? [] : [...own, ...given, ...(takes === 'anything' ? ['requester.name'] : [])];
  const place = { at, offset: text.indexOf(inner, offset) };
  if (known.includes(inner)) {
    if (takes === 'limited' && inner.startsWith('fields.')) checkBound(placeholder, fields, report);
    return;
  }
  if ([...own, ...given, 'requester.name'].includes(inner))
    return report.add(place, 'action-place', inner, key);
  const possible = [...known, ...[...filling.vars.keys()].map((name) => `vars.${name}`)];
  const close = nearest(inner, possible);
  report.add(
    { ...place, suggestion: close && `\${{ ${close} }}` },
    'template-unknown',
    inner,
    possible.slice(0, 20).join(', ') || 'nothing',
  );
}
