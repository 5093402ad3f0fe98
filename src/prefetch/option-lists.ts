// Reads options for whoever fills in a form, or has sent one: validated, bounded, in time, and kept for a moment while people type.
import { isNotFound } from '../clients/github/failure.ts';
import type { GitHubApp } from '../clients/github/github-app.ts';
import { environmentOf, type Outside } from '../clients/outside.ts';
import { settingsProblem } from '../desk/schema/settings-problem.ts';
import { seconds } from '../domain/duration.ts';
import type { OptionsQuestion, Unknown } from '../domain/facts.ts';
import { fillSettings, type Answers } from '../domain/fill-settings.ts';
import type { LiveOption, Settings, SettingValue } from '../domain/flow.ts';
import type { DeskId, Milliseconds, PersonId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { OptionLists } from '../engine/ports/flows.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { Capabilities, CodeRun, OptionSource } from './option-source.ts';

export interface OptionListParts {
  readonly sources: readonly OptionSource[];
  readonly clock: Clock;
  readonly outside: Outside;
  /** The integration of that name as it is now; empty where there is none. */
  integrations(desk: DeskId, name: string): Promise<readonly Settings[]>;
  /** The app that serves the desks. */
  readonly github: Pick<GitHubApp, 'forOrganization'>;
  /** Runs code of the desk; absent where none is run. Throws `Failure`. */
  readonly code?: (
    desk: DeskId,
    run: CodeRun & { readonly requester: PersonId; readonly signal: AbortSignal },
  ) => Promise<unknown>;
}

type Found = readonly LiveOption[] | Unknown;

const readWithin: Milliseconds = seconds(5);
/** While somebody types, Slack asks at each letter. */
const keptFor: Milliseconds = seconds(30);
const mostKept = 500;
const mostOptions = 5_000;
/** What a list on Slack can stand for, and a line on a card. */
const longestValue = 150;
const longestLabel = 200;

export function createOptionLists(parts: OptionListParts): OptionLists {
  const sources = new Map(parts.sources.map((source) => [source.run, source]));

  async function read(question: OptionsQuestion): Promise<Found> {
    const { desk, source: asked } = question;
    const source = sources.get(asked.run);
    if (source === undefined) return { unknown: 'This installation cannot read options from there.' };
    const filled = fillSettings(asked.with, { answers: answersOf(question), encoded: asked.encoded ?? [] });
    const problem = settingsProblem(source.with, filled);
    if (problem !== undefined) return { unknown: problem };
    return withinTime({ clock: parts.clock, ms: readWithin, who: source.service }, async (signal) => {
      const integration = await integrationFor(source, desk, asked.integration);
      const using = capabilities(question, signal);
      return sound(await source.read({ with: filled, integration, using }));
    });
  }

  async function integrationFor(
    { integration: schema }: OptionSource,
    desk: DeskId,
    name: string | undefined,
  ): Promise<Settings> {
    if (schema === undefined) return {};
    const [integration] = name === undefined ? [] : await parts.integrations(desk, name);
    if (integration === undefined)
      throw new Failure('The integration was removed from countersign.yml.', { transient: false });
    const problem = settingsProblem(schema, integration);
    if (problem !== undefined)
      throw new Failure(`The integration is not usable. ${problem}`, { transient: false });
    return integration;
  }

  function capabilities(
    { desk, source: asked, requester }: OptionsQuestion,
    signal: AbortSignal,
  ): Capabilities {
    return {
      ...parts.outside.of(desk, { signal, ...environmentOf(asked) }),
      github: async (organization) => {
        try {
          return (await parts.github.forOrganization(organization)).at('read', { signal });
        } catch (error) {
          if (!isNotFound(error)) throw error;
          throw new Failure('The app is not installed in the organisation.', { transient: false });
        }
      },
      async code(run) {
        if (parts.code === undefined)
          throw new Failure('Code of desks is not run here.', { transient: false });
        return parts.code(desk, { ...run, requester, signal });
      },
    };
  }

  async function now(question: OptionsQuestion): Promise<Found> {
    try {
      return await read(question);
    } catch (error) {
      if (error instanceof Failure) return { unknown: error.message };
      throw error;
    }
  }

  return { now, lately: keptForAMoment(now, parts.clock) };
}

function answersOf({ told, requester }: OptionsQuestion): Answers {
  const answers = Object.entries(told).map(([name, value]) => [`fields.${name}`, value] as const);
  return new Map<string, SettingValue>([...answers, ['requester.id', requester]]);
}

function keptForAMoment(
  now: (question: OptionsQuestion) => Promise<Found>,
  clock: Pick<Clock, 'now'>,
): OptionLists['lately'] {
  const kept = new Map<string, { readonly at: Milliseconds; readonly found: Promise<Found> }>();
  return (question) => {
    const key = JSON.stringify(question);
    const at = Date.parse(clock.now());
    const known = kept.get(key);
    if (known && at - known.at < keptFor) return known.found;
    const found = now(question);
    kept.delete(key);
    kept.set(key, { at, found });
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    // What could not be read is asked for again.
    const forget = (): void => void (kept.get(key)?.found === found && kept.delete(key));
    found.then((answer) => 'unknown' in answer && forget(), forget);
    return found;
  };
}

/** One line each, no value twice, and none that people cannot be shown whole. */
function sound(options: readonly LiveOption[]): Found {
  if (options.length > mostOptions) return { unknown: `There are more than ${mostOptions} options.` };
  const byValue = new Map<string, LiveOption>();
  for (const { value, label } of options) {
    if (!isSound(value))
      return { unknown: 'One of the options is empty, too long, or cannot be shown on one line.' };
    const read = label.replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ').trim();
    byValue.set(value, { value, label: read === '' ? value : read.slice(0, longestLabel) });
  }
  return [...byValue.values()];
}

/** Two values that look alike must not be two: no spaces around it, nothing invisible. Double braces are filled in by strategies. */
function isSound(value: string): boolean {
  return (
    value !== '' &&
    value === value.trim() &&
    value.length <= longestValue &&
    !/[\p{Cc}\p{Cf}\p{Cs}]|\{\{|\}\}/u.test(value)
  );
}
