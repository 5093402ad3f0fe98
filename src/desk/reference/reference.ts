// The reference of a desk's files, from their schemas: what editors read, and what people do.
import { integrationType } from '../compile/compile-settings.ts';
import type { IntegrationSchemas } from '../desk.ts';
import { meanings } from '../diagnostic-words.ts';
import { markdownTable, referenceFolder, referencePage, type ReferenceFile } from './reference-page.ts';
import { flowSchema } from '../schema/flow-schema.ts';
import { peopleSchema } from '../schema/people-schema.ts';
import { expectSchema, givenSchema, scenariosSchema, turnSchema } from '../schema/scenarios-schema.ts';
import { settingsSchema } from '../schema/settings-schema.ts';
import type { JsonSchema } from '../schema/validator.ts';

export interface Documented {
  readonly strategies: readonly DocumentedStrategy[];
  /** By their type. */
  readonly integrations: IntegrationSchemas;
  readonly actions: readonly DocumentedAction[];
  readonly optionSources: readonly DocumentedSource[];
}

export interface DocumentedStrategy {
  readonly type: string;
  readonly service: string;
  readonly settings: JsonSchema;
  readonly integration?: JsonSchema;
}

/** What editors complete and check by, by the name of the file. */
export function editorSchemas(): ReadonlyMap<string, string> {
  const schemas = {
    flow: flowSchema,
    settings: settingsSchema,
    people: peopleSchema,
    scenarios: scenariosSchema,
  };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      JSON.stringify(forEditors(schema), null, 2),
    ]),
  );
}

export interface DocumentedAction {
  readonly type: string;
  readonly service: string;
  readonly with: JsonSchema;
  readonly takes: { readonly [key: string]: string };
  readonly integration?: JsonSchema;
}

/** A place that options are read from. */
export interface DocumentedSource extends Omit<DocumentedAction, 'type'> {
  readonly run: string;
}

export function referenceFiles(documented: Documented): readonly ReferenceFile[] {
  return [
    ...[...editorSchemas()].map(([name, content]) => ({
      path: `${referenceFolder}/schemas/${name}`,
      content,
    })),
    referencePage('flow', flowPage(documented)),
    referencePage('scenarios', scenariosPage()),
    referencePage('diagnostics', diagnosticsPage()),
  ];
}

/** Without our own keywords. What is not built says so where an editor shows it. */
function forEditors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forEditors);
  if (!isMap(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => !['notBuilt', 'wants', 'discriminator'].includes(key) || isMap(value[key]),
  );
  const editors = Object.fromEntries(kept.map(([key, inner]) => [key, forEditors(inner)]));
  return isNotBuilt(value)
    ? { ...editors, description: `Not built yet. ${textOf(value['description'])}`, not: {} }
    : editors;
}

function flowPage({ strategies, integrations, actions, optionSources }: Documented): readonly string[] {
  return [
    '# The files of a desk',
    'Everything that decides lies in `flows/`. Begin each file with a line that tells your editor its schema:',
    '```yaml\n# yaml-language-server: $schema=../docs/reference/schemas/flow.schema.json\n```',
    `What goes wrong in these files is told with line, column and a code: see [diagnostics](diagnostics.md).`,
    section('A flow: `flows/NAME.yml`', flowSchema),
    conditions,
    templates,
    '## Strategies',
    'A target’s `settings` are in the words of its strategy.',
    ...strategies.flatMap(({ type, service, settings, integration }) => [
      `### \`${type}\` (${service})`,
      table(rows(settings, 'settings')),
      ...(integration ? [integrationLine(integration)] : []),
    ]),
    '## Integrations',
    'What an entry of `integrations` in `countersign.yml` holds, by its `type`.',
    ...Object.entries(integrations).flatMap(([type, schema]) => [`### \`${type}\``, table(rows(schema, ''))]),
    '## Actions',
    'What runs once a request is approved, in flows without a strategy: see [actions](../actions.md).',
    ...actions.flatMap(({ type, ...kind }) => [`### \`${type}\` (${kind.service})`, ...calledWith(kind)]),
    '## Sources of options',
    'What `options_from` of a field reads, by its `run`: see [options that are looked up](../options.md).',
    ...optionSources.flatMap(({ run, ...source }) => [
      `### \`${run}\` (${source.service})`,
      ...calledWith(source),
    ]),
    section('Settings: `flows/countersign.yml`', settingsSchema),
    section('People: `flows/people.yml`', peopleSchema),
  ];
}

function calledWith({ with: schema, takes, integration }: Omit<DocumentedAction, 'type'>): readonly string[] {
  return [
    table(rows(schema, 'with')),
    `Answers of a requester may stand in ${Object.entries(takes).map(takesWords).join(', and in ')}.`,
    ...(integration ? [integrationLine(integration)] : []),
  ];
}

function integrationLine(integration: JsonSchema): string {
  return `It needs an integration of type \`${integrationType(integration) ?? ''}\`.`;
}

