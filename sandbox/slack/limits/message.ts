// What Slack takes as a message: its text, its blocks, its metadata, and all of it together.
import { isJson } from '../json.ts';
import { blocksOf } from './blocks.ts';
import { problemOf, type Problem } from './problem.ts';

/** Above it Slack cuts the text off, or refuses: nobody should rely on which. */
const LONGEST_TEXT = 40_000;
/** All of the blocks together. Not in the documentation; people met it at 13,297 characters in one block. */
const LARGEST_BLOCKS = 13_200;
/** What each block costs besides its texts: a divider more brought that down by 125. */
const COST_OF_A_BLOCK = 125;
const LARGEST_METADATA = 8000;

export interface MessageContent {
  readonly text?: string;
  readonly blocks?: unknown;
}

/** Null where Slack would take it. */
export function checkMessage({ text = '', blocks }: MessageContent): Problem | null {
  const isEmpty = blocks === undefined || (Array.isArray(blocks) && blocks.length === 0);
  if (text === '' && isEmpty) return { error: 'no_text', messages: [] };
  if (text.length > LONGEST_TEXT) return { error: 'msg_too_long', messages: [] };
  if (blocks === undefined) return null;
  const problem = problemOf('invalid_blocks', blocksOf('message')(blocks, '/blocks'));
  if (problem) return problem;
  return sizeOf(blocks) > LARGEST_BLOCKS ? { error: 'msg_blocks_too_long', messages: [] } : null;
}

function sizeOf(blocks: unknown): number {
  return charactersOf(blocks) + (Array.isArray(blocks) ? blocks.length * COST_OF_A_BLOCK : 0);
}

/** Every text in it, whatever it is for: values and ids are kept with the message too. */
function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + charactersOf(each), 0);
  if (!isJson(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, each]) => (key === 'type' ? sum : sum + charactersOf(each)),
    0,
  );
}

export function checkMetadata(metadata: unknown): Problem | null {
  if (!isJson(metadata)) return { error: 'invalid_metadata_format', messages: [] };
  const { event_type, event_payload, ...rest } = metadata;
  const isNamed = typeof event_type === 'string' && /^[a-z][a-z0-9_.:-]{0,254}$/i.test(event_type);
  if (!isNamed || !isJson(event_payload) || Object.keys(rest).length > 0) {
    return { error: 'invalid_metadata_schema', messages: [] };
  }
  const isLarge = Buffer.byteLength(JSON.stringify(metadata)) > LARGEST_METADATA;
  return isLarge ? { error: 'metadata_too_large', messages: [] } : null;
}
