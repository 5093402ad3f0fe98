#!/usr/bin/env node
// npm run countersign: the commands for a terminal. They need no server.
import { commands } from './app/cli/commands.ts';
import type { CliCommand, CliConsole } from './app/cli/command.ts';
import { plain } from './app/cli/terminal-text.ts';
import { nearest } from './desk/nearest.ts';

const terminal: CliConsole = {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
};

process.exitCode = await runCli(process.argv.slice(2));

async function runCli(args: readonly string[]): Promise<number> {
  const command = commands.find(({ name }) => name.split(' ').every((word, at) => args[at] === word));
  if (command === undefined) return noSuchCommand(args);
  const rest = args.slice(command.name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(`countersign ${command.name} ${command.usage}`);
    return 0;
  }
  return command.run(rest, terminal);
}

function noSuchCommand(args: readonly string[]): number {
  const below = commands.filter(({ name }) => name.startsWith(`${args[0] ?? ''} `));
  const isAsked =
    args.length === 0 || ['help', '--help', '-h'].includes((below.length > 0 ? args[1] : args[0]) ?? '');
  const say = isAsked ? terminal.out : terminal.err;
  const close = nearest(
    below.length > 0 ? args.slice(0, 2).join(' ') : (args[0] ?? ''),
    commands.map(({ name }) => name),
  );
  const instead = close === undefined ? '' : ` Did you mean “${close}”?`;
  if (!isAsked) say(`There is no command “${plain(args.join(' '))}”.${instead}\n`);
  say(
    [
      'countersign COMMAND [OPTIONS]',
      '',
      ...(below.length > 0 ? below : commands).map(line),
      '',
      'countersign COMMAND --help says more.',
    ].join('\n'),
  );
  return isAsked ? 0 : 2;
}

function line({ name, summary }: CliCommand): string {
  return `  ${name.padEnd(16)}${summary}`;
}
