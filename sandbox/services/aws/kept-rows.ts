// Rows that remember when they came and went, so that they can be read as they were a moment ago: eventual consistency.

export interface KeptRows<Row> {
  /** Nothing where it is there already. */
  add(key: string, row: Row, at: Date): void;
  remove(key: string, at: Date): void;
  has(key: string, at: Date): boolean;
  get(key: string, at: Date): Row | undefined;
  /** In the order in which they came. */
  all(at: Date): readonly Row[];
}

interface Kept<Row> {
  readonly key: string;
  readonly row: Row;
  readonly from: number;
  until: number;
}

export function createKeptRows<Row>(): KeptRows<Row> {
  const rows: Kept<Row>[] = [];
  const at = (time: Date) => (each: Kept<Row>) => each.from <= time.getTime() && time.getTime() < each.until;
  const find = (key: string, time: Date) => rows.find((each) => each.key === key && at(time)(each));
  return {
    add(key, row, time) {
      if (!find(key, time)) rows.push({ key, row, from: time.getTime(), until: Infinity });
    },
    remove(key, time) {
      const found = find(key, time);
      if (found) found.until = time.getTime();
    },
    has: (key, time) => find(key, time) !== undefined,
    get: (key, time) => find(key, time)?.row,
    all: (time) => rows.filter(at(time)).map(({ row }) => row),
  };
}
