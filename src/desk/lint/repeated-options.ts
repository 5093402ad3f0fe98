// The same duration twice among the answers of a field, written in other units: `60m` and `1h`.
import { pointerTo } from '../yaml/positions.ts';
import type { Lint } from './lint.ts';

export const repeatedOptions: Lint = ({ flow }, report) => {
  for (const { name, type, options } of flow.fields) {
    if (type !== 'duration' || options === undefined) continue;
    for (const [index, option] of options.entries()) {
      if (options.indexOf(option) === index) continue;
      const at = pointerTo('fields', name, 'options', index);
      report.add({ at }, 'same-option', report.typed(at) ?? String(option));
    }
  }
};
