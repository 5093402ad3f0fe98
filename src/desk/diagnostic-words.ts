// Every diagnostic of a desk's files: what it means, for the reference, and what it says, for the author.

/** An error fails the check, and in a flow it disables that flow. A warning is for the reviewer: the files mean something, and perhaps not what was meant. */
/** `note`: nothing is odd about the file; something is to be known of what was looked at. */
export type DiagnosticLevel = 'error' | 'warning' | 'note';

interface Entry<Facts extends readonly unknown[]> {
  readonly level: DiagnosticLevel;
  readonly means: string;
  readonly says: (...facts: Facts) => string;
}

/** For what needs no facts. */
function plain(means: string, sentence: string): Entry<[]> {
  return { level: 'error', means, says: () => sentence };
}

function entry<Facts extends readonly unknown[]>(
  means: string,
  says: (...facts: Facts) => string,
): Entry<Facts> {
  return { level: 'error', means, says };
}

/** For the reviewer. */
function warning<Facts extends readonly unknown[]>(
  means: string,
  says: (...facts: Facts) => string,
): Entry<Facts> {
  return { level: 'warning', means, says };
}

const table = {
  /* ---- the file ---- */
  'file-missing': entry(
    'A file that every desk needs is not there.',
    (name: string) => `This desk has no ${name}.`,
  ),
  'file-too-large': entry(
    'A file is larger than any desk needs.',
    (limit: string) => `This file is larger than ${limit}.`,
  ),
  'not-utf8': plain(
    'A file is not valid UTF-8.',
    'This is not valid UTF-8. Save the file with the encoding UTF-8.',
  ),
  'byte-order-mark': plain(
    'A file begins with a byte order mark.',
    'The file begins with a byte order mark. Save it as UTF-8 without one.',
  ),
  'file-empty': plain('A file says nothing.', 'This file is empty.'),
  'file-name': entry(
    'A file name cannot be the name of a flow.',
    (name: string) =>
      `The file name is the flow's name, and “${name}” cannot be one: a letter, then letters, digits, - and _, at most 63.`,
  ),
  'file-extension': plain(
    'A flow has another extension than `.yml`.',
    'Flows end in .yml; rename this file, or nobody can ask for it.',
  ),

  /* ---- YAML and its traps ---- */
  'yaml-syntax': entry('The text is not YAML.', (reason: string) => `This is not YAML: ${reason}.`),
  'yaml-tab': plain(
    'A line is indented with a tab.',
    'YAML is indented with spaces; there is a tab on this line.',
  ),
  'yaml-too-deep': plain('Lists and maps are nested too deeply.', 'This is nested too deeply.'),
  'yaml-documents': plain(
    'A file holds several YAML documents.',
    'A file holds one document; `---` begins a second one here.',
  ),
  'yaml-tag': entry('A value has a YAML tag.', (tag: string) =>
    tag === '!'
      ? 'A value that begins with ! is a YAML tag. Put it in quotes.'
      : `${tag} is a YAML tag. Put the value in quotes.`,
  ),
  'yaml-alias': plain(
    'A file uses YAML anchors or aliases.',
    'Anchors (&) and aliases (*) are not allowed: what is written once should be read in one place. Put text that begins with & or * in quotes.',
  ),
  'yaml-key': plain(
    'A key is no text.',
    'This key is no name. Keys are words; put text that holds special characters in quotes.',
  ),
  'duplicate-key': entry(
    'A key stands twice in one map.',
    (key: string, line: number) => `“${key}” is already given on line ${line}.`,
  ),
  'condition-needs-quotes': plain(
    'A condition begins with `!`, which YAML takes for a tag.',
    'To YAML, a leading ! is a tag and not a “not”. Put the whole condition in quotes.',
  ),
  'colon-needs-quotes': plain(
    'A condition or text holds a colon and a space, which YAML takes for a map.',
    'To YAML, “: ” begins a map, as in a ? b : c. Put the whole text in quotes.',
  ),
  'comma-needs-quotes': entry(
    'A text in `{ }` or `[ ]` holds a comma, which ends it.',
    (rest: string) =>
      `Inside { }, a comma ends the text, so that “${rest}” became a key of its own. Put the text in quotes.`,
  ),
  'braces-need-quotes': plain(
    'A `${{ }}` inside `{ }` or `[ ]` is not in quotes.',
    'Inside { } and [ ], write ${{ … }} in quotes.',
  ),
  'number-needs-quotes': entry(
    'A text such as an account id is written as a number.',
    () => 'This is a number to YAML, and leading zeros are lost. Put it in quotes.',
  ),
  'yaml-boolean': entry(
    '`yes`, `no`, `on` or `off` where true or false is meant.',
    (written: string) => `“${written}” is text. Write true or false.`,
  ),

  /* ---- the shape ---- */
  'unknown-key': entry('A key that this part of the file does not have.', (key: string, known?: string) =>
    known === undefined ? `There is no “${key}” here.` : `There is no “${key}” here. Known: ${known}.`,
  ),
  'missing-key': entry('A key that must be given is not.', (key: string) => `“${key}” is missing.`),
  'wrong-type': entry(
    'A value is of another kind than it must be.',
    (wanted: string, found: string) => `This must be ${wanted}, and is ${found}.`,
  ),
  'not-an-option': entry(
    'A value is none of those that are possible.',
    (found: string, options: string) => `“${found}” is not possible here. Choose one of ${options}.`,
  ),
  'bad-value': entry('A value does not have the right form.', (wanted: string) => `This must be ${wanted}.`),
  'bad-name': entry(
    'A name has characters that names do not have.',
    (name: string, wanted: string) => `“${name}” cannot be a name here: ${wanted}.`,
  ),
  'bad-duration': entry(
    'A text is no duration.',
    (found: string) => `“${found}” is no duration. Write a whole number and a unit: 90s, 30m, 4h or 7d.`,
  ),
  'too-few': entry('A list or map holds too little.', (least: number) =>
    least === 1 ? 'This must not be empty.' : `This must hold at least ${least}.`,
  ),
  'too-many': entry('A list or map holds too much.', (most: number) => `This holds more than ${most}.`),
  'too-small': entry('A number is too small.', (least: number) => `This must be at least ${least}.`),
  'too-large': entry('A number is too large.', (most: number) => `This must be at most ${most}.`),
  'too-long': entry('A text is too long.', (most: number) => `This is longer than ${most} characters.`),
  'too-short': plain('A text is empty.', 'This must not be empty.'),
  repeated: entry('A list holds the same thing twice.', (item: string) => `“${item}” stands here twice.`),
  'not-built': entry(
    'Something that the language knows and this version cannot do yet. It is refused, not ignored.',
    (what: string) => `${what} is not built yet, and nothing is ignored. Take it out for now.`,
  ),

  /* ---- groups ---- */
  'group-kind': entry(
    'A group is of a kind that does not exist.',
    (kind: string) =>
      `There is no group of kind “${kind}”. Groups are person:NAME, team:ORG/SLUG, codeowners:ORG/REPOSITORY/PATH, slack-group:HANDLE, slack-channel:NAME, okta-group:ID, google-group:ADDRESS, pagerduty-schedule:ID, pagerduty-escalation-policy:ID, guest:NAME, manager:requester and role:admin.`,
  ),
  'group-form': entry(
    'A group is not written as `kind:id`.',
    (found: string, wanted: string) => `“${found}” is not a group: ${wanted}.`,
  ),
  'group-integration': entry(
    'A group or an incident is looked up by an integration, and it is not clear by which, or none is declared.',
    (found: string, why: string) => `“${found}” cannot be looked up: ${why}.`,
  ),
  'unknown-person': entry(
    'A person is not in `people.yml`.',
    (name: string) => `There is no “${name}” in people.yml.`,
  ),
  'unknown-guests': entry(
    'A group of guests is not declared in `countersign.yml`.',
    (name: string) => `There are no guests “${name}” in countersign.yml.`,
  ),
  'group-place': entry(
    'A group stands where nobody could belong to it.',
    (found: string, why: string) => `“${found}” cannot stand here: ${why}.`,
  ),
  'guests-not-allowed': entry(
    'A step names guests, and the flow does not allow them.',
    (found: string) =>
      `“${found}” are guests, who decide only where a flow says so. Write allow_guests: true, or name somebody else.`,
  ),

  /* ---- who is told ---- */
  'destination-form': entry(
    'A place to tell somebody at is not written as one.',
    (found: string, wanted: string) => `“${found}” is no place to tell somebody at: ${wanted}.`,
  ),
  'destination-group': entry(
    'A group of people stands where somebody is told.',
    (found: string) =>
      `“${found}” is a group, and no place to tell somebody at. Name a channel or a person, or github, where the card mentions who decides.`,
  ),
  'together-people': plain(
    'One message to several people names something else than 2 to 8 people.',
    'One message together goes to 2 to 8 people, each written person:NAME.',
  ),
  'route-order': entry(
    'Somebody would be told before those who stand above.',
    (after: string) =>
      `Those above are told after ${after}, and these sooner. Put them in the order of their time.`,
  ),

  /* ---- guests ---- */
  'guests-nobody': plain(
    'A group of guests names nobody.',
    'Nobody could be in this group. Name slack_workspaces, slack_users, people or emails; an e-mail domain alone proves nothing, and only narrows those.',
  ),
  'guests-own-workspace': entry(
    'The desk’s own workspace stands among those of guests.',
    (workspace: string) =>
      `${workspace} is the desk’s own workspace, and all of it are no guests. Name its guests one by one, in slack_users.`,
  ),

  /* ---- conditions and patterns ---- */
  'condition-syntax': entry(
    'A condition is not valid CEL.',
    (reason: string) => `This condition cannot be read: ${reason}.`,
  ),
  'condition-type': entry(
    'A condition compares what cannot be compared, or calls what cannot be called so.',
    (reason: string) => `This condition cannot hold: ${reason}.`,
  ),
  'condition-unknown': entry(
    'A condition reads something that does not exist.',
    (name: string, known: string) => `There is no “${name}” to read here. Known: ${known}.`,
  ),
  'condition-not-yes-or-no': entry(
    'A condition is neither true nor false.',
    (type: string) => `A condition is true or false; this one is ${type}.`,
  ),
  'condition-constant': entry(
    'A part of a condition fails whatever is asked.',
    (reason: string) => `This part always fails: ${reason}.`,
  ),
  'condition-duration': entry(
    'A duration in a condition has a unit that CEL does not know, such as days.',
    (written: string) =>
      `duration('${written}') always fails: in a condition, durations are written in hours, minutes and seconds, such as 1h30m or 90s, and have no days.`,
  ),
  'condition-call': entry(
    'A condition calls a function that conditions do not have.',
    (name: string, known: string) => `Conditions have no “${name}”. They have ${known}.`,
  ),
  'condition-nested': plain(
    'A condition goes through a list within a list.',
    'One exists, exists_one or all within another is not allowed: it could take very long.',
  ),
  'condition-too-big': entry(
    'A condition is too big.',
    (limit: string) => `A condition has at most ${limit}.`,
  ),
  'condition-whole-fields': plain(
    'A condition uses `fields`, `request` or `requester` as a whole.',
    'Read one of its parts by name, as in fields.reason.',
  ),
  'condition-form': entry(
    'The condition of a field reads who asks, where or when.',
    (read: string) =>
      `Whether a field is asked cannot depend on “${read}”: a form is shown and checked before it is known who sends it. It may read fields asked before, request.target and request.duration.`,
  ),
  'condition-braces': plain(
    'A condition holds `${{ }}`.',
    'A condition is bare CEL, and ${{ }} belongs into texts. Write what stands between the braces, without them.',
  ),
  'condition-vars': plain(
    'A condition reads a variable.',
    'Conditions read no variables: what decides should be read in one place. Write the value itself.',
  ),
  'time-zone': entry(
    'A condition asks for the time in a zone that does not exist.',
    (name: string) => `There is no time zone “${name}”. Write it as in Europe/Berlin.`,
  ),
  'history-too-long': plain(
    'A condition asks for more of a requester’s history than is looked at.',
    'The requests of at most 90d can be counted.',
  ),
  'condition-order': entry(
    'The condition of a field reads a field that is asked later, or itself.',
    (field: string, itself: boolean) =>
      itself
        ? 'Whether a field is asked cannot depend on its own answer.'
        : `“${field}” is asked later than this field. Move it up.`,
  ),
  'pattern-too-long': entry(
    'A pattern is too long.',
    (most: number) => `A pattern has at most ${most} characters.`,
  ),
  'pattern-syntax': entry(
    'A pattern is not a regular expression.',
    (reason: string) => `This pattern cannot be read: ${reason}.`,
  ),
  'pattern-not-linear': entry(
    'A pattern needs look-around or back-references, which cannot be judged in linear time.',
    (what: string) => `${what} cannot be used: patterns are judged in linear time, by RE2.`,
  ),
  'pattern-too-big': plain(
    'A pattern repeats so much that judging it takes long.',
    'This pattern repeats too much. Use smaller counts.',
  ),

  /* ---- fields ---- */
  'field-name': entry(
    'A field has a name that means something else already.',
    (name: string) => `A field cannot be called “${name}”; the word has a meaning of its own.`,
  ),
  'field-label': entry(
    'Two questions of a flow have the same label.',
    (label: string) =>
      `“${label}” is already the label of another question; a form could not tell them apart.`,
  ),
  'default-type': entry(
    'A default or option does not fit the type of its field.',
    (found: string, type: string) => `“${found}” does not fit a field of type ${type}.`,
  ),
  'default-not-an-option': entry(
    'A default is not among the options.',
    (found: string) => `The default “${found}” is not among the options.`,
  ),
  'option-no-match': entry(
    'A default or option does not match the pattern of its field.',
    (found: string) => `“${found}” does not match the pattern of this field.`,
  ),

  /* ---- access ---- */
  'approval-only': entry(
    'A flow without a strategy has something that only access has.',
    (key: string) =>
      `This flow has no strategy: it asks and records, and grants nothing, so “${key}” means nothing here.`,
  ),
  'access-only': entry(
    'A flow with a strategy has something that only approval-only flows have.',
    (key: string) => `“${key}” belongs to flows without a strategy. Access ends with its duration.`,
  ),
  'unknown-strategy': entry(
    'There is no strategy of this type.',
    (type: string, known: string) => `There is no strategy “${type}”. Known: ${known}.`,
  ),
  'unknown-integration': entry(
    'An integration is not declared in `countersign.yml`.',
    (name: string) => `There is no integration “${name}” in countersign.yml.`,
  ),
  'integration-lacks': entry(
    'An integration lacks what something that works with it needs.',
    (run: string, name: string, keys: string) =>
      `${run} needs ${keys} in the integration “${name}” of countersign.yml.`,
  ),
  'unknown-option-source': entry(
    'Options cannot be read from there.',
    (run: string, known: string) => `Options cannot be read by “${run}”. Known: ${known}.`,
  ),
  'options-integration': entry(
    'A source of options is given an integration that it cannot use.',
    (run: string, wanted: string) => `The source ${run} works with ${wanted}.`,
  ),
  'options-form': plain(
    'A `${{ }}` in `options_from` is no field, variable or requester.',
    'Here may stand ${{ fields.NAME }}, ${{ requester.id }} and ${{ vars.NAME }}.',
  ),
  'options-order': entry(
    'Options are read by a field that is asked later, or not at all.',
    (name: string) => `There is no field “${name}” that is asked before this one.`,
  ),
  'options-place': entry(
    'An answer stands where it would say what is read.',
    (name: string, key: string) =>
      `“${name}” cannot stand in “${key}”: whoever asks would choose what is read. Only variables of the desk stand there.`,
  ),
  'options-type': entry(
    'A path is filled in with a field whose answer is no single text.',
    (name: string, type: string) =>
      `“${name}” is of type ${type}; only string, int and bool fields stand here.`,
  ),
  'options-unlimited': entry(
    'A source of options is led by a field that takes any text.',
    (name: string) =>
      `Anybody could lead this source elsewhere. Give “${name}” options or a pattern, or tell the source in its body.`,
  ),
  'options-twice': plain(
    'A field has both `options` and `options_from`.',
    'Either `options` or `options_from`: the first are written here, the second are read live.',
  ),
  'no-code-file': entry(
    'A file of code that a flow names is not there.',
    (path: string) => `There is no file ${path}.`,
  ),
  'code-integration': entry(
    'The code of a flow is given an integration that it cannot use, or lacks one.',
    (what: string) => `Code ${what}.`,
  ),
  'idle-code': entry(
    'The code of a flow is named, and nothing of it is ever run.',
    () => 'Say what of the code is run: `hooks`, `answers`, or both.',
  ),
  'bad-code': entry('Code of the desk cannot be run.', (message: string) => message),
  'no-such-hook': entry(
    'The code of a desk does not export a function that a flow names.',
    (file: string, hook: string) => `${file} does not export ${hook}.`,
  ),
  'no-strategy-export': entry(
    'The file of a strategy of one’s own exports no `strategy`.',
    (file: string) =>
      `${file} does not export strategy. Write export const strategy = defineStrategy({ … }).`,
  ),
  'strategy-without-code': entry(
    'A strategy that is built in is given a file or hosts.',
    (type: string) => `The strategy ${type} runs no code of this desk: file and hosts are of type custom.`,
  ),
  'unknown-integration-type': entry(
    'There is no integration of this type.',
    (type: string, known: string) => `There is no integration of type “${type}”. Known: ${known}.`,
  ),
  'wrong-integration': entry(
    'A strategy is given an integration that it cannot use.',
    (strategy: string, wanted: string) => `The strategy ${strategy} works with ${wanted}.`,
  ),
  'cannot-end-sessions': entry(
    'Sessions are to be cut by a strategy that cannot do so.',
    (strategy: string, able: string) =>
      `The strategy ${strategy} cannot cut sessions that are open.${able === '' ? '' : ` These can: ${able}.`}`,
  ),
  'target-label': entry(
    'Two targets of a flow can be mistaken for each other.',
    (label: string) => `“${label}” is already the name or label of another target.`,
  ),
  'unknown-shared-target': entry(
    'A shared target is not declared in `countersign.yml`.',
    (name: string) => `There is no target “${name}” in countersign.yml.`,
  ),
  'unknown-environment': entry(
    'An environment is not declared in `countersign.yml`.',
    (name: string) => `There is no environment “${name}” in countersign.yml.`,
  ),
  'unknown-bound-field': entry(
    'A setting is bound to a field that the flow does not have.',
    (name: string) => `This setting needs the field “${name}”, and the flow has none of that name.`,
  ),
  'bound-optional': entry(
    'A setting is bound to a field that may be left empty.',
    (name: string) =>
      `This setting needs an answer, and “${name}” may stay without one. Ask it always, without a condition, and require it or give it a default.`,
  ),
  'bound-unlimited': entry(
    'A setting is bound to a field that takes any text.',
    (name: string) =>
      `Anybody could type anything into this setting. Give “${name}” options or a pattern; options that are read live count where all that their source is told is limited too.`,
  ),
  'bound-type': entry(
    'A setting is bound to a field whose answer is no single text.',
    (name: string, type: string) =>
      `“${name}” is of type ${type}; settings are bound to string, int and bool fields.`,
  ),
  'bound-form': plain(
    'A `${{ }}` in a setting is neither a field nor a variable.',
    'Only ${{ fields.NAME }} and ${{ vars.NAME }} can stand in a setting or label of a target.',
  ),
  'unknown-placeholder': entry(
    'A setting holds a `{{ }}` that nothing would fill in.',
    (name: string, known: string) => `There is no {{${name}}} here. Known: ${known}.`,
  ),
  'bound-var-list': entry(
    'A list stands in the middle of a setting.',
    (name: string) => `“${name}” is a list: it can only be the whole of a setting, not a part of its text.`,
  ),
  'duration-not-an-option': entry(
    'The default duration is not among the options.',
    (found: string) => `The default ${found} is not among the options.`,
  ),
  'revoke-needed': plain(
    'Access without an end, and nobody who may end it.',
    'Access until revoked needs somebody who may revoke it: say so in allow_revoke.',
  ),

  'extend-too-short': entry(
    'Extended access could not even last as long as the shortest duration.',
    (shortest: string) => `Access lasts at least ${shortest}, so that all of it can be no shorter.`,
  ),
  'extend-too-long': plain(
    'Access could be extended for too long.',
    'Access is extended to at most 30d in all.',
  ),
  'extend-endless': plain(
    'A flow whose access has no end says how far it may be extended.',
    'All access of this flow lasts until it is revoked, so that there is nothing to extend.',
  ),

  /* ---- what runs after an approval ---- */
  'action-access': plain(
    'A flow that grants access says what runs after an approval.',
    'What runs after an approval belongs to flows without a strategy: this one grants access, which is given and taken back instead. Make a flow of its own for it.',
  ),
  'unknown-action': entry(
    'There is no action of this kind.',
    (kind: string, known: string) => `There is no action “${kind}”. Known: ${known}.`,
  ),
  'duplicate-action': entry(
    'Two actions of a flow have the same name.',
    (name: string) => `There is already an action “${name}”. Give this one a name of its own.`,
  ),
  'action-integration': entry(
    'An action is given an integration that it cannot use.',
    (kind: string, wanted: string) => `The action ${kind} works with ${wanted}.`,
  ),
  'action-place': entry(
    'An answer or a name stands where it would say what is called.',
    (name: string, key: string) =>
      `“${name}” cannot stand in “${key}”: whoever asks would choose what is called. Only variables of the desk stand there.`,
  ),

  /* ---- access without approval ---- */
  'break-glass-guests': entry(
    'Guests are named where access without approval is reviewed.',
    (found: string) => `“${found}” are guests, who review nothing. Name members of this desk.`,
  ),
  'break-glass-endless': plain(
    'A flow whose access has no end says who may have it without approval.',
    'All access of this flow lasts until it is revoked, and nobody has that without approval. Offer a duration.',
  ),
  'break-glass-too-short': entry(
    'Access without approval could not even last as long as the shortest duration.',
    (shortest: string) => `Access lasts at least ${shortest}, so that nobody could ask for less.`,
  ),
  'break-glass-too-long': entry(
    'Access without approval could last longer than anything that can be asked for.',
    (longest: string) => `Access lasts at most ${longest}, with or without approval.`,
  ),
  'review-too-late': plain(
    'A review could be given much too late.',
    'Access without approval is reviewed within 30d at most.',
  ),

  /* ---- approval ---- */
  'duplicate-step': entry(
    'Two steps have the same name.',
    (name: string) => `There is already a step “${name}”.`,
  ),
  'unknown-step': entry(
    'A step or rule names a step that does not exist.',
    (name: string) => `There is no step “${name}”.`,
  ),
  'circular-needs': entry(
    'Steps wait for each other.',
    (circle: string) => `These steps wait for each other, and none is ever asked: ${circle}.`,
  ),
  'lapse-too-long': plain('A request would stay open for too long.', 'A request lapses after at most 7d.'),
  'no-source': plain(
    'A flow names only sources that are not built yet.',
    'Nobody could ask for this flow: none of its sources is built yet.',
  ),

  /* ---- rules, texts and variables ---- */
  'duplicate-rule': entry(
    'Two rules have the same name.',
    (name: string) => `There is already a rule “${name}”.`,
  ),
  'rule-effect': entry('A rule neither approves nor denies, or does both.', (both: boolean) =>
    both
      ? 'A rule approves or denies, and not both. Make two rules of it.'
      : 'This rule does nothing. Say which steps it approves, as in approve: [STEP], or deny: true.',
  ),
  'rule-people-only': entry(
    'A rule approves a step that is met by people only.',
    (step: string) => `“${step}” is people_only: no rule stands in for its people.`,
  ),
  'template-form': plain(
    'A `${{ }}` in a text does not close, or holds more than a name.',
    'Between ${{ and }} stands one name, such as fields.reason.',
  ),
  'template-unknown': entry(
    'A `${{ }}` in a text names something that cannot stand there.',
    (name: string, known: string) => `“${name}” cannot stand here. Known: ${known}.`,
  ),
  'unknown-var': entry(
    'A variable is not declared.',
    (name: string, known: string) => `There is no variable “${name}”. Known: ${known}.`,
  ),
  'var-braces': plain(
    'A variable holds double braces, or makes some with the text around it.',
    'Double braces are places to fill in, and variables are filled in only once. Write them where they are used.',
  ),

  /* ---- what the check looks up ---- */
  'group-not-found': {
    level: 'warning',
    means: 'A group could not be looked up: there is none of that name, or the app may not see it.',
    says: (name: string, why: string) => `${name}: ${why} Nobody could ask or decide by it.`,
  },
  'secret-not-granted': {
    level: 'warning',
    means: 'An integration needs a secret that the operator does not grant this desk.',
    says: (name: string) =>
      `The operator grants this desk no secret ${name}. Without it nothing is granted through this integration.`,
  },
  'secret-not-granted-there': {
    level: 'warning',
    means:
      'An integration needs a secret that the operator grants this desk for other hosts or environments alone.',
    says: (name: string, where: string) =>
      `The operator grants this desk the secret ${name}, but not ${where}. Without it nothing is granted through this integration.`,
  },

  /* ---- what the check looks up on Slack ---- */
  'slack-unanswered': warning(
    'What is named on Slack could not be looked up.',
    (why: string) =>
      `Slack was not asked about all that is named here: ${why} Nobody knows whether it is right.`,
  ),
  'slack-not-connected': warning(
    'Something on Slack is named, and this Countersign is connected to no workspace of it.',
    () => 'This Countersign is not connected to Slack: nobody is told there, and nobody decides there.',
  ),
  'slack-workspace-needed': {
    level: 'error',
    means: 'Several workspaces are connected, and the desk does not say which is its own.',
    says: (count: number) =>
      `${count} workspaces of Slack are connected. Say which is this desk’s own, in countersign.yml: slack: { workspace: T… }.`,
  },
  'slack-workspace-unknown': warning(
    'The desk’s own workspace is none of those that are connected.',
    (workspace: string) => `This Countersign is not connected to the workspace ${workspace}.`,
  ),
  'channel-missing': warning(
    'There is no channel of this name that the app can see.',
    (name: string) =>
      `There is no channel ${name} that the app can see. Check the name; into a private channel somebody has to invite it: /invite @Countersign.`,
  ),
  'channel-archived': warning(
    'A channel is archived.',
    (name: string) => `The channel ${name} is archived. Unarchive it, or name another.`,
  ),
  'channel-without-app': warning(
    'The app is not in a channel.',
    (name: string) => `The app is not in the channel ${name}. Invite it there: /invite @Countersign.`,
  ),
  'channel-open': entry(
    'Whoever is in a public channel would decide or ask.',
    (name: string) =>
      `The channel ${name} is public: anybody could join it and decide. Make it private, or name somebody else.`,
  ),
  'channel-shared': entry(
    'Whoever is in a channel that is shared with another workspace would decide or ask.',
    (name: string) =>
      `The channel ${name} is shared with another workspace, which adds people to it as it likes. Name one that is not.`,
  ),
  'errors-shared': warning(
    'Errors would be told in a channel that is shared with another workspace.',
    (name: string) =>
      `The channel ${name} is shared with another workspace, whose people would read what goes wrong here.`,
  ),
  'no-error-channel': warning(
    'Slack is connected, and a desk has no error channel.',
    (name: string) =>
      `No error channel is named, and the app is in no #${name}: what goes wrong is told on GitHub alone. Write errors: slack-channel:NAME, or invite the app to #${name}.`,
  ),
  'slack-group-missing': warning(
    'There is no user group of this handle.',
    (name: string) => `There is no Slack group @${name}. Nobody could ask or decide by it.`,
  ),
  'slack-group-disabled': warning(
    'A user group is disabled.',
    (name: string) => `The Slack group @${name} is disabled. Nobody could ask or decide by it.`,
  ),
  'slack-user-missing': warning(
    'There is no account of this id that the app can see.',
    (id: string) =>
      `There is no account ${id} on Slack that the app can see. The member ID is in the menu of a profile.`,
  ),
  'slack-user-deactivated': warning(
    'An account was deactivated.',
    (id: string) => `The account ${id} was deactivated in Slack: this person is in no group there.`,
  ),
  'slack-user-bot': warning(
    'An account is a bot’s.',
    (id: string) => `The account ${id} is a bot, and no person.`,
  ),
  'slack-user-guest': warning(
    'A guest is listed as a member.',
    (id: string) =>
      `The account ${id} is a guest on Slack, or of another workspace, and is listed as a member here. Write role: guest.`,
  ),
  'guests-unseen': warning(
    'The app shares no channel with the workspace of guests.',
    (workspace: string) =>
      `The app is in no channel that is shared with the workspace ${workspace}, so that nobody of it can be told anything or decide. Invite it to one: /invite @Countersign.`,
  ),

  /* ---- issue forms ---- */
  'form-outdated': plain(
    'An issue form no longer asks what its flow asks.',
    'This form no longer asks what its flow asks. countersign forms brings it up to date.',
  ),
  'form-left-over': plain(
    'An issue form was made from a flow that is gone, or that GitHub may not start.',
    'The flow of this form is gone, or is not started on GitHub. countersign forms removes it.',
  ),
  'form-missing': {
    level: 'warning',
    means: 'A flow that may be started on GitHub has no issue form.',
    says: () =>
      'This flow has no issue form: on GitHub it is asked for in a comment alone. countersign forms writes one.',
  },

  /* ---- settings and people ---- */
  'secret-in-clear': plain(
    'A setting that is a secret stands in the file.',
    'Secrets never stand in a desk, and in no variable either. Write ${{ secrets.NAME }}, and let the operator grant that name.',
  ),
  'secret-form': plain(
    'A `${{ }}` in an integration is neither a secret nor a variable.',
    'Only ${{ secrets.NAME }}, with the name in capitals, and ${{ vars.NAME }} can stand here.',
  ),
  'duplicate-account': entry(
    'Two people have the same account or e-mail address.',
    (what: string, other: string) => `${what} already belongs to “${other}”.`,
  ),
  'manager-circle': entry(
    'People are managers of each other.',
    (circle: string) => `These people are managers of each other: ${circle}.`,
  ),

  /* ---- scenarios ---- */
  'scenarios-extension': plain(
    'A file of scenarios has another extension than `.yml`.',
    'Scenarios of the flow NAME stand in NAME.test.yml; rename this file, or they are never run.',
  ),
  'scenarios-without-flow': entry(
    'A file of scenarios belongs to no flow.',
    (name: string) => `There is no flow “${name}”, so that these scenarios test nothing.`,
  ),
  'scenarios-not-run': {
    level: 'warning',
    means: 'Scenarios cannot be run, because something that they need is broken, and told as such.',
    says: (broken: string) => `These scenarios were not run: ${broken} has mistakes of its own.`,
  },
  'scenario-name': entry(
    'Two scenarios of a flow have the same name.',
    (name: string) => `There is already a scenario “${name}”.`,
  ),
  'scenario-requester': plain(
    'A scenario does not say who asks.',
    'Nobody asks here. Say who, in given: { request: { requester: … } } of the scenario or of the file.',
  ),
  'scenario-turn': entry('A step of a scenario does nothing, or two things.', (found: string) =>
    found === ''
      ? 'Nothing happens here. Say one of approve, deny, revoke, cancel, extend and wait.'
      : `Only one thing happens at a time, and here it is ${found}. Make two of it.`,
  ),
  'scenario-modifier': entry(
    'A word stands beside something that it does not go with.',
    (word: string, owners: string) => `“${word}” goes with ${owners} only.`,
  ),
  'scenario-time': plain('A moment that no calendar has.', 'There is no such moment.'),
  'scenario-wait': plain('A scenario waits for too long.', 'A scenario waits for at most 365d at a time.'),
  'scenario-guest': entry(
    'A guest is put into a group of others, or somebody else among guests.',
    (name: string, role: 'member' | 'guest') =>
      role === 'guest'
        ? `“${name}” is a guest in people.yml, and guests are in groups guest:NAME alone.`
        : `“${name}” is a member in people.yml, and no group of guests counts for members.`,
  ),
  'scenario-group': entry(
    'A group of a scenario is given people that it cannot have.',
    (found: string, always: string) => `“${found}” cannot be given people: it is always ${always}.`,
  ),
  'scenario-unused-group': {
    level: 'warning',
    means: 'A group of a scenario is one that its flow never asks for.',
    says: (found: string) => `Neither the flow nor its conditions ask for “${found}”.`,
  },
  'unknown-target': entry(
    'A target is named that the flow does not have.',
    (name: string) => `The flow has no target “${name}”.`,
  ),
  'unknown-field': entry(
    'A scenario answers a field that its flow does not have.',
    (name: string) => `The flow has no field “${name}”.`,
  ),
  'unknown-rule': entry(
    'A scenario names a rule that its flow does not have.',
    (name: string) => `The flow has no rule “${name}”.`,
  ),
  'unknown-destination': entry(
    'A scenario names a place where its flow tells nobody.',
    (found: string) => `The flow tells nobody at “${found}”.`,
  ),
  'unknown-decider': entry(
    'A scenario names as the one who decided neither a person nor a rule nor a hook.',
    (name: string) => `“${name}” is neither a person of people.yml nor a rule or a hook of the flow.`,
  ),
  'unknown-run': entry(
    'A scenario names an action that its flow does not have.',
    (name: string) => `Nothing of the name “${name}” runs after this flow is approved.`,
  ),
  'duration-not-offered': entry(
    'A scenario asks for a duration that its flow does not offer.',
    (found: string, options: string) => `The flow does not offer ${found}. It offers ${options}.`,
  ),
  'scenario-failed': entry(
    'A scenario came out otherwise than expected.',
    (what: string, wanted: string, found: string) => `${what} should be ${wanted}, and is ${found}.`,
  ),
  'scenarios-need-code': {
    level: 'note',
    means:
      'Scenarios run the flow’s own code, which `countersign test` does and the check of a pull request does not.',
    says: (count: number) =>
      `${count === 1 ? 'A scenario of this file runs the flow’s own code, and was' : `${count} scenarios of this file run the flow’s own code, and were`} not run here. \`countersign test\` runs them: have it in a workflow of this repository.`,
  },
  'scenario-without-code': plain(
    'A scenario answers calls of code, and its flow has none.',
    'The flow has no code that could ask for this.',
  ),
  'scenario-outside': entry(
    'Code of a flow asked for something that the scenario does not answer, or that it may not have.',
    (what: string) => what,
  ),
  'scenario-broken': entry(
    'A scenario could not be played to its end. That is a mistake of ours.',
    (reason: string) => `This scenario could not be played to its end: ${reason}`,
  ),

  /* ---- what was perhaps not meant ---- */
  'rule-never-applies': warning(
    'The condition of a rule never holds.',
    (name: string) =>
      `The rule “${name}” never applies: nothing that can be asked makes this hold. Correct the condition, or remove the rule.`,
  ),
  'step-never-asked': warning(
    'The condition of a step never holds.',
    (name: string) =>
      `The step “${name}” is never asked: nothing that can be asked makes this hold. Correct the condition, or remove the step.`,
  ),
  'field-never-asked': warning(
    'The condition of a field never holds.',
    (name: string) =>
      `The field “${name}” is never asked: nothing that can be asked makes this hold. Correct the condition, or remove the field.`,
  ),
  'always-asked': warning(
    'The condition of a field or step always holds.',
    (name: string) =>
      `This always holds, so “${name}” is always asked. Correct the condition, or leave it out.`,
  ),
  'rule-always-approves': warning(
    'A rule that approves always holds.',
    (steps: string) =>
      `This always holds, so nobody is ever asked for ${steps}. Correct the condition; where it is meant, write if: "true".`,
  ),
  'rule-always-denies': warning(
    'A rule that denies always holds.',
    () =>
      'This always holds, so every request is denied. Correct the condition; where it is meant, write if: "true".',
  ),
  'rule-covered': warning(
    'Whenever a rule holds, another one says the same.',
    (does: string, other: string) =>
      `This rule changes nothing: whenever it holds, “${other}” ${does}. Remove one of them, or correct its condition.`,
  ),
  'rule-always-denied': warning(
    'Whenever a rule that approves holds, another one denies.',
    (other: string) =>
      `This rule changes nothing: whenever it holds, “${other}” denies, and a denial beats every approval. Correct one of the conditions.`,
  ),
  'rule-approves-unasked': warning(
    'A rule approves a step that is not asked when the rule holds.',
    (step: string) => `Whenever this rule holds, “${step}” is not asked. Correct one of the conditions.`,
  ),
  'no-step-asked': warning(
    'Requests of some kind ask no step, and are refused.',
    (where: string) =>
      `Where ${where}, no step is asked, and the request is refused. Add a step, or a rule that denies and says why.`,
  ),
  'answer-may-be-missing': warning(
    'A condition needs a number or duration that perhaps nobody gives.',
    ({
      field,
      then,
      askedIf,
    }: {
      readonly field: string;
      readonly then: string;
      readonly askedIf?: string;
    }) =>
      `“${field}” may be without an answer. This cannot be judged then, and ${then}. ${
        askedIf === undefined ? 'Require the field, or give it a default.' : `Ask first whether ${askedIf}.`
      }`,
  ),
  'too-few-people': warning(
    'Steps that are asked together want more people than can decide there.',
    ({
      steps,
      wanted,
      people,
      requester,
    }: {
      readonly steps: readonly string[];
      readonly wanted: number;
      readonly people: readonly string[];
      readonly requester?: string;
    }) =>
      `${requester === undefined ? '' : `When ${requester} asks: `}${steps.map((name) => `“${name}”`).join(' and ')} ${
        steps.length > 1 ? 'want' : 'wants'
      } ${wanted} ${wanted > 1 ? 'people, each for one approval' : 'person'}, and ${
        people.length === 0 ? 'nobody can' : `only ${people.join(', ')} can`
      } give it. Add people, or ask for fewer.`,
  ),
  'own-approval': warning(
    'Requesters may approve their own request, and one approval is enough.',
    () =>
      'One approval is enough, and the requester may give it: whoever asks and may approve decides alone. Add a step or raise the count, or leave this out.',
  ),
  'nobody-may-ask': warning(
    'A flow has an empty list of requesters.',
    () => 'Nobody may ask for this flow: the list is empty. Name who may.',
  ),
  'guest-named': warning(
    'A guest is named where only members count.',
    (person: string, what: string) =>
      `“${person}” is a guest in people.yml, and can not ${what}. Name somebody else, or make them a member.`,
  ),
  'no-account': warning(
    'Somebody is named who has no account to speak with.',
    (person: string, what: string) =>
      `“${person}” has no account in people.yml, and can not ${what}. Add github: { login: …, id: … } or slack: U… there.`,
  ),
  'breaker-cannot-ask': warning(
    'Somebody may have access without approval, and may not ask for it.',
    (who: string) =>
      `${who} may break the glass, and is not among the requesters: nobody may have without approval what they may not ask for. Name them there too.`,
  ),
  'nobody-to-review': warning(
    'Whoever has access without approval is the only one who could review it.',
    (who: string) =>
      `When ${who} breaks the glass, nobody else can review it, and they cannot break it again. Name a second person.`,
  ),
  'told-not-deciding': warning(
    'Somebody is told that a step is asked, who may not decide it.',
    (person: string) =>
      `“${person}” is told of this step, and can not decide it. Name them among its approvers, or tell somebody else.`,
  ),
  'nobody-told': warning(
    'A step of a flow that is asked on Slack alone tells nobody.',
    (step: string) =>
      `Nobody is told of the step “${step}”: this flow has no issue on GitHub, and the step no notify. Say who is told.`,
  ),
  'told-too-late': warning(
    'Somebody is told only once a request has lapsed.',
    (lapse: string) =>
      `Nobody is told here: by then the request has lapsed, after ${lapse}. Tell them sooner.`,
  ),
  'guests-without-step': warning(
    'A flow lets guests decide, and none of its steps is theirs.',
    () => 'No step of this flow names guests: leave this out, or name guest:NAME in a step.',
  ),
  'links-to-nobody': warning(
    'Guests may decide by a link, and none is sent.',
    () =>
      'No link is sent: no step of these guests tells an address of theirs. Name it under emails of their group in countersign.yml, and write notify: [email:ADDRESS].',
  ),
  'guest-counts-twice': warning(
    'A guest may count twice: on Slack, and by a link.',
    (address: string) =>
      `More than one guest is asked, and nobody knows who ${address} is on Slack: one person could approve by both. Name them in people.yml, with email and slack.`,
  ),
  'guests-member': warning(
    'A member is named among guests.',
    (name: string) =>
      `“${name}” is a member in people.yml, and no group of guests counts for members. Write role: guest there, or take them out here.`,
  ),
  'same-option': warning(
    'A duration stands twice among the options, in different units.',
    (found: string) => `${found} is already among the options, in another unit. Remove one of them.`,
  ),
  unused: warning(
    'Something that `countersign.yml` declares is used by no flow.',
    (what: string, name: string) =>
      `No flow uses the ${what} “${name}”. Remove it, or correct the flow that should.`,
  ),
} as const;

type Table = typeof table;
export type DiagnosticCode = keyof Table;
export type DiagnosticFacts = { readonly [C in DiagnosticCode]: Parameters<Table[C]['says']> };

export const words: { readonly [C in DiagnosticCode]: Entry<DiagnosticFacts[C]> } = table;

/** For the reference: every code with what it means, in the order above. */
export const meanings: readonly (readonly [code: string, level: DiagnosticLevel, means: string])[] =
  Object.entries(words).map(([code, { level, means }]) => [code, level, means]);
