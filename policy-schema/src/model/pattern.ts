/** Patterns of rules and masks, and the canonical spelling of dotted names that they are held against. */

export type Matcher = (value: string) => boolean;

/**
 * Compile a pattern: `*` matches any run of characters, dots included, and everything else only itself, case
 * included. Matching searches each piece once from where the last one ended and never goes back, so a value chosen
 * by an attacker cannot make it slow.
 */
export function compilePattern(text: string): Matcher {
  const pieces = text.split('*');
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return (value) => value === text;
  const last = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '');
  if (first === '' && last === '' && middle.length === 0) return () => true;
  const shortest = first.length + last.length;
  return (value) => {
    if (value.length < shortest || !value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    const end = value.length - last.length;
    for (const piece of middle) {
      const at = value.indexOf(piece, from);
      if (at === -1 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}

/** True when any of the patterns matches. */
export function compilePatterns(texts: readonly string[]): Matcher {
  const matchers = texts.map(compilePattern);
  const only = matchers[0];
  if (matchers.length === 1 && only) return only;
  return (value) => matchers.some((matches) => matches(value));
}

/**
 * The canonical spelling of a name: segments joined by dots, a segment that holds a dot, a double quote or `*`, or is
 * empty, in double quotes with each double quote doubled. Two different names never share a spelling.
 */
export function qualify(...segments: readonly string[]): string {
  return segments.map(quoteSegment).join('.');
}

function quoteSegment(segment: string): string {
  return segment === '' || /[."*]/.test(segment) ? `"${segment.replaceAll('"', '""')}"` : segment;
}

/** The segments of a canonical name or pattern, unquoted; undefined where the quotes do not close or close early. */
export function segmentsOf(name: string): readonly string[] | undefined {
  const segments: string[] = [];
  let at = 0;
  for (;;) {
    if (name[at] === '"') {
      const close = closingQuote(name, at);
      if (close === undefined) return undefined;
      segments.push(name.slice(at + 1, close).replaceAll('""', '"'));
      at = close + 1;
    } else {
      const dot = name.indexOf('.', at);
      const end = dot === -1 ? name.length : dot;
      const segment = name.slice(at, end);
      if (segment === '' || segment.includes('"')) return undefined;
      segments.push(segment);
      at = end;
    }
    if (at === name.length) return segments;
    if (name[at] !== '.') return undefined;
    at++;
  }
}

function closingQuote(name: string, open: number): number | undefined {
  for (let at = open + 1; at < name.length; at++) {
    if (name[at] !== '"') continue;
    if (name[at + 1] !== '"') return at;
    at++;
  }
  return undefined;
}
