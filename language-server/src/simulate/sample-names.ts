import { compilePattern, segmentsOf } from '@gatehouse/policy-schema/model/pattern.ts';

const most = 4;

/**
 * Names that patterns match, the first of each few patterns, as people would name things.
 * @param likely a name that people know, by its segments; names are made of as many
 */
export function namesLike(patterns: readonly string[], likely: readonly string[]): readonly string[] {
  const names = patterns.slice(0, most).flatMap((pattern) => nameLike(pattern, likely) ?? []);
  return [...new Set(names)];
}

function nameLike(pattern: string, likely: readonly string[]): string | undefined {
  if (!pattern.includes('*')) return pattern;
  const matches = compilePattern(pattern);
  if (matches(likely.join('.'))) return likely.join('.');
  // A name of one segment may be any text: a parameter, a file.
  const isFit = (name: string) =>
    matches(name) && (likely.length === 1 || segmentsOf(name)?.length === likely.length);
  return fillings(pattern, likely).find(isFit);
}

/** Ways to write something for each run of `*`. */
function fillings(pattern: string, likely: readonly string[]): readonly string[] {
  const pieces = pattern.split(/\*+/);
  const filled = (fill: (index: number) => string) =>
    pieces.reduce((text, piece, index) => text + fill(index - 1) + piece);
  const last = pieces.length - 2;
  const first = likely[0] ?? 'x';
  const end = likely.at(-1) ?? 'x';
  // `*orders` is whole after the schema, `*_log` is not.
  const start = /^\*+[a-z]/i.test(pattern) ? `${first}.` : pattern.startsWith('*') ? `${first}.x` : 'x.x';
  return [
    // A `*` that is a whole segment: what people know there.
    bySegment(pattern, likely),
    filled(() => 'x'),
    filled((index) => (index === 0 ? start : 'x')),
    filled((index) => (index === 0 ? `${first}.` : 'x')),
    filled((index) => (index === last ? `x.${end}` : 'x')),
    filled((index) => (index === last ? `.${end}` : 'x')),
    filled((index) => (index === 0 ? likely.slice(0, -1).join('.') : 'x')),
    filled((index) => (index === 0 ? `${likely.slice(0, -1).join('.')}.x` : 'x')),
    filled((index) => (index === last ? `x.${likely.slice(1).join('.')}` : 'x')),
    filled(() => ''),
  ];
}

function bySegment(pattern: string, likely: readonly string[]): string {
  return pattern
    .split('.')
    .map((segment, index) => (/^\*+$/.test(segment) ? (likely[index] ?? 'x') : segment.replace(/\*+/g, 'x')))
    .join('.');
}