function takesWords([key, how]: readonly [string, string]): string {
  return how === 'limited' ? `\`${key}\`, where the flow limits them` : `\`${key}\`, whatever they are`;
}

const conditions = `## Conditions

\`if\` holds bare [CEL](https://cel.dev), checked against the flow's own fields when the file is read. There is no
\`\${{ }}\` in it, and no variable.

| To read | What it is | Where |
| --- | --- | --- |
| \`fields.NAME\` | The answer to a question of the flow. | everywhere |
| \`request.target\`, \`request.duration\` | The name of the target, and how long. Access flows only. | everywhere |
| \`request.source\` | \`'github'\`, \`'slack'\`, \`'api'\` or \`'web'\`. | steps, rules |
| \`request.time\` | When it was asked. | steps, rules |
| \`requester.id\` | The requester, by their name in \`people.yml\`. | steps, rules |
| \`requester.role\` | \`'admin'\`, \`'member'\` or \`'guest'\`. | steps, rules |
| \`requester.belongs_to('team:acme/data')\` | Whether they belong to a group, written out. | steps, rules |
| \`requester.requests('30d')\`, \`granted('30d')\`, \`denied('30d')\` | How many of their earlier requests of this flow there were, within a time that is written out, at most 90d. | steps, rules |
| \`incident(fields.incident).open\`, \`.status\`, \`.urgency\`, \`.service\`, \`.assigned_to_requester\` | What PagerDuty has of the incident that a field names, by its id, its number or the address of its page. \`status\` is \`'triggered'\`, \`'acknowledged'\`, \`'resolved'\` or, where there is none, \`'none'\`. Where there are several integrations: \`incident(fields.incident, 'NAME')\`. | steps, rules |

- A field without an answer reads as \`''\`, \`false\` or \`[]\`. An \`int\` or \`duration\` has no such value: a condition
  that needs one cannot be judged, unless the field has a default.
- What cannot be had, because a service does not answer, say, does not matter where the rest decides: \`false && …\` is
  false, \`true || …\` is true. Otherwise the condition cannot be judged, and the reason is kept.
- A step whose condition cannot be judged is asked, and so is a field. A rule that approves does then not apply, and one
  that denies holds the request back.
- Access until revoked is longer than any duration.
- Durations are written \`duration('90m')\`, in \`h\`, \`m\` and \`s\`; CEL has no days. Times are written
  \`timestamp('2026-12-24T18:00:00Z')\`.
- \`request.time\` has \`getHours\`, \`getMinutes\`, \`getSeconds\`, \`getDayOfWeek\` (Sunday is 0), \`getDate\` (1 to 31),
  \`getDayOfMonth\` (0 to 30), \`getMonth\` (0 to 11) and \`getFullYear\`: in UTC, or in a zone that is written out, as in
  \`request.time.getHours('Europe/Berlin')\`.
- Texts have \`size\`, \`startsWith\`, \`endsWith\`, \`contains\`, \`matches\`, \`lowerAscii\`, \`upperAscii\` and \`trim\`; lists
  have \`size\`, \`in\`, \`exists\`, \`exists_one\` and \`all\`, one within another not.
- \`matches\` takes a pattern that is written out, and searches anywhere in the text. \`pattern\` matches the whole answer.
- A condition has at most 1000 characters and 200 parts. How much work judging it may be is limited for a whole flow;
  long lists of long texts can pass that limit, and then it cannot be judged.
- A condition that begins with \`!\` or holds \`: \` stands in quotes, or YAML takes it for something else.`;

const templates = `## Texts with \`\${{ }}\`

| Where | What may stand there |
| --- | --- |
| \`message\`, \`reason\` of a rule | \`fields.NAME\`, \`request.target\`, \`request.duration\`, \`requester.name\`, \`vars.NAME\` |
| \`settings\` and \`label\` of a target | \`fields.NAME\` of a field whose answers are limited, \`vars.NAME\` |
| \`description\`, \`header\`, \`danger\` | \`vars.NAME\` |
| \`with\` of an action | \`fields.NAME\` where the kind takes answers, \`request.id\`, \`requester.id\`, \`requester.name\`, \`action.key\`, \`vars.NAME\` |
| \`with\` of \`options_from\` | \`fields.NAME\` of fields asked before, where the source takes answers, \`requester.id\`, \`vars.NAME\` |
| \`integrations\` | \`secrets.NAME\`, and \`vars.NAME\` of the desk or of the integration's environment |

- A variable of a flow replaces one of its environment, and that replaces one of the desk.
- Variables are filled in when the files are read. A setting that is nothing but one variable keeps its type; a list
  within a text for people is joined by commas. A variable holds no double braces, so that a place to fill in always
  stands where it is used: one of a strategy, such as \`{{account}}\`, is written in the target itself.
- In a message or reason, a field without an answer reads as “—”, and the whole is one line of at most 300 characters.`;

