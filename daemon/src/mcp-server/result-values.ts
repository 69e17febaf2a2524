/** What a result becomes in JSON. Bounded, as an agent reads all of it. */

export interface Column {
  readonly name: string;
  /** As PostgreSQL calls it, where it is one of its own types. */
  readonly type: string;
}

export interface Bounds {
  readonly rows: number;
  /** Of all values together, as text. */
  readonly characters: number;
  readonly perValue: number;
}

export const usualBounds: Bounds = { rows: 100, characters: 100_000, perValue: 4000 };

/** Text to a value that JSON holds without loss; all others stay text, as PostgreSQL writes them. */
const readers: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't',
  21: Number,
  23: Number,
  26: Number,
  700: finite,
  701: finite,
  114: json,
  3802: json,
};

function finite(text: string): unknown {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** A masked document may be no document. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The value of a field, and how many characters it was cut by. */
export function fieldValue(
  oid: number,
  text: string | null,
  longest: number,
): { value: unknown; cut: number } {
  if (text === null) return { value: null, cut: 0 };
  if (text.length > longest) {
    const cut = text.length - longest;
    return { value: `${text.slice(0, longest)}… (${cut} more characters)`, cut };
  }
  return { value: readers[oid]?.(text) ?? text, cut: 0 };
}

/** Names as keys of an object: a second column of one name becomes `name_2`. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let n = 2; used.has(unique); n++) unique = `${name}_${n}`;
    used.add(unique);
    return unique;
  });
}
