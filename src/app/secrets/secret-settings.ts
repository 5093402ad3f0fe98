// Reads which secrets the operator set: where each comes from, and to which hosts, desks and environments it is granted.
import type { DeskSetting, Environment } from '../settings.ts';

export interface SecretSetting {
  readonly name: string;
  readonly source: SecretSource;
  /** The hosts it may be sent to. */
  readonly hosts: readonly string[];
  /** The desks that may use it, by name; absent: all of them. */
  readonly desks?: readonly string[];
  /** The environments whose own integrations may use it; absent: every integration. */
  readonly environments?: readonly string[];
}

export type SecretSource =
  | { readonly from: 'environment'; readonly value: string }
  | { readonly from: 'file'; readonly path: string }
  | AwsSource;

export interface AwsSource {
  readonly from: 'aws';
  /** A name or an ARN. */
  readonly id: string;
  readonly region: string;
  /** Which text of the JSON object that the secret is; absent: all of it. */
  readonly key?: string;
}

/** What the name of a variable ends with, and no name of a secret. */
const endings = { file: '_FILE', aws: '_AWS', grants: '_FOR' } as const;

export function readSecrets(
  environment: Environment,
  desks: readonly DeskSetting[],
  problems: string[],
): readonly SecretSetting[] {
  return namesOf(environment, problems).flatMap((name) => {
    const variable = `COUNTERSIGN_SECRET_${name}`;
    const given = ['', endings.file, endings.aws].filter((end) => isSet(environment[`${variable}${end}`]));
    const [end, second] = given;
    if (end === undefined) {
      problems.push(
        `${variable}${endings.grants} is set, and ${variable} is not. Set both or neither; ${variable}_FILE or ${variable}_AWS may stand in its place.`,
      );
      return [];
    }
    if (second !== undefined) {
      const all = given.map((each) => `${variable}${each}`).join(' and ');
      problems.push(`${all} are both set. Set one of them: where ${name} comes from has to be plain.`);
      return [];
    }
    const source = readSource(variable, end, environment, problems);
    const grants = readGrants(`${variable}${endings.grants}`, name, { environment, desks, problems });
    return source ? [{ name, source, ...grants }] : [];
  });
}

/** Each once, whatever of it is set. */
function namesOf(environment: Environment, problems: string[]): readonly string[] {
  const names = Object.keys(environment).flatMap((variable) => {
    const [, written] = /^COUNTERSIGN_SECRET_([A-Z][A-Z0-9_]*)$/.exec(variable) ?? [];
    if (written === undefined || !isSet(environment[variable])) return [];
    const name = withoutEnding(written);
    if (withoutEnding(name) === name) return [name];
    problems.push(`${variable} is for a secret whose name ends with _FILE, _AWS or _FOR. Call it otherwise.`);
    return [];
  });
  return [...new Set(names)];
}

function withoutEnding(name: string): string {
  const end = Object.values(endings).find((each) => name.endsWith(each) && name.length > each.length);
  return end === undefined ? name : name.slice(0, -end.length);
}

function readSource(
  variable: string,
  end: string,
  environment: Environment,
  problems: string[],
): SecretSource | undefined {
  const text = environment[`${variable}${end}`] ?? '';
  if (end === '') return { from: 'environment', value: text };
  if (end === endings.file) return { from: 'file', path: text.trim() };
  return readAwsSource(`${variable}${end}`, text.trim(), environment, problems);
}

/** A name may hold all of these; `#` is none of them, so it ends the id. */
const secretName = /^[A-Za-z0-9/_+=.@-]{1,512}$/;
const secretArn =
  /^arn:aws[a-z-]*:secretsmanager:([a-z]{2}(?:-[a-z]+)+-[0-9]):[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]{1,519}$/;

function readAwsSource(
  variable: string,
  text: string,
  environment: Environment,
  problems: string[],
): AwsSource | undefined {
  const hash = text.indexOf('#');
  const [id, key] = hash < 0 ? [text] : [text.slice(0, hash), text.slice(hash + 1)];
  const [, ofArn] = secretArn.exec(id) ?? [];
  if ((ofArn === undefined && !secretName.test(id)) || key === '') {
    problems.push(
      `${variable} is neither the name nor the ARN of a secret of AWS Secrets Manager. After a # may stand the key of its JSON.`,
    );
    return undefined;
  }
  const region = ofArn ?? [environment['AWS_REGION'], environment['AWS_DEFAULT_REGION']].find(isSet);
  if (region === undefined) {
    problems.push(`${variable} does not say the region. Write the whole ARN there, or set AWS_REGION.`);
    return undefined;
  }
  return { from: 'aws', id, region, ...(key !== undefined && { key }) };
}

function readGrants(
  variable: string,
  name: string,
  {
    environment,
    desks: listed,
    problems,
  }: {
    readonly environment: Environment;
    readonly desks: readonly DeskSetting[];
    readonly problems: string[];
  },
): Pick<SecretSetting, 'hosts' | 'desks' | 'environments'> {
  const hosts: string[] = [];
  const desks: string[] = [];
  const environments: string[] = [];
  for (const word of words(environment[variable])) {
    const [, named] = /^environment:([A-Za-z][A-Za-z0-9_-]*)$/.exec(word) ?? [];
    const host = hostIn(word);
    if (named !== undefined) environments.push(named);
    else if (/^[\w.-]+\/[\w.-]+$/.test(word)) desks.push(word);
    else if (host !== undefined) hosts.push(host);
    else
      problems.push(
        `${variable} has “${word}”, which is neither a host nor owner/name of a desk nor environment:NAME.`,
      );
  }
  for (const desk of desks)
    if (!listed.some((each) => each.name === desk))
      problems.push(`${variable} names ${desk}, which is not in COUNTERSIGN_DESKS.`);
  if (hosts.length === 0)
    problems.push(`${variable} names no host. Set it to the hosts that ${name} may be sent to.`);
  return { hosts, ...(desks.length > 0 && { desks }), ...(environments.length > 0 && { environments }) };
}

/** As an address holds it: in small letters, and without the usual port. */
function hostIn(word: string): string | undefined {
  if (!/^[\w.-]+(:[0-9]{1,5})?$|^\[[0-9a-fA-F:.]+\](:[0-9]{1,5})?$/.test(word)) return undefined;
  return URL.canParse(`https://${word}`) ? new URL(`https://${word}`).host : undefined;
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
