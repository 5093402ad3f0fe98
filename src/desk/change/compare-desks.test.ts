import { describe, expect, test } from 'vitest';
import { edited, files, line, paths, type Edit, type File } from '../../../test/builders/changed-desk.ts';
import type { Desk } from '../desk.ts';
import { readSample } from '../sample-desk.ts';
import type { Change } from './change.ts';
import { compareDesks } from './compare-desks.ts';

const desk = edited();

function changes(before: Desk, after: Desk): readonly Change[] {
  const found = compareDesks({ before, after });
  expect(structuredClone(found)).toEqual(found);
  return found;
}

const lateStep =
  "    - { name: late, approvers: [person:bob], if: request.duration > duration('30m'), notify: [slack-channel:data, { to: [person:bob, email:a@acme.com], after: 15m }] }\n";

const { prod: p, settings: c, people: y, team: t, migrate: m } = paths;

/** What is edited; then what is said of it, and what of taking it back. */
const rows: readonly (readonly [
  edits: readonly Edit[],
  there: readonly string[],
  back: readonly string[],
])[] = [
  [
    [[p, 'requesters: [team:acme/engineering]', 'requesters: [team:acme/engineering, person:ann]']],
    ['easier requesters: ann can newly ask for prod.'],
    ['harder requesters: ann can no longer ask for prod.'],
  ],
  [
    [[t, 'requesters: [team:acme/engineering]', 'requesters: [role:member]']],
    ['!easier requesters: All members can newly ask for team.'],
    [
      'easier requesters: The team acme/engineering can newly ask for team.',
      'harder requesters: All members can no longer ask for team.',
    ],
  ],
  [
    [[t, 'requesters: [team:acme/engineering]', 'requesters: []']],
    ['harder requesters: The team acme/engineering can no longer ask for team. Nobody can.'],
    ['easier requesters: The team acme/engineering can newly ask for team.'],
  ],
  [
    [[p, 'requesters: [team:acme/other]', 'requesters: [team:acme/another]']],
    [
      'easier target-requesters: The team acme/another can newly ask for the target other of prod.',
      'harder target-requesters: The team acme/other can no longer ask for the target other of prod.',
    ],
    [
      'easier target-requesters: The team acme/other can newly ask for the target other of prod.',
      'harder target-requesters: The team acme/another can no longer ask for the target other of prod.',
    ],
  ],
  [
    [[p, '    requesters: [team:acme/other]\n', '']],
    [
      'easier target-requesters: Whoever may ask for prod can newly ask for its target other; that was left to the team acme/other.',
    ],
    ['harder target-requesters: Only the team acme/other can ask for the target other of prod now.'],
  ],
  [
    [[p, 'approvers: [team:acme/data]', 'approvers: [team:acme/data, team:acme/ops]']],
    ['easier approvers: The team acme/ops can newly approve the step data of prod.'],
    ['harder approvers: The team acme/ops can no longer approve the step data of prod.'],
  ],
  [
    [[p, 'approvers: [team:acme/data]', 'approvers: [role:member]']],
    ['!easier approvers: All members can newly approve the step data of prod.'],
    [
      'easier approvers: The team acme/data can newly approve the step data of prod.',
      'harder approvers: All members can no longer approve the step data of prod.',
    ],
  ],
  [
    [[p, lateStep, '']],
    ["!easier step-removed: prod no longer asks 1 of bob (late), if “request.duration > duration('30m')”."],
    [
      'other routes: Newly told of the step late of prod: #data, after 15m bob and a@acme.com.',
      "harder step-added: prod newly asks 1 of bob (late), if “request.duration > duration('30m')”.",
    ],
  ],
  [
    [[p, ', notify: [slack-channel:data, { to: [person:bob, email:a@acme.com], after: 15m }]', '']],
    [
      'other routes: Nobody is told of the step late of prod any more, except on GitHub; it was #data, after 15m bob and a@acme.com.',
    ],
    ['other routes: Newly told of the step late of prod: #data, after 15m bob and a@acme.com.'],
  ],
  [
    [[p, 'after: 15m', 'after: 1h']],
    [
      'other routes: Who is told of the step late of prod changes: from “#data, after 15m bob and a@acme.com” to “#data, after 1h bob and a@acme.com”.',
    ],
    [
      'other routes: Who is told of the step late of prod changes: from “#data, after 1h bob and a@acme.com” to “#data, after 15m bob and a@acme.com”.',
    ],
  ],
  [
    [[c, 'label: Production,', 'label: Production, notify: [slack-channel:access, origin],']],
    [
      'other routes: Newly told of the step data of prod: #access, where that fails the channel it was asked in.',
      'other routes: Newly told of the step security of prod: #access, where that fails the channel it was asked in.',
      'other routes: Who hears of access by prod without approval: newly #access and the channel it was asked in.',
    ],
    [
      'other routes: Nobody is told of the step data of prod any more, except on GitHub; it was #access, where that fails the channel it was asked in.',
      'other routes: Nobody is told of the step security of prod any more, except on GitHub; it was #access, where that fails the channel it was asked in.',
      'other routes: Who hears of access by prod without approval: no longer #access and the channel it was asked in.',
    ],
  ],
  [
    [[p, 'allow_guests: true', 'allow_guests: false']],
    ['harder guests-allowed: Guests can no longer decide on prod.'],
    [
      '!easier guests-allowed: Guests can newly decide on prod, where a step names their group, and end what they approved.',
    ],
  ],
  [
    [[p, 'allow_guests: true', 'allow_guests: { email_links: true }']],
    [
      '!easier guests-allowed: Guests can newly decide on prod by a link in an e-mail: whoever reads the mail can.',
    ],
    ['harder guests-allowed: Guests can no longer decide on prod by a link in an e-mail.'],
  ],
  [
    [[c, 'slack_workspaces: [T9CUST000]', 'slack_workspaces: [T9CUST000], emails: [Cleo@customer.com]']],
    [
      '!easier guests: Newly among the guests customer: whoever reads the mail of cleo@customer.com, by a link.',
    ],
    [
      'harder guests: No longer among the guests customer: whoever reads the mail of cleo@customer.com, by a link.',
    ],
  ],
  [
    [[p, 'approvers: [team:acme/security]', 'approvers: [guest:customer, manager:requester]']],
    [
      '!easier approvers: The guests customer and the manager of whoever asks can newly approve the step security of prod.',
      'harder approvers: The team acme/security can no longer approve the step security of prod.',
    ],
    [
      'easier approvers: The team acme/security can newly approve the step security of prod.',
      'harder approvers: The guests customer and the manager of whoever asks can no longer approve the step security of prod.',
    ],
  ],
  [
    [[c, 'slack_workspaces: [T9CUST000]', 'slack_workspaces: [T9CUST000, T6MORE000]']],
    ['!easier guests: Newly among the guests customer: everybody of the Slack workspace T6MORE000.'],
    ['harder guests: No longer among the guests customer: everybody of the Slack workspace T6MORE000.'],
  ],
  [
    [[c, 'slack_users: [U07GUEST0,', 'slack_users: [U07GUEST1,']],
    [
      '!easier guests: Newly among the guests customer: the Slack user U07GUEST1.',
      'harder guests: No longer among the guests customer: the Slack user U07GUEST0.',
    ],
    [
      '!easier guests: Newly among the guests customer: the Slack user U07GUEST0.',
      'harder guests: No longer among the guests customer: the Slack user U07GUEST1.',
    ],
  ],
  [
    [[c, 'people: [gus], ', '']],
    ['harder guests: No longer among the guests customer: gus.'],
    ['!easier guests: Newly among the guests customer: gus.'],
  ],
  [
    [[c, ', email_domains: [customer.com]', '']],
    ['!easier guests: No e-mail domain narrows the guests customer any more; it was customer.com.'],
    ['harder guests: Of the guests customer only those count with an e-mail address at customer.com.'],
  ],
  [
    [[c, 'email_domains: [customer.com]', 'email_domains: [customer.com, more.com]']],
    ['!easier guests: Of the guests customer those at more.com newly count as well.'],
    ['harder guests: Of the guests customer those at more.com no longer count.'],
  ],
  [
    [[c, 'errors: slack-channel:oops\n', '']],
    ['other error-channel: Errors of this desk are told in no channel of its own instead of #oops.'],
    ['other error-channel: Errors of this desk are told in #oops.'],
  ],
  [
    [[c, 'errors: slack-channel:test-errors', 'errors: slack-channel:other']],
    ['other error-channel: Errors of the environment test are told in #other instead of #test-errors.'],
    ['other error-channel: Errors of the environment test are told in #test-errors instead of #other.'],
  ],
  [
    [[c, 'slack: { workspace: T07ACME00 }\n', '']],
    [
      '!other slack-workspace: The desk’s own Slack workspace is the only one that is connected instead of T07ACME00: its users are read as the people of people.yml.',
    ],
    [
      '!other slack-workspace: The desk’s own Slack workspace is T07ACME00 instead of the only one that is connected: its users are read as the people of people.yml.',
    ],
  ],
  [
    [[c, ', warn_before_expiry: 10m', ', warn_before_expiry: 5m']],
    [
      'other warning: Whoever asked is warned 5m before access by prod ends.',
      'other warning: Whoever asked is warned 5m before access by team ends.',
    ],
    [
      'other warning: Whoever asked is warned 10m before access by prod ends.',
      'other warning: Whoever asked is warned 10m before access by team ends.',
    ],
  ],
  [
    [[p, 'count: 2', 'count: 1']],
    ['!easier count: The step data of prod needs 1 approval instead of 2.'],
    ['harder count: The step data of prod needs 2 approvals instead of 1.'],
  ],
  [
    [[p, ', people_only: true', '']],
    [
      '!easier people-only: Rules and admins can newly stand in for the step security of prod, which only its own people could meet.',
    ],
    [
      'harder people-only: The step security of prod is met by its own people only: no rule and no admin stands in.',
    ],
  ],
  [
    [[p, 'needs: [data], ', '']],
    ['easier step-needs: The step security of prod no longer waits for data.'],
    ['harder step-needs: The step security of prod newly waits for data.'],
  ],
  [
    [[p, 'count: 2', 'count: 2, if: fields.reason != "x"']],
    [
      '!easier step-condition: The step data of prod is no longer asked always, but only if “fields.reason != "x"”.',
    ],
    ['harder step-condition: The step data of prod is asked always, and no longer under a condition.'],
  ],
  [
    [[p, "if: request.duration > duration('30m')", "if: request.duration > duration('9h')"]],
    [
      "!other step-condition: The condition changes under which the step late of prod is asked: from “request.duration > duration('30m')” to “request.duration > duration('9h')”.",
    ],
    [
      "!other step-condition: The condition changes under which the step late of prod is asked: from “request.duration > duration('9h')” to “request.duration > duration('30m')”.",
    ],
  ],
  [
    [[p, 'allow_self_approval: false', 'allow_self_approval: true']],
    [
      '!easier self-approval: Whoever asks for prod can newly approve their own request, where a step is theirs.',
    ],
    ['harder self-approval: Nobody can approve their own request for prod any more.'],
  ],
  [
    [[p, 'decision_message: optional', 'decision_message: required']],
    ['harder decision-message: A message with a decision on prod is required; it was optional.'],
    ['easier decision-message: A message with a decision on prod is optional; it was required.'],
  ],
  [
    [[p, 'lapse_after: 12h', 'lapse_after: 2d']],
    ['other lapse: A request for prod that nobody decides lapses after 2d instead of 12h.'],
    ['other lapse: A request for prod that nobody decides lapses after 12h instead of 2d.'],
  ],
  [
    [[m, 'approval: {', 'approval: { valid_for: 2h,']],
    ['easier validity: An approval of migrate may be used for 2h instead of 1h.'],
    ['harder validity: An approval of migrate may be used for 1h instead of 2h.'],
  ],
  [
    [[p, "  - { name: never, if: fields.reason == 'fun', deny: true }\n", '']],
    ["!easier rule-removed: The rule never of prod no longer denies where “fields.reason == 'fun'”."],
    ["harder rule-added: A new rule of prod, never, denies where “fields.reason == 'fun'”."],
  ],
  [
    [[p, "  - { name: fast, if: fields.reason == 'drill', approve: [data], reason: A drill. }\n", '']],
    [
      "harder rule-removed: The rule fast of prod no longer approves in the place of people where “fields.reason == 'drill'”.",
    ],
    [
      "easier rule-added: A new rule of prod, fast, approves data in the place of people where “fields.reason == 'drill'”.",
    ],
  ],
  [
    [
      [
        t,
        'approval:',
        'rules: [{ name: any, if: "true || requester.id == \'ann\'", approve: [lead] }]\napproval:',
      ],
    ],
    [
      "!easier rule-added: A new rule of team, any, approves lead in the place of people where “true || requester.id == 'ann'”. Nobody else is asked then.",
    ],
    [
      "harder rule-removed: The rule any of team no longer approves in the place of people where “true || requester.id == 'ann'”.",
    ],
  ],
  [
    [[p, "fields.reason == 'drill'", "fields.reason != 'drill'"]],
    [
      "!easier rule-condition: The rule fast of prod approves under another condition: “fields.reason != 'drill'”, where it was “fields.reason == 'drill'”.",
    ],
    [
      "!easier rule-condition: The rule fast of prod approves under another condition: “fields.reason == 'drill'”, where it was “fields.reason != 'drill'”.",
    ],
  ],
  [
    [[p, "fields.reason == 'fun'", "fields.reason == 'jest'"]],
    [
      "!other rule-condition: The rule never of prod denies under another condition: “fields.reason == 'jest'”, where it was “fields.reason == 'fun'”.",
    ],
    [
      "!other rule-condition: The rule never of prod denies under another condition: “fields.reason == 'fun'”, where it was “fields.reason == 'jest'”.",
    ],
  ],
  [
    [[p, "if: fields.reason == 'fun', deny: true", "if: fields.reason == 'fun', approve: [late]"]],
    ['!easier rule-effect: The rule never of prod approves late, where it denied.'],
    ['harder rule-effect: The rule never of prod denies, where it approved.'],
  ],
  [
    [[p, 'approve: [data]', 'approve: [data, late]']],
    ['easier rule-effect: The rule fast of prod newly approves late.'],
    ['harder rule-effect: The rule fast of prod no longer approves late.'],
  ],
  [
    [[p, 'options: [30m, 1h]', 'options: [30m, 1h, 8h]']],
    ['easier durations: Access by prod may last 8h instead of 1h at most.'],
    ['harder durations: Access by prod may last 1h instead of 8h at most.'],
  ],
  [
    [[p, 'options: [30m, 1h]', 'options: [15m, 30m, 1h]']],
    ['other durations: Of the durations of prod, 15m can newly be chosen.'],
    ['other durations: Of the durations of prod, 15m no longer.'],
  ],
  [
    [[p, 'options: [30m, 1h]', 'options: [30m, 1h, until-revoked]']],
    [
      '!easier until-revoked: Access by prod may newly have no end: it lasts until somebody revokes it. Before, at most 1h.',
    ],
    ['harder until-revoked: Access by prod has an end again: after 1h at the latest.'],
  ],
  [
    [[p, 'default: 30m', 'default: 1h']],
    ['other default-duration: Who does not choose gets prod for 1h instead of 30m.'],
    ['other default-duration: Who does not choose gets prod for 30m instead of 1h.'],
  ],
  [
    [[p, 'extend: { max_total: 4h, times: 2 }', 'extend: { max_total: 1d, times: 3 }']],
    [
      'easier extension: Access by prod may be extended to 1d in all instead of 4h.',
      'easier extension: Access by prod may be extended 3 times instead of 2 times.',
    ],
    [
      'harder extension: Access by prod may be extended to 4h in all instead of 1d.',
      'harder extension: Access by prod may be extended 2 times instead of 3 times.',
    ],
  ],
  [
    [[p, 'extend: { max_total: 4h, times: 2 }\n', '']],
    ['harder extension: Access by prod may no longer be extended.'],
    ['easier extension: Access by prod may newly be extended, 2 times and to 4h in all.'],
  ],
  [
    [
      [
        p,
        'break_glass: { who: [team:acme/on-call], targets: [other], max: 1h, reviewers: [team:acme/security], review_within: 24h }\n',
        '',
      ],
    ],
    ['harder break-glass: Nobody can have prod without approval any more.'],
    [
      '!easier break-glass: The team acme/on-call can newly have prod without approval.',
      '!easier break-glass: Without approval, only other of prod can be had, for 1h at most; it is reviewed within 1d.',
      'easier break-glass-review: The team acme/security can newly review access by prod that nobody approved.',
    ],
  ],
  [
    [
      [p, 'who: [team:acme/on-call], targets: [other], max: 1h', 'who: [team:acme/data], max: 30m'],
      [
        p,
        'reviewers: [team:acme/security], review_within: 24h',
        'reviewers: [person:bob], review_within: 2d',
      ],
    ],
    [
      '!easier break-glass: The team acme/data can newly have prod without approval.',
      '!easier break-glass: Every target of prod can newly be had without approval, and not only other.',
      'easier break-glass-review: bob can newly review access by prod that nobody approved.',
      'easier break-glass-review: Access by prod without approval is reviewed within 2d instead of 1d.',
      'harder break-glass: The team acme/on-call can no longer have prod without approval.',
      'harder break-glass: Access by prod without approval lasts 30m at most instead of 1h.',
      'harder break-glass-review: The team acme/security can no longer review access by prod that nobody approved.',
    ],
    [
      '!easier break-glass: The team acme/on-call can newly have prod without approval.',
      'easier break-glass: Access by prod without approval lasts 1h at most instead of 30m.',
      'easier break-glass-review: The team acme/security can newly review access by prod that nobody approved.',
      'harder break-glass: The team acme/data can no longer have prod without approval.',
      'harder break-glass: Of prod, only other can still be had without approval.',
      'harder break-glass-review: bob can no longer review access by prod that nobody approved.',
      'harder break-glass-review: Access by prod without approval is reviewed within 1d instead of 2d.',
    ],
  ],
  [
    [[p, 'sources: [github, slack]', 'sources: [github, slack, api]']],
    ['easier sources: prod can newly be asked for from api.'],
    ['harder sources: prod can no longer be asked for from api.'],
  ],
  [
    [[p, 'sources: [github, slack]\n', '']],
    ['easier sources: prod can newly be asked for from everywhere, and not only from github and slack.'],
    ['harder sources: prod can be asked for from github and slack only.'],
  ],
  [
    [[p, 'allow_revoke: [requester, approvers]', 'allow_revoke: [requester]']],
    ['easier revokers: Its approvers can no longer end early what prod gives.'],
    ['harder revokers: Its approvers can newly end early what prod gives.'],
  ],
  [
    [[p, 'confirm: typed\n', '']],
    ['easier confirm: Nobody has to type a confirmation to ask for prod any more.'],
    ['harder confirm: Whoever asks for prod has to type a confirmation.'],
  ],
  [
    [[p, 'level: 1', 'level: 9']],
    ['!other target-setting: The target main of prod grants something else: level is “9” instead of “1”.'],
    ['!other target-setting: The target main of prod grants something else: level is “1” instead of “9”.'],
  ],
  [
    [[p, ', level: 1', '']],
    ['!other target-setting: The target main of prod grants something else: level is gone, which was “1”.'],
    ['!other target-setting: The target main of prod grants something else: level is newly “1”.'],
  ],
  [
    [
      [
        t,
        'shared_targets: [shared]',
        'shared_targets: [shared]\ntargets: { admins: { settings: { organization: acme, team_slug: admins } } }',
      ],
    ],
    [
      'easier target-added: Whoever may ask for team can newly ask for the target admins of it: organization “acme”, team_slug “admins”.',
    ],
    ['harder target-removed: Nobody can ask for the target admins of team any more.'],
  ],
  [
    [[p, 'label: Main account', 'label: Playground']],
    ['other text: The target main of prod is shown as “Playground” instead of “Main account”.'],
    ['other text: The target main of prod is shown as “Main account” instead of “Playground”.'],
  ],
  [
    [
      [
        p,
        'account: { type: string, options: ["333333333333", "444444444444"] }',
        'account: { type: string, options: ["333333333333", "444444444444", "555555555555"] }',
      ],
    ],
    [
      '!easier field-limits: The field account of prod, which becomes a part of what is granted, may newly be “555555555555”.',
    ],
    [
      'harder field-limits: The field account of prod, which becomes a part of what is granted, may no longer be “555555555555”.',
    ],
  ],
  [
    [
      [
        p,
        'account: { type: string, options: ["333333333333", "444444444444"] }',
        'account: { type: string, pattern: "[0-9]{12}" }',
      ],
    ],
    [
      '!easier field-limits: The field account of prod, which becomes a part of what is granted, is no longer chosen from a list, but may be whatever matches “[0-9]{12}”.',
      'harder field-limits: The field account of prod, which becomes a part of what is granted, must match “[0-9]{12}”.',
    ],
    [
      '!easier field-limits: The field account of prod, which becomes a part of what is granted, may newly be anything; it had to match “[0-9]{12}”.',
      'harder field-limits: The field account of prod, which becomes a part of what is granted, is newly chosen from “333333333333” and “444444444444”.',
    ],
  ],
  [
    [[p, 'INC-[0-9]+', '[A-Z]+-[0-9]+']],
    ['other field-limits: The field incident of prod must match “[A-Z]+-[0-9]+” instead of “INC-[0-9]+”.'],
    ['other field-limits: The field incident of prod must match “INC-[0-9]+” instead of “[A-Z]+-[0-9]+”.'],
  ],
  [
    [[p, 'required: false, ', '']],
    ['harder field-required: The field incident of prod has to be answered.'],
    ['easier field-required: The field incident of prod need not be answered any more.'],
  ],
  [
    [[p, ", if: fields.reason == 'incident'", '']],
    ['harder field-condition: The field incident of prod is asked always, and no longer under a condition.'],
    [
      "easier field-condition: The field incident of prod is no longer asked always, but only if “fields.reason == 'incident'”.",
    ],
  ],
  [
    [[p, 'description: In short. }', 'description: In short., default: none }']],
    [
      'other field-otherwise: The field reason of prod is answered with “none” where nothing is said, instead of nothing.',
    ],
    [
      'other field-otherwise: The field reason of prod is answered with nothing where nothing is said, instead of “none”.',
    ],
  ],
  [
    [[m, 'approval:', 'fields: { ticket: { type: int, label: Which? } }\napproval:']],
    ['harder field-added: migrate newly asks for ticket, “Which?”.'],
    ['easier field-removed: migrate no longer asks for ticket, “Which?”.'],
  ],
  [
    [
      [
        p,
        'reason: { type: string, label: Why?, description: In short. }',
        'reason: { type: string, label: Reason?, description: At length. }',
      ],
    ],
    [
      'other text: The label of the field reason of prod is “Reason?”; it was “Why?”.',
      'other text: The description of the field reason of prod is “At length.”; it was “In short.”.',
    ],
    [
      'other text: The label of the field reason of prod is “Why?”; it was “Reason?”.',
      'other text: The description of the field reason of prod is “In short.”; it was “At length.”.',
    ],
  ],
  [
    [[p, 'danger: Mind the gap.', 'danger: All is well.']],
    ['other text: The warning of prod is “All is well.”; it was “Mind the gap.”.'],
    ['other text: The warning of prod is “Mind the gap.”; it was “All is well.”.'],
  ],
  [
    [[p, 'reason: A drill.', 'reason: A real one.']],
    ['other text: The reason that the rule fast of prod gives is “A real one.”.'],
    ['other text: The reason that the rule fast of prod gives is “A drill.”.'],
  ],
  [
    [[c, 'admins: [team:acme/platform]', 'admins: [team:acme/platform, person:bob]']],
    ['!easier admins: bob can newly act as admins: stand in for steps, and end any access.'],
    ['harder admins: bob can no longer act as admins.'],
  ],
  [
    [[c, 'members: [acme.com]', 'members: [acme.com, evil.com]']],
    ['!easier member-domains: evil.com is newly a domain whose people are members.'],
    ['harder member-domains: evil.com is no longer a domain whose people are members.'],
  ],
  [
    [[y, 'role: guest, ', '']],
    ['!easier role: gus becomes a member: groups count for them that did not count for a guest.'],
    ['harder role: gus becomes a guest, who is in no internal group.'],
  ],
  [
    [[y, ', manager: ann', '']],
    ['other manager: Nobody is the manager of bob instead of ann.'],
    ['other manager: ann is the manager of bob.'],
  ],
  [
    [[y, 'id: 2 }', 'id: 99 }']],
    [
      '!other account-added: The account 99 (bob-l) on GitHub would act as bob instead of 2 (bob-l) on GitHub.',
      'harder account-removed: The account 2 (bob-l) on GitHub no longer acts as bob.',
    ],
    [
      '!other account-added: The account 2 (bob-l) on GitHub would act as bob instead of 99 (bob-l) on GitHub.',
      'harder account-removed: The account 99 (bob-l) on GitHub no longer acts as bob.',
    ],
  ],
  [
    [[y, 'login: bob-l', 'login: bobby']],
    ['other text: The account of bob is written 2 (bobby) on GitHub instead of 2 (bob-l) on GitHub.'],
    ['other text: The account of bob is written 2 (bob-l) on GitHub instead of 2 (bobby) on GitHub.'],
  ],
  [
    [[y, 'bob@acme.com', 'mallory@acme.com']],
    [
      '!other email: bob has the e-mail address “mallory@acme.com” instead of “bob@acme.com”: where a service knows people by it, what is granted goes there.',
    ],
    [
      '!other email: bob has the e-mail address “bob@acme.com” instead of “mallory@acme.com”: where a service knows people by it, what is granted goes there.',
    ],
  ],
  [
    [[y, '  gus:', '  eve: { name: Eve, github: { login: eve, id: 9 }, manager: bob }\n  gus:']],
    [
      'easier account-added: The account 9 (eve) on GitHub would act as eve.',
      'easier person-added: eve, “Eve”, is newly a member of this desk, under bob.',
    ],
    ['harder person-removed: eve is no longer a person of this desk, and decides nothing.'],
  ],
];

