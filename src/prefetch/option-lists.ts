// Reads options for whoever fills in a form, or has sent one: validated, bounded, in time, and kept for a moment while people type.
import type { Octokit } from '@octokit/rest';
import type { Outside } from '../clients/outside.ts';
import { settingsProblem } from '../desk/schema/settings-problem.ts';
import { seconds } from '../domain/duration.ts';
import type { OptionsQuestion, Unknown } from '../domain/facts.ts';
import type { LiveOption, Settings } from '../domain/flow.ts';
import type { DeskId, Milliseconds } from '../domain/names.ts';
import { Failure, type Clock, type OptionLists } from '../engine/ports.ts';
import { withinTime } from '../engine/time-limit.ts';
import type { OptionSource } from './option-source.ts';

export interface OptionListParts {
  readonly sources: readonly OptionSource[];
  readonly clock: Clock;
  readonly outside: Outside;
  /** The integration of that name as it is now; empty where there is none. */
  integrations(desk: DeskId, name: string): Promise<readonly Settings[]>;
  /** GitHub as the app that serves the desk, to read. */
  github(organization: string, signal: AbortSignal): Promise<Octokit>;
}

type Found = readonly LiveOption[] | Unknown;

const readWithin: Milliseconds = 5_000;
/** While somebody types, Slack asks at each letter. */
const keptFor: Milliseconds = seconds(30);
const mostKept = 500;
const mostOptions = 5_000;
/** What a list on Slack can stand for, and a line on a card. */
const longestValue = 150;
const longestLabel = 200;

export function createOptionLists(parts: OptionListParts): OptionLists {
  const { clock, outside } = parts;
  const sources = new Map(parts.sources.map((source) => [source.run, source]));
  const kept = new Map<string, { readonly at: Milliseconds; readonly found: Promise<Found> }>();

  async function read({ desk, source: asked, fields, requester }: OptionsQuestion): Promise<Found> {
    const source = sources.get(asked.run);
    if (source === undefined) return { unknown: 'This installation cannot read options from there.' };
    const problem = settingsProblem(source.with, asked.with);
    if (problem !== undefined) return { unknown: problem };
    const [integration] = await integrationsFor(source, desk, asked.integration);
    if (integration === undefined) return { unknown: 'countersign.yml declares no integration of that name.' };
    const wrong = source.integration && settingsProblem(source.integration, integration);
    if (wrong !== undefined) return { unknown: `The integration is not usable. ${wrong}` };
    const environment = environmentOf(asked.integration);
    const options = await withinTime({ clock, ms: readWithin, who: source.service }, (signal) =>
      source.read({
        desk,
        with: asked.with,
        integration,
        answers: { fields, requester },
        using: {
          ...outside.of(desk, { signal, ...(environment !== undefined && { environment }) }),
          github: (organization) => parts.github(organization, signal),
        },
      }),
    );
    return sound(options);
  }

  async function integrationsFor(
    { integration }: OptionSource,
    desk: DeskId,
    name: string | undefined,
  ): Promise<readonly Settings[]> {
    if (integration === undefined) return [{}];
    return name === undefined ? [] : parts.integrations(desk, name);
  }

  async function now(question: OptionsQuestion): Promise<Found> {
    try {
      return await read(question);
    } catch (error) {
      if (error instanceof Failure) return { unknown: error.message };
      throw error;
    }
  }

  function lately(question: OptionsQuestion): Promise<Found> {
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
  }

  return { now, lately };
}

/** An integration of one environment alone is called `ENVIRONMENT/NAME`. */
function environmentOf(name = ''): string | undefined {
  const slash = name.indexOf('/');
  return slash < 0 ? undefined : name.slice(0, slash);
}

/** One line each, no value twice, and none that people cannot be shown whole. */
function sound(options: readonly LiveOption[]): Found {
  if (options.length > mostOptions) return { unknown: `There are more than ${mostOptions} options.` };
  const byValue = new Map<string, LiveOption>();
  for (const { value, label } of options) {
    if (value === '' || value.length > longestValue || /[\p{Cc}\p{Cs}]|\{\{|\}\}/u.test(value))
      return { unknown: 'One of the options is empty, too long, or more than one line.' };
    const read = label.replaceAll(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
    byValue.set(value, { value, label: read === '' ? value : read.slice(0, longestLabel) });
  }
  return [...byValue.values()];
}
