// Who is next where several desks wait: one after the other, whatever number of calls each of them brings.

export interface FairQueue<T> {
  /** False where too many of this desk wait already. */
  add(desk: string, item: T): boolean;
  remove(desk: string, item: T): void;
  /** The first item of the next desk whose turn it is and for which there is room. */
  take(hasRoom: (desk: string) => boolean): T | undefined;
  readonly size: number;
}

export function createFairQueue<T>(waitingPerDesk: number): FairQueue<T> {
  /** In the order of their turns. */
  const waiting = new Map<string, T[]>();
  let size = 0;
  return {
    add(desk, item) {
      const line = waiting.get(desk) ?? [];
      if (line.length >= waitingPerDesk) return false;
      line.push(item);
      waiting.set(desk, line);
      size += 1;
      return true;
    },
    remove(desk, item) {
      const line = waiting.get(desk) ?? [];
      const place = line.indexOf(item);
      if (place < 0) return;
      line.splice(place, 1);
      size -= 1;
      if (line.length === 0) waiting.delete(desk);
    },
    take(hasRoom) {
      for (const [desk, line] of waiting) {
        if (!hasRoom(desk)) continue;
        const item = line.shift();
        size -= 1;
        // Whoever had a turn goes to the end.
        waiting.delete(desk);
        if (line.length > 0) waiting.set(desk, line);
        return item;
      }
      return undefined;
    },
    get size() {
      return size;
    },
  };
}
