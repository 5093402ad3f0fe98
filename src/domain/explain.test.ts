import { describe, expect, it } from 'vitest';
import { aFlow, anApproval, aStep } from '../../test/builders/flow.ts';
import { factsOf, noFacts } from '../../test/builders/facts.ts';
import { History } from '../../test/builders/history.ts';
import { explain } from './explain.ts';
import type { Flow } from './flow.ts';
import { group } from './names.ts';
import { whyLines, type WhyLine } from './why-lines.ts';

const flow: Flow = aFlow({
  approval: anApproval({
    steps: [
      aStep('data-owner', 'team:acme/data'),
      aStep('security', 'team:acme/security', { needs: ['data-owner'] }),
    ],
  }),
  rules: [
    {
      name: 'on-call',
      condition: {
        source: "requester.belongs_to('team:acme/engineering')",
        judge: ({ circumstances }) => circumstances?.belongs(group('team:acme/engineering')) ?? false,
      },
      then: { approve: ['data-owner'] },
      reason: 'On call.',
    },
    {
      name: 'freeze',
      condition: { source: "request.target == 'x'", judge: () => false },
      then: { deny: true },
    },
  ],
});

function whyFor(name: string, history = new History({ flows: [flow] }).asks('ann-o')): readonly string[] {
  if (history.request === undefined) throw new Error('There is no request.');
  const explained = explain(history.request, history.voice(name), factsOf(history.world), history.now);
  if (!('why' in explained)) throw new Error('It asks for more.');
  return print(whyLines(explained.why));
}

function print(lines: readonly WhyLine[], depth = ''): readonly string[] {
  return lines.flatMap(({ mark, text, inside }) => [
    `${depth}${mark}: ${text}`,
    ...print(inside, `${depth}  `),
  ]);
}

describe('/why', () => {
  it('says which rule, which step, who is missing, and why you may', () => {
    expect(whyFor('dora-k')).toEqual([
      'yes: The rule on-call approves data-owner, saying “On call”.',
      "  yes: requester.belongs_to('team:acme/engineering') was true",
      "no: The rule freeze does not hold: request.target == 'x'",
      'yes: data-owner is met by the rule on-call, saying “On call”.',
      '  no: You do not belong to the team acme/data.',
      'waiting: security waits for 1 approval from the team acme/security.',
      '  yes: You belong to the team acme/security.',
      'yes: You may decide now: your approval would count for security.',
    ]);
  });

  it('says why you may not, in the words in which /approve would be refused', () => {
    expect(whyFor('ann-o').at(-1)).toBe(
      'no: If you said /approve now: This is your own request, and nobody decides on their own request. Somebody else has to decide. To withdraw it, say /cancel.',
    );
    expect(whyFor('eve').at(-1)).toContain('not linked to a person');
  });

  it('names a lookup that is out', () => {
    const history = new History({ flows: [flow] }).asks('ann-o');
    history.where({ groups: { ...history.world.groups, 'team:acme/security': 'down' } });
    expect(whyFor('dora-k', history)).toContain(
      '  unknown: Whether you belong to the team acme/security cannot be found out: GitHub does not answer.',
    );
  });

  it('tells what was decided once nothing is to be decided any more', () => {
    const history = new History({ flows: [flow] }).asks('ann-o').says('dora-k', 'approve');
    expect(whyFor('bob-l', history)).toContain('yes: security is met, dora approved.');
    expect(whyFor('bob-l', history).at(-1)).toContain('It is too late for that');
  });

  it('asks what it does not know, and guesses nothing', () => {
    const history = new History({ flows: [flow] }).asks('ann-o');
    if (history.request === undefined) throw new Error('There is no request.');
    expect(explain(history.request, history.voice('bob-l'), noFacts, history.now)).toHaveProperty('needs');
  });

  it('says the same as the decision, whoever asks', () => {
    for (const name of ['ann-o', 'bob-l', 'dora-k', 'max-p', 'eve']) {
      const history = new History({ flows: [flow] }).asks('ann-o');
      const may = !whyFor(name, history).some((line) => line.includes('If you said /approve now'));
      expect(may).toBe(history.refusalOf(name, 'approve') === 'none');
    }
  });
});
