// What one command of `countersign` is: its words for `--help`, and what it does with what follows its name.

export interface CliCommand {
  /** As it is typed: `audit verify`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name, its options and exit codes: shown by `--help`. */
  readonly usage: string;
  /** Resolves to the exit code: 0 all is well, 1 a finding, 2 called wrongly, 3 it could not be found out. */
  run(args: readonly string[], console: CliConsole): Promise<number>;
}

/** Where a command writes, so that tests read what people would. */
export interface CliConsole {
  out(line: string): void;
  /** Progress and complaints: never mixed into what a machine reads. */
  err(line: string): void;
}
