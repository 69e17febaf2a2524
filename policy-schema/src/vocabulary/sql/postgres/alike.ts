import { analyzeSql } from './analyze.ts';
import { shapeOf } from './shape.ts';

const maxShapes = 20_000;
/** UTF-16 units. Of longer texts the length itself may decide whether they can be read. */
const longest = 20_000;
/** What is answered for a shape that is safe. The same string each time, which whoever looks it up has hashed before. */
const answers = new Map<string, string | undefined>();

/**
 * The same for texts that share every fact: those of one shape where no fact depends on a literal, and each other text
 * by itself.
 */
export function alikeSql(text: string): string {
  const shape = text.length > longest ? undefined : shapeOf(text)?.key;
  if (shape === undefined || shape === text) return `=${text}`;
  const known = answers.get(shape);
  if (known !== undefined) return known;
  if (!answers.has(shape)) {
    if (answers.size >= maxShapes) answers.clear();
    answers.set(shape, analyzeSql(text).shapeSafe ? `~${shape}` : undefined);
  }
  return answers.get(shape) ?? `=${text}`;
}