describe('each kind of change, there and back', () => {
  for (const [edits, there, back] of rows)
    test(there[0] ?? '', () => {
      const after = edited(...edits);
      expect(changes(desk, after).map(line)).toEqual(there);
      expect(changes(after, desk).map(line)).toEqual(back);
    });
});

test('nothing is said where nothing changes, nor of another order in a set or another style', () => {
  expect(changes(desk, edited())).toEqual([]);
  expect(changes(desk, readSample({ ...files, [p]: `# a comment\n${files[p]}` }))).toEqual([]);
  const two: Edit = [
    t,
    'requesters: [team:acme/engineering]',
    'requesters: [team:acme/engineering, person:bob]',
  ];
  const same: Edit = [
    t,
    'requesters: [team:acme/engineering]',
    'requesters: [person:bob, team:acme/engineering]',
  ];
  expect(changes(edited(two), edited(same))).toEqual([]);
  expect(changes(desk, edited([c, 'vars: { vault_url', 'vars: { unused: x, vault_url']))).toEqual([]);
});

test('the order of steps is told, and no difference goes by in silence', () => {
  const after = edited(
    [p, '    - { name: data, approvers: [team:acme/data], count: 2 }\n', ''],
    [p, 'rules:', '    - { name: data, approvers: [team:acme/data], count: 2 }\nrules:'],
  );
  expect(changes(desk, after).map(line)).toEqual(['other order: The steps of prod stand in another order.']);
});

