import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'smol-toml';
import type { Outcome } from './json-file.ts';
import { type Spliced, splice } from './splices.ts';

/** Tables that are ours, by their dotted names; each value a table of plain values. */
export type TomlTables = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const open = '# >>> gatehouse: written by `Gatehouse: Connect an Agent`; taken out again by Disconnect';
const close = '# <<< gatehouse';
const block = /(?:\r?\n)?^# >>> gatehouse\b[^\n]*\n[\s\S]*?^# <<< gatehouse[^\n]*(?:\n|$(?![\s\S]))/m;

export function holdsTables(text: string, tables: TomlTables): boolean {
  const values = valuesOf(text);
  if (values === undefined) return false;
  return Object.entries(tables).every(([name, table]) => {
    const found = at(values, name);
    return Object.entries(table).every(([key, value]) => isDeepStrictEqual(found?.[key], value));
  });
}

/** Add the tables as a marked block at the end of a text that has none. What is there is never moved. */
export function withTables(text: string, tables: TomlTables): Outcome {
  const values = valuesOf(text);
  if (values === undefined)
    return refused('it is no valid TOML, so Gatehouse leaves it alone. Mend it by hand first.');
  for (const name of Object.keys(tables)) {
    if (at(values, name) !== undefined)
      return refused(`it already has [${name}], which Gatehouse did not write. Rename or remove that first.`);
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = Object.entries(tables).flatMap(([name, table]) => [
    `[${name}]`,
    ...stringify(table).trim().split('\n'),
  ]);
  const before = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
  const written = `${before}${[open, ...lines, close].join(newline)}${newline}`;
  const spliced: Spliced = splice({ text, splices: [] }, text.length, 0, written);
  // A table that is written as a value of another cannot be added to from outside.
  if (!holdsTables(spliced.text, tables))
    return refused(
      `${Object.keys(tables).join(', ')} cannot be added to it as it is written. Add them by hand.`,
    );
  return { kind: 'done', ...spliced, made: [] };
}

/** Take the marked block out. What others wrote before and behind it stays. */
export function withoutTables(text: string): Outcome {
  const found = block.exec(text);
  if (found === null) return { kind: 'done', text, splices: [], made: [] };
  const cut = text.slice(0, found.index) + text.slice(found.index + found[0].length);
  if (valuesOf(cut) === undefined)
    return refused(
      'taking out the block between `# >>> gatehouse` and `# <<< gatehouse` would break it. Do it by hand.',
    );
  return { kind: 'done', text: cut, splices: [], made: [] };
}

function refused(problem: string): Outcome {
  return { kind: 'refused', problem };
}

type Values = Readonly<Record<string, unknown>>;

function valuesOf(text: string): Values | undefined {
  try {
    return structuredClone(parse(text));
  } catch {
    return undefined;
  }
}

function at(values: Values, name: string): Values | undefined {
  let found: unknown = values;
  for (const key of name.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Values)[key];
  }
  return typeof found === 'object' && found !== null ? (found as Values) : undefined;
}
