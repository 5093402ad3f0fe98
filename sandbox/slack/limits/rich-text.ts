// Slack's rich text: paragraphs, lists, quotes and code, of pieces with a style. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
import { byType, flag, list, oneOf, shape, text, whole, type Check } from './shape.ts';

const type: Check = text(100);
const style: Check = shape({}, { bold: flag, italic: flag, strike: flag, code: flag, underline: flag });
const id: Check = text(255);

const textPiece: Check = shape({ type, text: text(3000) }, { style });
const link: Check = shape({ type, url: text(3000) }, { text: text(3000), unsafe: flag, style });

const piece: Check = byType({
  text: textPiece,
  link,
  user: shape({ type, user_id: id }, { style }),
  usergroup: shape({ type, usergroup_id: id }, { style }),
  channel: shape({ type, channel_id: id }, { style }),
  team: shape({ type, team_id: id }, { style }),
  broadcast: shape({ type, range: oneOf('here', 'channel', 'everyone') }, { style }),
  emoji: shape({ type, name: text(255) }, { unicode: text(255), url: text(3000), style }),
  color: shape({ type, value: text(20) }, { style }),
  date: shape(
    { type, timestamp: whole(0), format: text(255) },
    { url: text(3000), fallback: text(255), style },
  ),
});

const border: Check = whole(0, 1);
const pieces: Check = list(piece, { most: 1000 });

const section: Check = shape({ type, elements: pieces });

export const richText: Check = shape(
  {
    type,
    elements: list(
      byType({
        rich_text_section: section,
        rich_text_list: shape(
          {
            type,
            elements: list(byType({ rich_text_section: section }), { most: 1000 }),
            style: oneOf('bullet', 'ordered'),
          },
          { indent: whole(0, 8), offset: whole(0), border },
        ),
        rich_text_quote: shape({ type, elements: pieces }, { border }),
        rich_text_preformatted: shape(
          { type, elements: list(byType({ text: textPiece, link }), { most: 1000 }) },
          { border, language: text(50) },
        ),
      }),
      { most: 1000 },
    ),
  },
  { block_id: id },
);
