import { describe, expect, it } from 'vitest';
import { group } from './names.ts';
import { refusalExamples } from './refusal-examples.ts';
import { isOver, statuses, type Status } from './request.ts';
import { groupWords, list, refusalWords, statusClause, statusTitle } from './words.ts';
import { aRequestIn } from '../../test/builders/request.ts';

describe('the words of refusals', () => {
  it.each(Object.values(refusalExamples))('says why and what to do next: $code', (refusal) => {
    const { reason, remedy } = refusalWords(refusal);
    for (const sentence of [reason, remedy]) {
      expect(sentence).toMatch(/^[A-Z“].*[.)]$/);
      expect(sentence).not.toMatch(/undefined|\.\.|\bnull\b|  |\[object/);
    }
  });

  it('reads as a person would say it', () => {
    expect(Object.values(refusalExamples).map((each) => Object.values(refusalWords(each)).join(' ')))
      .toMatchInlineSnapshot(`
        [
          "The account ann-o is not linked to a person yet, so what it says cannot count. Add yourself with this account to flows/people.yml by a pull request, then say it again. The line it needs: github: { login: ann-o, id: 583231 }.",
          "This line is not valid here: it was used already, or is too old, or was made for another desk. Ask for a new one on Slack, for example by /access link, and say it on GitHub within ten minutes.",
          "Guests link no accounts. An admin of this desk says in flows/countersign.yml who its guests are.",
          "The account slack:T07ACME00/U07MALLO0 counts as bob already. If that is wrong, ask an admin to look at flows/people.yml, or to say /unlink with that account.",
          "Bob has another account on Slack in this workspace, and one is enough. Use that one; or take it out of flows/people.yml, or say /unlink, and then link the other.",
          "You have linked no account here. What stands in flows/people.yml is changed there by a pull request; an e-mail address counts by the settings of the desk.",
          "The account slack:T07ACME00/U07BOB000 is somebody else's, and you are no admin of this desk. To unlink your own, say /unlink. Else ask an admin.",
          "No account okta:00u1a2b3c4 was found by an e-mail address here. What stands in flows/people.yml is changed there by a pull request.",
          "To let go of the account okta:00u1a2b3c4 is for admins of this desk. Ask one of them, or write in flows/people.yml whose it is.",
          "There is no flow called “prood” here. Choose one of prod or staging, and ask again.",
          "“prod” cannot be used now: GitHub does not answer. Try again in a while; if it stays so, ask an admin of this desk.",
          "“prod” cannot be asked for from here. Its flow file says from where it can: ask there.",
          "“prod” can be asked for by the team acme/engineering, and you are not among them. Ask somebody who is, or an admin of this desk to let you in.",
          "The request is not complete: “Why?” is missing. Correct it and ask again, in a new issue or a new comment.",
          "No approval step of “prod” applies to this request, so nobody could approve it. Ask for something else, or an admin to correct the conditions of its steps.",
          "You have this already: Production (admin). There is nothing to ask for: go ahead.",
          "The flow’s code says: Finish the training on handling personal data first. Nothing was changed.",
          "“Production” is not open to you now: production is frozen until Monday. That is what the code of this flow says; if it is wrong, tell an admin of this desk.",
          "The flow’s own code has to see this first, and came to no answer: on_approve, it took longer than 1 s. Try again in a while. An admin may stand in without it, with a reason.",
          "It is not known which account of okta is yours: nobody there has your e-mail. Add that account to your entry in flows/people.yml by a pull request, then ask again.",
          "This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, say /cancel.",
          "You are not among those who decide this: data-owner is decided by the team acme/data or bob. Ask one of them to look at it.",
          "Your step customer comes after data-owner, which is not done yet. You will be told when it is your turn; say it again then.",
          "You have approved this already, and everybody counts once. Somebody else has to approve what is still missing.",
          "Your step data-owner has all approvals already. Nothing more is needed from you.",
          "It could not be found out whether you may decide this: GitHub does not answer. So the answer is no for now. Say it again in a few minutes; if it stays so, ask an admin of this desk.",
          "It is too late for that: nobody decided in time, and the request lapsed. If it is still needed, make a new request.",
          "There is no access to end: the request is still waiting for approval. An approver ends a request that waits with /deny, and whoever asked for it with /cancel.",
          "This can be ended early by whoever asked for it, its approvers or admins, and you are not among them. Ask one of them. It also ends by itself when its time is up, where it has one.",
          "Only ann, who asked for it, can withdraw this request. If you are an approver, say /deny, or /revoke once there is access.",
          "Access is being taken back already. There is nothing to do: the card says when it is gone.",
          "This flow wants a reason for approving. Say it again with the reason behind it: /approve REASON.",
          "An approver may grant less than 30m, and never more. Say /approve for all of it, or name a shorter duration.",
          "Only an admin of this desk may stand in for others. If you are one of those who decide, say /approve. Else ask an admin.",
          "Customer can be met by its own people only, so no admin may stand in. Ask one of them to look at it.",
          "The rule freeze may deny this, and cannot be judged now: GitHub does not answer. So nothing is approved yet. Approve again in a few minutes; if it stays so, an admin may say /approve as admin REASON.",
          "The rule freeze denies it: Nothing changes before the audit. The access that there is goes on until its end.",
          "This flow does not let access be extended. If access is needed for longer, make a new request before it ends.",
          "That would be 9h in all, and this flow allows 8h from the moment that access was there. Ask for less, or make a new request before it ends.",
          "What you saw there is decided, and something else is asked by now. Look at the card as it is now, and decide on that.",
          "More time is asked for already, 2h in all, and waits to be decided. The card says who decides it.",
          "“Production” cannot be had without approval. Make an ordinary request: its card says who decides.",
          "“Production” can be had without approval by the team acme/on-call, and you are not among them. Make an ordinary request, or ask one of them.",
          "You broke the glass before (request 01JD0000000000000000000000, by the flow prod), and the review of that is overdue. Ask one of its reviewers to give it; until then, make an ordinary request.",
          "Nothing waits for a review here: nobody broke the glass. To decide on the request, say /approve or /deny.",
          "This was your own access, and nobody reviews that of their own. A second person has to look at it: its card says who may.",
          "This is reviewed by the team acme/security, and you are not among them. Ask one of them to look at it. Once it is overdue, an admin may review it too.",
          "Our records were rebuilt after this was said, so it is not certain that it was not counted before. Look at the card, and say it again in a new comment if it is still what you want.",
          "A newer Countersign wrote part of this request, and this one cannot read it. Whoever runs Countersign has to start the newer one again; then say it again.",
          "This desk neither decides nor grants at the moment: somebody else wrote to the ledger. Access is still taken back on time. An admin has to look at it; then say it again.",
          "This desk takes no requests yet: the repository is public. Whoever runs Countersign has to mend this or accept the risk in writing; then ask again.",
        ]
      `);
  });

  it('names nobody where nobody may', () => {
    expect(refusalWords({ code: 'not-a-requester', flow: 'prod', groups: [] }).reason).toContain('by nobody');
  });
});

