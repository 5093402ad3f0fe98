// Keeps the sandbox's rows on disk: an append-only log of puts and deletes, so that kill -9 loses nothing that was answered.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

interface Line {
  readonly t: string;
  readonly k: string;
  readonly v?: unknown;
}

/** One log file. Lines written within one synchronous block reach the file in one write, before any answer leaves. */
export class Journal {
  readonly #file: string | null;
  readonly #tables = new Map<string, { load(line: Line): void; dump(): Iterable<Line> }>();
  #descriptor: number | null = null;
  #waiting: string[] = [];

  constructor(file: string | null) {
    this.#file = file;
  }

  register(name: string, table: { load(line: Line): void; dump(): Iterable<Line> }): void {
    this.#tables.set(name, table);
  }

  /** Reads what is there (a torn last line was never answered, and is dropped), then rewrites it without history. */
  open(): void {
    if (this.#file === null) return;
    mkdirSync(dirname(this.#file), { recursive: true });
    if (existsSync(this.#file)) {
      for (const text of readFileSync(this.#file, 'utf8').split('\n')) {
        const line = parseLine(text);
        if (line) this.#tables.get(line.t)?.load(line);
      }
    }
    this.#compact(this.#file);
    this.#descriptor = openSync(this.#file, 'a');
  }

  append(line: Line): void {
    if (this.#descriptor === null) return;
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
    this.#waiting.push(JSON.stringify(line));
  }

  close(): void {
    if (this.#descriptor === null) return;
    this.#flush();
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #flush(): void {
    if (this.#descriptor === null || this.#waiting.length === 0) return;
    const text = this.#waiting.join('\n') + '\n';
    this.#waiting = [];
    writeSync(this.#descriptor, text);
  }

  #compact(file: string): void {
    const next = `${file}.next`;
    const descriptor = openSync(next, 'w');
    for (const table of this.#tables.values()) {
      for (const line of table.dump()) writeSync(descriptor, JSON.stringify(line) + '\n');
    }
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(next, file);
  }
}

function parseLine(text: string): Line | null {
  if (text === '') return null;
  try {
    const line: Line = JSON.parse(text);
    return line;
  } catch {
    return null;
  }
}

/** Rows by key, with one optional grouping for lists ("the comments of this issue"). */
export class Table<Row> {
  readonly #name: string;
  readonly #key: (row: Row) => string;
  readonly #group: ((row: Row) => string) | null;
  readonly #rows = new Map<string, Row>();
  readonly #groups = new Map<string, Map<string, Row>>();
  readonly #journal: Journal;

  constructor(options: {
    journal: Journal;
    name: string;
    key: (row: Row) => string | number;
    group?: (row: Row) => string | number;
  }) {
    this.#name = options.name;
    this.#key = (row) => String(options.key(row));
    const { group } = options;
    this.#group = group ? (row) => String(group(row)) : null;
    this.#journal = options.journal;
    options.journal.register(options.name, {
      load: (line) => this.#load(line),
      dump: () => this.#dump(),
    });
  }

  get(key: string | number): Row | undefined {
    return this.#rows.get(String(key));
  }

  put(row: Row): Row {
    this.#set(this.#key(row), row);
    this.#journal.append({ t: this.#name, k: this.#key(row), v: row });
    return row;
  }

  delete(key: string | number): void {
    this.#remove(String(key));
    this.#journal.append({ t: this.#name, k: String(key) });
  }

  all(): Row[] {
    return [...this.#rows.values()];
  }

  in(group: string | number): Row[] {
    return [...(this.#groups.get(String(group))?.values() ?? [])];
  }

  find(test: (row: Row) => boolean): Row | undefined {
    for (const row of this.#rows.values()) if (test(row)) return row;
    return undefined;
  }

  get size(): number {
    return this.#rows.size;
  }

  #load(line: Line): void {
    if (line.v === undefined) return this.#remove(line.k);
    // Written by `put` of the same table: the journal is this program's own memory.
    const row: Row = JSON.parse(JSON.stringify(line.v));
    this.#set(line.k, row);
  }

  *#dump(): Iterable<Line> {
    for (const [key, row] of this.#rows) yield { t: this.#name, k: key, v: row };
  }

  #set(key: string, row: Row): void {
    this.#remove(key, row);
    this.#rows.set(key, row);
    if (!this.#group) return;
    const group = this.#group(row);
    const members = this.#groups.get(group) ?? new Map<string, Row>();
    members.set(key, row);
    this.#groups.set(group, members);
  }

  /** An updated row keeps its place in its group, unless it changes the group. */
  #remove(key: string, successor?: Row): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    if (successor === undefined) this.#rows.delete(key);
    if (!this.#group) return;
    const group = this.#group(row);
    if (successor === undefined || this.#group(successor) !== group) this.#groups.get(group)?.delete(key);
  }
}
