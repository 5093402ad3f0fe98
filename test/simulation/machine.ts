// The machine that the app runs on: its disk, and one life of the process after the other.
import { rebuild } from '../../src/app/rebuild.ts';
import { describe } from '../../src/engine/engine.ts';
import type { Heart } from '../../src/engine/heart.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { isDamaged } from '../../src/store/damage.ts';
import type { Disk } from '../../src/store/disk.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createMemoryDisk, type MemoryDisk } from '../../src/store/memory-disk.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { BrokenInvariantError } from './broken.ts';
import { bring, createLife, type Surroundings } from './life.ts';
import type { Random } from './random.ts';
import { isOnSlack, theDesk } from './town.ts';
import type { Life } from './weather.ts';

export type Death = 'killed' | 'power-cut' | 'disk-lost';

export interface MachineParts {
  readonly around: Surroundings;
  /** The same as in the surroundings, for whoever moves it. */
  readonly clock: VirtualClock;
  readonly random: Random;
}

export interface MachineReport {
  count(name: string): void;
  /** A start saw something that may never be. */
  broken(error: BrokenInvariantError): void;
}

export class Machine {
  storeWasLost = false;
  readonly #around: Surroundings;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #report: MachineReport;
  #disk: MemoryDisk = createMemoryDisk();
  #life: Life = { number: 0, isAlive: false };
  #store: Store | undefined;
  #heart: Heart | undefined;
  #isReady = false;
  #isBeating = false;
  #isWaking = false;

  constructor({ around, clock, random }: MachineParts, report: MachineReport) {
    this.#around = around;
    this.#clock = clock;
    this.#random = random;
    this.#report = report;
  }

  get life(): Life {
    return this.#life;
  }

  /** The store of the present life, once it is up; for looking only. */
  get store(): Store | undefined {
    return this.#isReady && this.#life.isAlive ? this.#store : undefined;
  }

  get heart(): Heart | undefined {
    return this.#isReady && this.#life.isAlive ? this.#heart : undefined;
  }

  /** Nothing was begun that goes on. */
  get isAtRest(): boolean {
    return this.store !== undefined && !this.#isBeating && !this.#isWaking;
  }

  /** The process is killed, or the machine loses its power, or even its disk. */
  crash(how: Death): void {
    this.#around.note(`THE APP DIES: ${how}`);
    this.#report.count(`crash ${how}`);
    this.#life.isAlive = false;
    this.#isReady = false;
    if (how === 'disk-lost') {
      this.#disk = createMemoryDisk();
      // A comment can be read again; a press that the ledger does not hold has to be made again.
      this.#around.acked.clear();
      const { town } = this.#around;
      town.lastLoss = { at: this.#clock.now(), holdings: new Map(town.holdings) };
      this.storeWasLost = true;
    } else
      this.#disk =
        how === 'killed' ? this.#disk.afterKill() : this.#disk.afterCrash(this.#random.between(0, 1e9));
  }

  /** Whatever watches over the process starts it again where it died. */
  async keepAlive(): Promise<void> {
    if (this.#life.isAlive) return;
    if (this.#isReady) this.crash(this.#random.oneIn(2) ? 'killed' : 'power-cut');
    const life: Life = { number: this.#life.number + 1, isAlive: true };
    this.#life = life;
    this.#isReady = false;
    this.#isBeating = false;
    this.#isWaking = true;
    void this.#wakeUp(life).catch((error: unknown) => {
      if (error instanceof BrokenInvariantError) this.#report.broken(error);
      this.#around.note(`(The start failed: ${describe(error)})`);
      life.isAlive = false;
      this.#disk = this.#disk.afterKill();
    });
    await this.#clock.advance(0);
    if (!life.isAlive && !this.#isReady) this.#disk = this.#disk.afterKill();
  }

  /** Unless the last beat goes on. */
  beat(): void {
    const { heart } = this;
    if (heart === undefined || this.#isBeating) return;
    this.#isBeating = true;
    const life = this.#life;
    void heart.beat().finally(() => {
      if (life === this.#life) this.#isBeating = false;
    });
  }

  async #wakeUp(life: Life): Promise<void> {
    const { branch, town, log, clock, ids, note } = this.#around;
    const store = await openEmbeddedStore({ disk: this.#guarded(this.#disk, life), log });
    const { ledger } = branch;
    await rebuild({
      store,
      isDamaged: isDamaged(store.recovery),
      ledger: () => ledger,
      desks: [theDesk],
      log,
      clock,
      ids,
    });
    if (isDamaged(store.recovery)) await store.noteRebuilt();
    this.#store = store;
    this.#heart = createLife(life, store, this.#around);
    this.#isReady = true;
    note(`The app is up (life ${life.number})`);
    await this.#heart.start();
    for (const issue of town.issues)
      for (const comment of issue.comments)
        if (!comment.isEdited && !isOnSlack(comment.name))
          await bring(life, this.#around, this.#heart, issue, comment);
    this.#isWaking = false;
  }

  #guarded(disk: Disk, life: Life): Disk {
    const { weather } = this.#around;
    const at = async (name: string): Promise<void> => weather.edge(life, `disk ${name}`);
    return {
      ...disk,
      write: async (name, bytes) => (await at('write'), disk.write(name, bytes)),
      append: async (name, bytes) => (await at('append'), disk.append(name, bytes)),
      sync: async (name) => (await at('sync'), disk.sync(name)),
      rename: async (from, to) => (await at('rename'), disk.rename(from, to)),
      remove: async (name) => (await at('remove'), disk.remove(name)),
      syncFolder: async () => (await at('sync folder'), disk.syncFolder()),
    };
  }
}
