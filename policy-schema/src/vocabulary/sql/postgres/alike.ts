import { analyzeSql } from './analyze.ts';
import { shapeOf } from './shape.ts';

const maxShapes = 20_000;
/** UTF-16 units. Of longer texts the length itself may decide whether they can be read. */
const longest = 20_000;
const isSafe = new Map<string, boolean>();

/**
 * The same for texts that share every fact: those of one shape where no fact depends on a literal, and each other text
 * by itself.
 */
export function alikeSql(text: string): string {
  const shape = text.length > longest ? undefined : shapeOf(text)?.key;
  if (shape === undefined || shape === text) return `=${text}`;
  let safe = isSafe.get(shape);
  if (safe === undefined) {
    safe = analyzeSql(text).shapeSafe;
    if (isSafe.size >= maxShapes) isSafe.clear();
    isSafe.set(shape, safe);
  }
  return safe ? `~${shape}` : `=${text}`;
}
