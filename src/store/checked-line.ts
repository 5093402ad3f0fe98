// The one form of everything the embedded store writes: a line of JSON behind a checksum, so that a torn or garbled line is found.
import { crc32 } from 'node:zlib';

/** With its line break. */
export function checkedLine(value: unknown): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

export interface ReadLine {
  /** Undefined where the line is torn or garbled. */
  readonly json: string | undefined;
}

const newline = 10;
const prefix = 9;

/** Every line in order, the good and the bad; what follows the last line break is a torn line. */
export function* readCheckedLines(bytes: Uint8Array): Generator<ReadLine> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  while (start < buffer.length) {
    const end = buffer.indexOf(newline, start);
    yield { json: end === -1 ? undefined : checkedJson(buffer.subarray(start, end)) };
    start = end === -1 ? buffer.length : end + 1;
  }
}

function checkedJson(line: Buffer): string | undefined {
  if (line.length <= prefix) return undefined;
  const body = line.subarray(prefix);
  return line.toString('latin1', 0, prefix) === `${checksum(body)} ` ? body.toString('utf8') : undefined;
}

function checksum(text: string | Uint8Array): string {
  return crc32(text).toString(16).padStart(8, '0');
}
