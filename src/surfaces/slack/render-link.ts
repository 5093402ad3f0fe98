// What to say on GitHub, so that an account there and this one here are known to be one person's.
import type { AskedOnSlack } from '../../engine/linking.ts';
import { message, type Message } from './blocks.ts';
import type { Line } from './pieces.ts';

/** `page`: the repository in which it is to be said, as it is called. */
export function renderOffers(
  { known }: AskedOnSlack,
  offers: readonly { readonly line: string; readonly page: string | undefined }[],
): Message {
  const persons = [...new Set(known.map(({ person }) => person))];
  return message([
    ...persons.map((person): Line => [
      'Here you are ',
      { bold: person },
      ' already: there is nothing to do.',
    ]),
    ...offers.flatMap(({ line, page }): Line[] => [
      [
        'To show which account on GitHub is yours, say this in a comment on any issue',
        ...(page === undefined ? [' of the desk'] : [' of ', { bold: page }]),
        ':',
      ],
      [{ code: line }],
    ]),
    ...(offers.length === 0
      ? []
      : [
          [
            'It is good for ten minutes and once, and for this account alone. ',
            { bold: 'Say it yourself, and give it to nobody' },
            ': whoever says it there would become you here. Never say a line that somebody else gave you.',
          ] satisfies Line,
        ]),
  ]);
}
