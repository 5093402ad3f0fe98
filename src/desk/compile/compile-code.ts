// The code of a flow and of its strategy: whether its file is there, what of the desk it is told, and what it may reach.
import type { StrategyCode } from '../../domain/flow.ts';
import type { CodeIntegration, CodeOffer } from '../../domain/hooks.ts';
import type { DeskSettings, StrategySchemas } from '../desk.ts';
import { readDestination } from '../destination-grammar.ts';
import type { Report } from '../diagnostic.ts';
import { demandCodeFile } from './code-file.ts';
import type { KnownPeople } from '../group-grammar.ts';
import { nearest } from '../nearest.ts';
import type { FlowFile } from '../schema/flow-schema.ts';
import { pointerTo } from '../yaml/positions.ts';
import { resolveIntegration } from './compile-access.ts';
import type { Vars } from './compile-vars.ts';

export interface CodeContext {
  /** The name of the flow. */
  readonly name: string;
  /** Paths of the desk's code; undefined where it is not known here. */
  readonly codeFiles: readonly string[];
  readonly vars: Vars;
  readonly environment: string | undefined;
  /** Undefined where `countersign.yml` is broken. */
  readonly settings: DeskSettings | undefined;
  readonly people: KnownPeople;
  readonly report: Report;
}

type CodeFile = NonNullable<FlowFile['code']>;

export function compileCode(file: CodeFile | undefined, context: CodeContext): CodeOffer | undefined {
  const { name, codeFiles, vars, report } = context;
  if (file === undefined) return undefined;
  if (file.hooks === undefined && file.answers === undefined) {
    report.add({ at: '/code', on: 'key' }, 'idle-code');
    return undefined;
  }
  const path = `flows/${file.file ?? `${name}.ts`}`;
  const at = file.file === undefined ? { at: '/code', on: 'key' as const } : { at: '/code/file' };
  demandCodeFile(path, at, { codeFiles, report });
  return {
    file: path,
    hooks: file.hooks ?? [],
    ...(file.answers && { answers: file.answers }),
    hosts: file.hosts ?? [],
    ...compileReach(file, context),
    vars: Object.fromEntries([...vars].map(([key, value]) => [key, [value].flat().join(', ')])),
  };
}

function compileReach(file: CodeFile, context: CodeContext): Partial<CodeOffer> {
  const { lambdas, github } = file;
  const integrations = file.integrations?.flatMap(
    (each, index) =>
      compileIntegration(each, pointerTo('code', 'integrations', String(index)), context) ?? [],
  );
  const slack = file.slack?.flatMap(
    (text, index) => compileDestination(text, pointerTo('code', 'slack', String(index)), context) ?? [],
  );
  checkLambdas(file, integrations ?? [], context);
  return {
    ...(integrations && { integrations }),
    ...(lambdas && { lambdas }),
    ...(slack && { slack }),
    ...(github && { github }),
  };
}

/** Those whose service code can be given without giving it the keys. */
const types: readonly string[] = ['http', 'aws', 'pagerduty', 'okta'];

function compileIntegration(
  written: NonNullable<CodeFile['integrations']>[number],
  at: string,
  { environment, settings, report }: CodeContext,
): CodeIntegration | undefined {
  const { name, write = false } = typeof written === 'string' ? { name: written } : written;
  const place = typeof written === 'string' ? at : `${at}/name`;
  const key = resolveIntegration(name, environment, settings) ?? name;
  const declared = settings?.integrations.get(key);
  if (settings && (declared === undefined || name.includes('/'))) {
    const known = [...settings.integrations.keys()].filter((each) => !each.includes('/'));
    report.add({ at: place, suggestion: nearest(name, known) }, 'unknown-integration', name);
    return undefined;
  }
  if (declared && !types.includes(declared.type))
    report.add({ at: place }, 'code-integration', `works with integrations of type ${types.join(', ')}`);
  if (declared && write && declared.type !== 'http')
    report.add(
      { at: `${at}/write` },
      'code-integration',
      'changes something through those of type http alone',
    );
  return { name, key, write };
}

function compileDestination(text: string, at: string, context: CodeContext): string | undefined {
  const read = readDestination(text, { at }, context);
  // In another workspace, which the app may serve for others, code has nothing to say.
  if (read === undefined || read === 'requester' || /^(slack-channel:[^/]+|person:.+)$/.test(read))
    return read;
  const wanted = 'code sends to slack-channel:NAME of the desk’s own workspace, person:NAME or requester';
  context.report.add({ at }, 'destination-form', text, wanted);
  return undefined;
}

/** Each is of no use without the other, and says that something was forgotten. */
function checkLambdas(
  { lambdas = [] }: CodeFile,
  integrations: readonly CodeIntegration[],
  { settings, report }: CodeContext,
): void {
  if (settings === undefined) return;
  const isAws = integrations.some(({ key }) => settings.integrations.get(key)?.type === 'aws');
  if (lambdas.length > 0 && !isAws)
    report.add(
      { at: '/code/lambdas', on: 'key' },
      'code-integration',
      'invokes functions through an integration of type aws: name it in integrations',
    );
  if (isAws && lambdas.length === 0)
    report.add(
      { at: '/code/integrations', on: 'key' },
      'code-integration',
      'invokes through AWS the functions that lambdas lists: list them',
    );
}

interface StrategyFile {
  readonly type: string;
  readonly file?: string;
  readonly hosts?: readonly string[];
}

/** Undefined where the strategy is none of the desk's own, or names no file. */
export function compileStrategyCode(
  { type, file, hosts = [] }: StrategyFile,
  known: StrategySchemas[string] | undefined,
  { commit, codeFiles, report }: Pick<CodeContext, 'codeFiles' | 'report'> & { readonly commit: string },
): StrategyCode | undefined {
  if (known === undefined) return undefined;
  if (!known.runsCode) {
    const [key] = [...(file === undefined ? [] : ['file']), ...(hosts.length > 0 ? ['hosts'] : [])];
    if (key !== undefined) report.add({ at: `/strategy/${key}`, on: 'key' }, 'strategy-without-code', type);
    return undefined;
  }
  if (file === undefined) {
    report.add({ at: '/strategy' }, 'missing-key', 'file');
    return undefined;
  }
  const path = `flows/${file}`;
  demandCodeFile(path, { at: '/strategy/file' }, { codeFiles, report });
  return { file: path, hosts, commit };
}