describe('the words of states', () => {
  it.each(statuses)('has a title and a clause for %s', (status) => {
    expect(statusTitle(aRequestIn(status).request)).not.toBe('');
    expect(statusClause(status)).toMatch(/^[a-z]/);
  });

  it('never calls access there before it was verified', () => {
    const claims = statuses.filter((status) => statusTitle(aRequestIn(status).request) === 'Access is there');
    expect(claims).toEqual(['active']);
  });
});

it('advises no new request while the old one lives', () => {
  const remedy = (status: Status): string => refusalWords({ code: 'too-late', status }).remedy;
  const advised = statuses.filter((status) => remedy(status).endsWith('make a new request.'));
  expect(advised).toEqual(
    statuses.filter((status) => status === 'pending' || isOver(aRequestIn(status).request)),
  );
});

it('joins lists as English does', () => {
  expect([list([], 'or'), list(['a'], 'or'), list(['a', 'b'], 'and'), list(['a', 'b', 'c'], 'or')]).toEqual([
    'nobody',
    'a',
    'a and b',
    'a, b or c',
  ]);
});

it('says groups in words', () => {
  const groups = [
    'team:acme/data',
    'person:bob',
    'role:admin',
    'slack-group:data-owners',
    'slack-channel:access',
    'guest:customer',
    'manager:requester',
    'manager:ann',
    'pagerduty-schedule:PDATA',
    'pagerduty-escalation-policy:PDATA/1',
    'okta-group:okta-eu/00g1emaKYZTWRYYRRTSK',
    'google-group:data@acme.com',
    'odd',
  ];
  expect(groups.map((text) => groupWords(group(text)))).toEqual([
    'the team acme/data',
    'bob',
    'the admins of this desk',
    'the Slack group data-owners',
    'the members of the Slack channel access',
    'the guests customer',
    'the manager of whoever asks',
    'the manager of ann',
    'whoever is on call by the PagerDuty schedule PDATA',
    'whoever is on call by the PagerDuty escalation policy PDATA/1',
    'the Okta group okta-eu/00g1emaKYZTWRYYRRTSK',
    'the Google group data@acme.com',
    'odd',
  ]);
});
