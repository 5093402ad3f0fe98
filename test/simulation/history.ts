// One seeded history: a random stretch of days in the town, in foul weather, and what became of it.
import type { Request } from '../../src/domain/request.ts';
import { nextDeadline } from '../../src/domain/deadlines.ts';
import { isOver, isReviewOpen } from '../../src/domain/request.ts';
import { isReviewOverdue } from '../../src/domain/review.ts';
import { between, plus, type Instant, type Milliseconds } from '../../src/domain/names.ts';
import { describe } from '../../src/engine/engine.ts';
import type { Heart } from '../../src/engine/heart.ts';
import type { Log } from '../../src/engine/ports/log.ts';
import type { Store, Stored } from '../../src/engine/ports/store.ts';
import { ledgerScribe } from '../../src/ledger/scribe.ts';
import { createVirtualClock } from '../virtual-clock.ts';
import { act, climates, howMany, roughness, type Climate } from './deeds.ts';
import { broken, BrokenInvariantError } from './broken.ts';
import { readDeskStream } from './judge-desk.ts';
import { checkHoldings, grantIn } from './judge-access.ts';
import { judgeEnd } from './judge-end.ts';
import { checkActive, readLedger } from './judge.ts';
import { bring, type Surroundings } from './life.ts';
import { Machine, type Death } from './machine.ts';
import { createMemoryBranch } from './memory-ledger.ts';
import { createRandom, type Random } from './random.ts';
import { openServed } from './served.ts';
import { servicesInTurn, type ServiceName } from './service-names.ts';
import { createTownCode, giveCode } from './town-code.ts';
import { createTown, isOnSlack, join, link, theDesk, type Comment, type Issue } from './town.ts';
import { createWeather } from './weather.ts';

interface Delivery {
  readonly issue: Issue;
  readonly comment: Comment;
  readonly at: Instant;
}

export const start = '2026-11-20T09:00:00.000Z';
/** How late the sweep may be in this town: the longest gap between two beats, and the retries after it. */
const slack: Milliseconds = 45 * 60_000;

export class Simulation {
  readonly random: Random;
  readonly climate: Climate;
  readonly clock = createVirtualClock(start);
  readonly town = createTown(this.clock.now());
  readonly branch = createMemoryBranch();
  readonly story: string[] = [];
  readonly seen = new Map<string, number>();
  readonly around: Surroundings;
  readonly #service: ServiceName;
  isDiverged = false;
  readonly #machine: Machine;
  #deliveries: Delivery[] = [];
  #made = 0;
  #failure: Error | undefined;

  /** Without a climate, any but those that have to be asked for; without a service, each in its turn. */
  constructor(seed: number, climate?: Climate, service?: ServiceName) {
    this.#service = service ?? servicesInTurn[seed % servicesInTurn.length] ?? 'aws-sso';
    this.random = createRandom(seed);
    const drawn = this.random.pick(climates);
    this.climate = climate ?? drawn;
    const weather = createWeather(this.random, this.clock, roughness[this.climate], {
      happened: (kind, name) => this.count(`${kind} ${name}`),
      broken: (error) => (this.#failure = error),
    });
    let minted = 0;
    const log: Log = {
      info: () => undefined,
      warn: (message, fields) => this.note(`(${message}: ${String(fields?.['error'] ?? '')})`),
      error: (message, fields) => this.note(`!! ${message}: ${JSON.stringify(fields)}`),
    };
    this.around = {
      town: this.town,
      branch: this.branch,
      weather,
      clock: this.clock,
      ids: { mint: () => `01JD${String((minted += 1)).padStart(22, '0')}` },
      log,
      scribe: ledgerScribe,
      note: (sentence) => this.note(sentence),
      mintRef: () => this.mintRef(),
      acked: new Set(),
      answered: new Set(),
      refusedAttempts: [],
    };
    if (this.climate === 'coded') {
      giveCode(this.town);
      this.around.code = createTownCode({ ...this.around, random: this.random });
    }
    const parts = { around: this.around, clock: this.clock, random: this.random };
    this.#machine = new Machine(parts, {
      count: (name) => this.count(name),
      broken: (error) => (this.#failure = error),
    });
  }

  note(sentence: string): void {
    this.story.push(`${this.clock.now().slice(5, 19)}  ${sentence}`);
  }

  count(name: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  mintRef(): string {
    this.#made += 1;
    return `R${this.#made}`;
  }

  get storeWasLost(): boolean {
    return this.#machine.storeWasLost;
  }

  /** The store of the present life, once it is up; for looking only. */
  get store(): Store | undefined {
    return this.#machine.store;
  }

  get heart(): Heart | undefined {
    return this.#machine.heart;
  }

  crash(how: Death): void {
    this.#machine.crash(how);
  }

  /** Somebody says something on an issue; its webhook comes when the weather lets it. */
  deliver(issue: Issue, comment: Comment): void {
    const { weather } = this.around;
    // Slack delivers a press at once, or tells whoever pressed that it could not.
    if (isOnSlack(comment.name)) {
      if (weather.calm || !this.random.oneIn(8))
        this.#deliveries.push({ issue, comment, at: this.clock.now() });
      return;
    }
    const times = weather.calm ? 1 : this.random.oneIn(8) ? 0 : this.random.oneIn(8) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const delay =
        weather.calm || !this.random.oneIn(roughness[this.climate].lateOnceIn)
          ? 0
          : this.random.between(1, 1_800_000);
      this.#deliveries.push({ issue, comment, at: plus(this.clock.now(), delay) });
    }
  }

  async run(): Promise<void> {
    if (this.climate === 'served') await this.#serve();
    const deeds = this.random.between(...howMany(this.climate));
    for (let deed = 0; deed < deeds; deed += 1) {
      await act(this);
      await this.pass();
    }
    await this.#end();
  }

