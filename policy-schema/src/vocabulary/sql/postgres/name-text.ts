import type { NameReference } from './analysis.ts';

const part = /\s*(?:([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|"((?:[^"]|"")+)")\s*/y;

/**
 * Read the name that a text gives to a regclass (stringToQualifiedNameList in regproc.c): dotted identifiers, folded
 * to lower case unless quoted. Undefined for anything else, such as an OID.
 */
export function parseQualifiedName(text: string): NameReference | undefined {
  const names: string[] = [];
  for (let at = 0; ; at++) {
    part.lastIndex = at;
    const found = part.exec(text);
    if (found === null) return undefined;
    const [whole, bare, quoted] = found;
    // Beyond ASCII the server folds by its own locale; past 63 bytes it cuts.
    if (bare !== undefined && /[^\0-\x7f]/.test(bare)) return undefined;
    const name = bare?.toLowerCase() ?? quoted?.replaceAll('""', '"') ?? '';
    if (Buffer.byteLength(name) > 63) return undefined;
    names.push(name);
    at += whole.length;
    if (at === text.length) break;
    if (text[at] !== '.') return undefined;
  }
  const [name, schema] = names.toReversed();
  if (name === undefined || names.length > 3) return undefined;
  return schema === undefined ? { name } : { schema, name };
}
