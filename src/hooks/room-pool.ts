// The rooms that there are: few, each for one file of one desk at one commit, kept while they are of use, shared out in turns.
import type { DeskId } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import { createFairQueue } from './fair-queue.ts';
import type { RoomWork } from './messages.ts';
import { openRoom, type Room } from './room.ts';

export interface Job {
  readonly desk: DeskId;
  readonly commit: string;
  /** Whose export is called. Files share no room: what one may reach, another could leave something behind to use. */
  readonly file: string;
  readonly work: RoomWork;
  /** Waits behind no call that is not. */
  readonly isUrgent: boolean;
  /** Whether the room is as good as before. Never rejects. */
  run(room: Room): Promise<boolean>;
}

export interface RoomPool {
  /** False where too many calls of this desk wait already. */
  add(job: Job): boolean;
  remove(job: Job): void;
  stop(): Promise<void>;
}

interface Kept {
  readonly room: Room;
  readonly desk: DeskId;
  readonly commit: string;
  readonly file: string;
  calls: number;
  isBusy: boolean;
  idle: NodeJS.Timeout | undefined;
}

export function createRoomPool(limits: RoomWork['limits'], clock: Clock): RoomPool {
  const waiting = createFairQueue<Job>(limits.waitingPerDesk);
  const urgent = createFairQueue<Job>(limits.waitingPerDesk);
  /** The longest unused first. */
  let rooms: readonly Kept[] = [];
  const endings = new Set<Promise<void>>();
  let isStopped = false;

  function pump(): void {
    for (let job = next(); job; job = next()) void serve(job);
  }

  function next(): Job | undefined {
    return urgent.take(hasRoom(limits.roomsForEnds)) ?? waiting.take(hasRoom(0));
  }

  /** `more`: beyond those that every call may use, so many are kept free for what is urgent, half of them for one desk. */
  function hasRoom(more: number): (desk: string) => boolean {
    return (desk) => {
      const busy = rooms.filter(({ isBusy }) => isBusy);
      return (
        busy.length < limits.rooms + more &&
        busy.filter((each) => each.desk === desk).length < limits.roomsPerDesk + Math.ceil(more / 2)
      );
    };
  }

  async function serve(job: Job): Promise<void> {
    const kept = roomFor(job);
    kept.isBusy = true;
    clearTimeout(kept.idle);
    const isSound = await job.run(kept.room);
    kept.isBusy = false;
    kept.calls += 1;
    if (!isSound || isStopped || kept.calls >= limits.callsPerRoom) close(kept);
    else rest(kept);
    pump();
  }

  function roomFor({ desk, commit, file, work }: Job): Kept {
    const same = rooms.find(
      (each) => !each.isBusy && each.desk === desk && each.commit === commit && each.file === file,
    );
    if (same) return same;
    const unused = rooms.find(({ isBusy }) => !isBusy);
    if (rooms.length >= limits.rooms && unused) close(unused);
    const made: Kept = {
      room: openRoom(work, clock),
      desk,
      commit,
      file,
      calls: 0,
      isBusy: false,
      idle: undefined,
    };
    rooms = [...rooms, made];
    return made;
  }

  function rest(kept: Kept): void {
    rooms = [...rooms.filter((each) => each !== kept), kept];
    kept.idle = setTimeout(() => close(kept), limits.idleMs).unref();
  }

  function close(kept: Kept): void {
    clearTimeout(kept.idle);
    rooms = rooms.filter((each) => each !== kept);
    const ending = kept.room.end().finally(() => endings.delete(ending));
    endings.add(ending);
  }

  function lineOf({ isUrgent }: Job): typeof waiting {
    return isUrgent ? urgent : waiting;
  }

  return {
    add(job) {
      if (isStopped || !lineOf(job).add(job.desk, job)) return false;
      pump();
      return true;
    },
    remove: (job) => lineOf(job).remove(job.desk, job),
    async stop() {
      isStopped = true;
      for (const kept of rooms) close(kept);
      await Promise.all(endings);
    },
  };
}