describe('what is shared is told of each flow that takes it', () => {
  const rowsOf: readonly (readonly [of: string, edit: Edit, said: readonly string[]])[] = [
    [
      'a shared target',
      [c, 'team_slug: deployers', 'team_slug: admins'],
      [
        '!other target-setting: The target shared of team grants something else: team_slug is “admins” instead of “deployers”.',
      ],
    ],
    [
      'a variable in a setting',
      [c, 'account: "111111111111"', 'account: "999999999999"'],
      [
        '!other target-setting: The target main of prod grants something else: account_id is “"999999999999"” instead of “"111111111111"”.',
      ],
    ],
    [
      'sessions that are cut at the end',
      [p, 'integration: main', 'integration: main, end_sessions: true'],
      ['harder end-sessions: When access by prod ends, sessions that are still open are cut.'],
    ],
    [
      'an environment with other variables and integrations',
      [p, 'environment: prod', 'environment: test'],
      [
        '!other integration-used: prod is granted through main instead of prod/main.',
        '!other target-setting: The target main of prod grants something else: account_id is “"222222222222"” instead of “"111111111111"”.',
        'other environment: prod belongs to the environment Test instead of the environment Production.',
      ],
    ],
    [
      'defaults',
      [
        c,
        'allow_revoke: [requester, approvers], valid_for: 1h',
        'allow_revoke: [], valid_for: 9h, extend: { max_total: 1d, times: 3 }',
      ],
      [
        'easier revokers: Whoever asked for it and its approvers can no longer end early what migrate gives.',
        'easier validity: An approval of migrate may be used for 9h instead of 1h.',
        'easier extension: Access by team may newly be extended, 3 times and to 1d in all.',
        'easier revokers: Whoever asked for it and its approvers can no longer end early what team gives.',
      ],
    ],
  ];
  for (const [of, edit, said] of rowsOf)
    test(of, () => {
      expect(changes(desk, edited(edit)).map(line)).toEqual(said);
    });
});

