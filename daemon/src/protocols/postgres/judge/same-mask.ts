import { isDeepStrictEqual } from 'node:util';
import type { Mask } from './masks.ts';

/** How a value looks behind a mask, whichever policy wrote it. */
function look({ columns: _, policy: __, location: ___, harmless: ____, ...rest }: Mask): object {
  return rest;
}

/** Whether both masks show equal values alike. */
export function looksSame(one: Mask, other: Mask): boolean {
  return one === other || isDeepStrictEqual(look(one), look(other));
}
