// Given, when, then: a request's history told as commands, with the entries and the state that follow.
import type { Command, RawForm, Voice } from '../../src/domain/commands.ts';
import { decide, type Decision } from '../../src/domain/decide.ts';
import { sealEntries } from '../../src/domain/entry-line.ts';
import type { EntryType } from '../../src/domain/entries.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { deskId, instant, plus, requestId, type Instant, type Milliseconds } from '../../src/domain/names.ts';
import type { RefusalCode } from '../../src/domain/refusals.ts';
import type { Request, Status } from '../../src/domain/request.ts';
import { accountOf, aWorld, factsOf, type World } from './facts.ts';

export const start = instant(Date.UTC(2026, 10, 20, 9, 0, 0));
export const aDesk = deskId('github', 1);
export const aThread = { surface: 'github', repository: 'acme/access', issue: 1 } as const;

export class History {
  world: World;
  now: Instant = start;
  request: Request | undefined;
  lines: string[] = [];
  #said = 0;
  #minted = 0;

  constructor(world: Partial<World> = {}) {
    this.world = aWorld(world);
  }

  /** Changes the world from here on. */
  where(world: Partial<World>): this {
    this.world = { ...this.world, ...world };
    return this;
  }

  wait(ms: Milliseconds): this {
    this.now = plus(this.now, ms);
    return this;
  }

  voice(name: string, ref = `C${(this.#said += 1)}`): Voice {
    return { surface: 'github', account: accountOf(name), name, ref, at: this.now };
  }

  asks(name: string, form: Partial<RawForm> = {}, flow = this.world.flows[0]?.ref.name ?? ''): this {
    return this.when({
      type: 'request',
      desk: aDesk,
      flow,
      form: { fields: {}, ...form },
      voice: this.voice(name),
      thread: aThread,
    });
  }

  says(name: string, type: 'approve' | 'deny' | 'revoke' | 'cancel' | 'extend'): this {
    return this.when({ type, voice: this.voice(name) });
  }

  /** The command takes effect; a refusal is thrown. */
  when(command: Command): this {
    const decision = this.decide(command);
    if ('refusal' in decision) throw new Error(`${command.type} was refused: ${decision.refusal.code}`);
    if ('needs' in decision) throw new Error(`${command.type} asks ${JSON.stringify(decision.needs)}`);
    const sealed = sealEntries(decision.entries, {
      request: this.request?.id ?? requestId('01JD0000000000000000000000'),
      flow: this.request?.flow ?? this.world.flows[0]?.ref ?? { name: 'none', commit: 'none' },
      after: this.request,
      at: this.now,
      mint: () => `E${(this.#minted += 1)}`,
    });
    for (const { entry, line } of sealed) {
      this.request = evolve(this.request, entry, line);
      this.lines.push(line);
    }
    return this;
  }

  decide(command: Command): Decision {
    return decide(command, this.request, factsOf(this.world), this.now);
  }

  refusalOf(name: string, type: 'approve' | 'deny' | 'revoke' | 'cancel' | 'extend'): RefusalCode | 'none' {
    const decision = this.decide({ type, voice: this.voice(name) });
    return 'refusal' in decision ? decision.refusal.code : 'none';
  }

  get status(): Status | 'none' {
    return this.request?.phase.status ?? 'none';
  }

  get entryTypes(): readonly EntryType[] {
    return this.lines.map((line) => JSON.parse(line).type);
  }

  /** A history in each state, by the shortest way there. */
  static in(status: Status, world: Partial<World> = {}): History {
    return reach[status](new History(world).asks('ann-o'));
  }
}

const failed = { type: 'note-escalation-failed', error: 'The team does not exist.' } as const;
const escalated = { type: 'note-escalated', verified: 'read-back' } as const;
const gone = { type: 'note-deescalated', verified: 'read-back', holds: 'none', neededBy: [] } as const;
const unread = { access: { missing: 'unavailable', why: 'GitHub does not answer.' } } as const;

const reach: { readonly [S in Status]: (history: History) => History } = {
  pending: (history) => history,
  approved: (history) => {
    const { access } = history.world;
    return history.where(unread).says('bob-l', 'approve').where({ access });
  },
  escalating: (history) => history.says('bob-l', 'approve'),
  active: (history) => reach.escalating(history).when(escalated),
  deescalating: (history) => reach.active(history).says('ann-o', 'revoke'),
  ended: (history) => reach.deescalating(history).when(gone),
  denied: (history) => history.says('bob-l', 'deny'),
  cancelled: (history) => history.says('ann-o', 'cancel'),
  lapsed: (history) => history.wait(25 * 3_600_000).when({ type: 'note-time' }),
  failed: (history) => reach.escalating(history).when(failed).when(gone),
};