describe('secrets', () => {
  test('that would go to another host are told with it, through a variable as well', () => {
    const moved = changes(desk, edited([c, 'https://vault.acme.com', 'https://evil.example']));
    expect(moved.map(line)).toEqual([
      '!other integration-setting: The integration vault leads elsewhere or acts otherwise: base_url is “https://evil.example” instead of “https://vault.acme.com”.',
      '!other secret: The secret VAULT_KEY would newly be sent to https://evil.example, through vault of flows/countersign.yml; until now it went to https://vault.acme.com alone.',
    ]);
  });

  test('that another integration sends somewhere else are told, and one that nobody used before', () => {
    const more =
      '  more: { type: http, base_url: "https://more.example", token: "${{ secrets.TOOL_TOKEN }}", headers: { x: "${{ secrets.NEW }}" } }\n';
    const found = changes(desk, edited([c, 'environments:\n', `${more}environments:\n`])).map(line);
    expect(found.filter((each) => each.includes(' secret: '))).toEqual([
      '!other secret: The secret TOOL_TOKEN would newly be sent to https://more.example, through more of flows/countersign.yml; until now it went to https://tool.acme.com/api alone.',
      '!other secret: The secret NEW would newly be sent to https://more.example, through more of flows/countersign.yml.',
    ]);
  });

  test('without an address are told with the service that gets them', () => {
    const after = edited([
      c,
      'main: { type: aws, region: eu-north-1, token: "${{ secrets.AWS_TOKEN }}" }',
      'main: { type: gcp, project: x, token: "${{ secrets.AWS_TOKEN }}" }',
    ]);
    expect(after.diagnostics).toEqual([]);
    expect(changes(desk, after).map(({ sentence }) => sentence)).toContain(
      'The secret AWS_TOKEN would newly be sent to the service gcp, project "x", through main of flows/countersign.yml; until now it went to the service aws, region "eu-north-1" alone.',
    );
  });
});