  async #serve(): Promise<void> {
    const service = this.#service;
    this.note(`What people ask for is given by ${service}`);
    this.count(`service ${service}`);
    const { around, random, clock } = this;
    around.served = await openServed(service, { ...around, random, clock });
  }

  /** Nothing of ours is there or under way: whatever comes to be held now is not our doing. */
  async isAtRest(): Promise<boolean> {
    if (!this.#machine.isAtRest || this.store === undefined) return false;
    if ((await this.store.waiting()).length > 0) return false;
    return !(await this.requests()).some(({ phase }) => 'grant' in phase || phase.status === 'approved');
  }

  /** Some time goes by, with a few beats of the bell. */
  async pass(beats = this.random.between(1, 4), longest: Milliseconds = 1_200_000): Promise<void> {
    for (; beats > 0; beats -= 1) {
      const isLong = longest > 60_000 && this.random.oneIn(3);
      await this.#beat(isLong ? this.random.between(60_000, longest) : this.random.between(200, 20_000));
    }
  }

  /** Exactly so long goes by, with a beat at its end and every ten minutes before. */
  async wait(ms: Milliseconds): Promise<void> {
    for (let left = ms; left > 0; left -= 600_000) await this.#beat(Math.min(left, 600_000));
  }

  async #beat(gap: Milliseconds): Promise<void> {
    await this.clock.advance(gap);
    await this.#machine.keepAlive();
    const { heart } = this;
    if (heart) this.#bringDue(heart);
    this.#machine.beat();
    await this.clock.advance(0);
    if (this.#failure) throw this.#failure;
    await this.around.served?.look();
    await this.#look();
  }

  #bringDue(heart: Heart): void {
    const now = this.clock.now();
    const due = this.#deliveries.filter(({ at }) => at <= now);
    this.#deliveries = this.#deliveries.filter(({ at }) => at > now);
    for (const { issue, comment } of due)
      void bring(this.#machine.life, this.around, heart, issue, comment).catch((error: unknown) =>
        this.#fail(error),
      );
  }

  #fail(error: unknown): void {
    if (error instanceof BrokenInvariantError) this.#failure = error;
    else this.note(`(${describe(error)})`);
  }

  async requests(): Promise<readonly Request[]> {
    return (await this.#stored()).map(({ request }) => request);
  }

  async #stored(): Promise<readonly Stored[]> {
    const { store } = this;
    if (store === undefined) return [];
    const found: Stored[] = [];
    for (const id of await store.open()) {
      const stored = await store.load(id);
      if (stored) found.push(stored);
    }
    return found;
  }

  async #look(): Promise<void> {
    if (!this.isDiverged) {
      readLedger(this.branch, this.town);
      readDeskStream(this.branch);
    }
    if (this.store === undefined) return;
    const stored = await this.#stored();
    checkHoldings(this.town, stored.flatMap(grantIn), this.clock.now(), slack);
    checkActive(
      this.town,
      stored.map(({ request }) => request),
    );
  }

  /** The weather clears, everything is delivered, and time passes until nothing is open: what must happen has happened. */
  async #end(): Promise<void> {
    const { weather } = this.around;
    this.note('The weather clears.');
    weather.calm = true;
    weather.down.clear();
    this.town.unlisted.clear();
    await this.mendLedger();
    // What could not be decided in the bad weather is tried again within a minute.
    for (let beat = 0; beat < 4; beat += 1) await this.#beat(61_000);
    for (const issue of this.town.issues)
      for (const comment of issue.comments)
        if (!comment.isEdited && !isOnSlack(comment.name))
          this.#deliveries.push({ issue, comment, at: this.clock.now() });
    for (let beat = 0; beat < 4; beat += 1) await this.#beat(61_000);
    for (let round = 0; round < 60 && (await this.#hasOpen()); round += 1) {
      await this.#revokeAll();
      await this.#beat(await this.#untilNextDeadline());
    }
    for (let beat = 0; beat < 3; beat += 1) await this.#beat(61_000);
    if (this.store === undefined) return broken(3, 'The app does not come up in calm weather.');
    await judgeEnd(this.store, this);
  }

  async mendLedger(): Promise<void> {
    if (!this.isDiverged) return;
    const cursor = await this.store?.cursor(theDesk);
    if (cursor === undefined) {
      await this.#beat(1000);
      return this.mendLedger();
    }
    this.branch.resetTo(cursor.head);
    this.isDiverged = false;
    this.note('Somebody mends the ledger.');
  }

  async #revokeAll(): Promise<void> {
    for (const request of await this.requests()) {
      const issue = this.town.issues[(request.thread?.issue ?? 0) - 1];
      if (request.phase.status !== 'active' || request.phase.expiresAt !== undefined || issue === undefined)
        continue;
      const comment: Comment = {
        ref: this.mintRef(),
        name: 'max-p',
        at: this.clock.now(),
        command: 'revoke',
        isEdited: false,
      };
      issue.comments.push(comment);
      this.#deliveries.push({ issue, comment, at: this.clock.now() });
    }
    link(this.town, 'max-p', 'max', this.clock.now());
    join(this.town, 'role:admin', 'max', this.clock.now());
  }

  async #hasOpen(): Promise<boolean> {
    return (await this.requests()).some(
      (request) => !isOver(request) || (isReviewOpen(request) && !isReviewOverdue(request)),
    );
  }

  /** To the first deadline, or a minute where there is none. */
  async #untilNextDeadline(): Promise<Milliseconds> {
    const now = this.clock.now();
    const [first] = (await this.requests()).flatMap((request) => nextDeadline(request) ?? []).sort();
    return Math.max(1000, first === undefined ? 61_000 : between(now, first));
  }
}