function scenariosPage(): readonly string[] {
  const { name, then } = scenariosSchema.properties.scenarios.items.properties;
  const file = rows(shallow({ scenarios: scenariosSchema.properties.scenarios }), '');
  const scenario = rows(shallow({ name, given: givenSchema, expect: expectSchema, then }), 'scenarios[]');
  return [
    '# Scenarios',
    `${scenariosSchema.description} [Test a flow](../testing-flows.md) shows how. Begin each file with a line that tells your editor its schema:`,
    '```yaml\n# yaml-language-server: $schema=../docs/reference/schemas/scenarios.schema.json\n```',
    '## The file',
    table([...rows(shallow({ given: givenSchema }), ''), ...file, ...scenario]),
    section('`given`', givenSchema),
    section('`then[]`', turnSchema, { expect: expectSchema }),
    section('`expect`', expectSchema, { refused: expectSchema.properties.refused }),
    `The codes of \`refused\` are those of [the refusals](refusals.md).`,
  ];
}

/** Keys without what lies below them. */
function shallow(properties: { readonly [name: string]: JsonSchema }): JsonSchema {
  const cut = Object.entries(properties).map(([name, { type, description }]) => [
    name,
    { type, description },
  ]);
  return { properties: Object.fromEntries(cut) };
}

/** `cut`: what has a section of its own. */
function section(
  title: string,
  schema: JsonSchema,
  cut: { readonly [name: string]: JsonSchema } = {},
): string {
  const properties = { ...mapOf(schema['properties']), ...mapOf(shallow(cut)['properties']) };
  return [`## ${title}`, textOf(schema['description']), table(rows({ ...schema, properties }, ''))].join(
    '\n\n',
  );
}

interface Row {
  readonly key: string;
  readonly kind: string;
  readonly isRequired: boolean;
  readonly description: string;
}

/** Every property below, in the order of the schema. A name that the author chooses is written in capitals. */
function rows(schema: JsonSchema, prefix: string): readonly Row[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const own = Object.entries(mapOf(schema['properties'])).flatMap(([name, inner]) => {
    if (!isMap(inner)) return [];
    const key = prefix === '' ? name : `${prefix}.${name}`;
    return [rowOf(key, inner, required.includes(name)), ...below(inner, key)];
  });
  return own;
}

function below(schema: JsonSchema, key: string): readonly Row[] {
  const { items, additionalProperties } = schema;
  if (isMap(items) && isMap(items['properties'])) return rows(items, `${key}[]`);
  if (!isMap(additionalProperties)) return rows(schema, key);
  const inner = `${key}.NAME`;
  const branches = additionalProperties['oneOf'];
  if (!Array.isArray(branches)) return [...rows(schema, key), ...rows(additionalProperties, inner)];
  return [
    ...new Map(
      branches.flatMap((branch) => (isMap(branch) ? rows(branch, inner) : [])).map((row) => [row.key, row]),
    ).values(),
  ].map((row) =>
    row.key === `${inner}.type`
      ? { ...row, kind: tagsOf(branches), description: 'What kind of answer.' }
      : row,
  );
}

function tagsOf(branches: readonly unknown[]): string {
  return branches
    .flatMap((branch) => {
      const type = mapOf(mapOf(mapOf(branch)['properties'])['type'])['const'];
      return typeof type === 'string' ? [`\`${type}\``] : [];
    })
    .join(', ');
}

function rowOf(key: string, schema: JsonSchema, isRequired: boolean): Row {
  const description = textOf(schema['description']);
  return {
    key,
    kind: kindOf(schema),
    isRequired,
    description: isNotBuilt(schema) ? `_Not built yet._ ${description}` : description,
  };
}

function kindOf(schema: JsonSchema): string {
  const { type, enum: values, const: only, items } = schema;
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (only !== undefined) return `\`${String(only)}\``;
  if (type === 'array') return isMap(items) ? `list of ${kindOf(items)}` : 'list';
  if (Array.isArray(type)) return type.map((one) => nameOfKind(one)).join(' or ');
  return nameOfKind(type);
}

function nameOfKind(type: unknown): string {
  switch (type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'number';
    case 'boolean':
      return 'true or false';
    case 'object':
      return 'map';
    default:
      return '';
  }
}

function table(all: readonly Row[]): string {
  const cells = all.map(({ key, kind, isRequired, description }) => [
    `\`${key}\`${isRequired ? ' **required**' : ''}`,
    kind,
    description,
  ]);
  return markdownTable(['Key', 'Kind', 'Meaning'], cells);
}

function diagnosticsPage(): readonly string[] {
  return [
    '# Diagnostics',
    'What can be wrong with the files of a desk. A broken flow disables that flow alone; broken settings or people close the desk to new requests. Neither ever keeps access from being taken back. A warning disables nothing: the file means something, and perhaps not what was meant. A note says what was not looked at here; nothing is odd about the file.',
    markdownTable(
      ['Code', 'Level', 'Meaning'],
      meanings.map(([code, level, means]) => [`\`${code}\``, level, means]),
    ),
  ];
}

function isNotBuilt(schema: JsonSchema): boolean {
  return schema['notBuilt'] === true;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function mapOf(value: unknown): JsonSchema {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