describe('whole flows', () => {
  const without = (file: File): Desk =>
    readSample(Object.fromEntries(Object.entries(files).filter(([path]) => path !== file)));

  test('one that is new is told whole, with what makes it dangerous; one that goes is gone', () => {
    const danger = {
      ...files,
      [m]: files[m].replace('approval: {', 'approval: { allow_self_approval: true,'),
    };
    expect(changes(without(m), readSample(danger)).map(line)).toEqual([
      '!easier self-approval: Whoever asks for migrate can newly approve their own request, where a step is theirs.',
      'easier flow-added: The team acme/engineering can newly ask for migrate.',
      'easier flow-asks: migrate asks 1 of the team acme/leads (lead).',
      'easier flow-grants: migrate grants nothing, and records approvals.',
    ]);
    expect(changes(desk, without(m)).map(line)).toEqual([
      'harder flow-removed: Nobody can ask for migrate any more: the flow is gone. Its open requests cannot be approved, and its access cannot be extended.',
    ]);
  });

  test('one that breaks is loud, and one that is mended is told whole, whatever it said before', () => {
    const brokenDesk = readSample({ ...files, [t]: files[t].replace('requesters', 'askers') });
    expect(changes(desk, brokenDesk).map(line)).toEqual([
      '!harder flow-broken: Nobody can ask for team until its file is mended. Its open requests cannot be approved.',
    ]);
    expect(changes(brokenDesk, desk).map(line)).toEqual([
      '!easier flow-asks: team asks 1 of the team acme/leads (lead).',
      '!easier flow-grants: team grants shared (organization “acme”, team_slug “deployers”), by github-team, for 1h.',
      '!easier flow-mended: The team acme/engineering can ask again for team.',
    ]);
    expect(changes(brokenDesk, brokenDesk)).toEqual([]);
  });

  test('one that is renamed is compared with what it was', () => {
    const text = files[p].replace('count: 2', 'count: 1');
    const { [p]: _, ...others } = files;
    const renamed = readSample({ ...others, 'flows/production.yml': text });
    expect(changes(desk, renamed).map(line)).toEqual([
      '!easier count: The step data of production needs 1 approval instead of 2.',
      '!other flow-renamed: prod is called production from now on. Open requests for prod cannot be approved, its access cannot be extended, and what people asked for before no longer counts in conditions.',
    ]);
  });

  test('another way to what a flow grants is told loudly', () => {
    const copy = files[t].replace('team:acme/leads', 'role:member');
    const found = changes(desk, readSample({ ...files, 'flows/copy.yml': copy })).map(line);
    expect(found).toContain(
      '!easier same-grant: The target shared of copy grants what team grants too: it can be had by what copy asks.',
    );
  });

  test('and so is one through an integration of another name', () => {
    // In production the integration of that name is another, which leads to the same.
    const copy = files[p]
      .replace('environment: prod', 'environment: test')
      .replace('${{ vars.account }}', '111111111111');
    const found = changes(desk, readSample({ ...files, 'flows/copy.yml': copy }));
    expect(found.map(line)).toContain(
      '!easier same-grant: The targets main and other of copy grant what prod grants too: it can be had by what copy asks.',
    );
  });

  test('one that begins to grant is told with what it grants', () => {
    const [head = ''] = files[t].split('requesters');
    const granting = readSample({ ...files, [m]: `${head}${files[m]}` });
    expect(changes(desk, granting).map(line)).toContain(
      '!easier access-kind: migrate newly grants access, where it only recorded approvals: shared (organization “acme”, team_slug “deployers”), by github-team, for 1h.',
    );
  });

  test('without a desk before, everything is new; one that cannot be read any more says so', () => {
    const kinds = new Set(changes(readSample({}), desk).map(({ kind }) => kind));
    expect(kinds).toContain('flow-added');
    const first = compareDesks({ before: undefined, after: desk }).map(line);
    expect(first[0]).toBe(
      '!easier admins: The team acme/platform can newly act as admins: stand in for steps, and end any access.',
    );
    const closed = readSample({ ...files, [c]: 'version: 1\n' });
    expect(changes(desk, closed).map(({ kind, loud }) => [kind, loud])).toContainEqual(['desk-closed', true]);
  });
});

describe('texts that hide what they change', () => {
  test('a long text is shown where it differs, and what cannot be seen is written out', () => {
    const padding = ' '.repeat(60) + "|| fields.reason == 'a' ".repeat(15);
    const before = edited([
      p,
      "fields.reason == 'drill'",
      `"fields.reason == 'drill' ${padding}|| fields.reason == 'x'"`,
    ]);
    const after = edited([
      p,
      "fields.reason == 'drill'",
      `"fields.reason == 'drill' ${padding}|| fields.reason == 'y'"`,
    ]);
    const [found] = changes(before, after);
    expect(found?.sentence).toContain("fields.reason == 'y'”, where it was “…");
    const shown = changes(desk, edited([p, 'label: Main account', 'label: "Main\u200b account"']));
    expect(shown[0]?.sentence).toContain('Main\\u{200b} account');
  });
});
