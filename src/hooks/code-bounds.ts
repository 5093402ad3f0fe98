// What can be said of a desk's code before anybody reads it: how much there is, and what its files are called.
import type { CodeFiles } from './compile-messages.ts';
import type { CodeProblem } from './code-problem.ts';
import type { CodeLimits } from './limits.ts';

const place = /^flows\/(?:[A-Za-z0-9_][\w.-]*\/)*[A-Za-z0-9_][\w.-]*\.ts$/;

/** Where this answers something, the files are not to be read. */
export function boundProblems(files: CodeFiles, limits: CodeLimits): readonly CodeProblem[] {
  const all = Object.entries(files);
  const [[first] = ['flows']] = all;
  const whole = all.reduce((sum, [, text]) => sum + text.length, 0);
  const problems: CodeProblem[] = [];
  if (all.length > limits.files)
    problems.push(atTop(first, `A desk has at most ${limits.files} files of code; here are ${all.length}.`));
  if (whole > limits.codeLength)
    problems.push(
      atTop(first, `The code of a desk is at most ${limits.codeLength} characters long, all files together.`),
    );
  for (const [file, text] of all) {
    if (text.length > limits.fileLength)
      problems.push(atTop(file, `A file of code is at most ${limits.fileLength} characters long.`));
    if (!place.test(file) || /\.d\.ts$/.test(file) || file.length > 200)
      problems.push(atTop(file, 'Code lies in flows/, in files that end in .ts, with plain names.'));
  }
  return problems.slice(0, limits.problems);
}

export function atTop(file: string, message: string): CodeProblem {
  return { file, line: 1, column: 1, message };
}
