import { meaningOf, readStatement } from '../../vocabulary/sql/postgres/tokens.ts';
import { renamed, withIdleWhere } from './namings.ts';
import { spellings } from './spellings.ts';
import { oneStatement, wrappings } from './wrappings.ts';

/** `spelling`: the parser reads the same tree. The others do the same on a server. */
export type RewriteFamily = 'spelling' | 'naming' | 'wrapping' | 'condition';

export interface Rewrite {
  readonly family: RewriteFamily;
  /** What was done: `comments between all words`. */
  readonly how: string;
  readonly text: string;
}

export interface RewriteNames {
  /** What the search path finds first. */
  readonly schema: string;
  readonly database: string;
}

/**
 * Other texts that do the same on a PostgreSQL 18 server. Empty for a text that it would not take. Pure; never throws for a text
 * once the parser is loaded.
 */
export function rewriteStatement(text: string, names: RewriteNames): readonly Rewrite[] {
  const read = readStatement(text);
  if (read === undefined) return [];
  const meant = meaningOf(text);
  const made: Rewrite[] = [];
  for (const [how, spell] of Object.entries(spellings)) {
    for (const each of spell(read))
      if (meaningOf(each) === meant) made.push({ family: 'spelling', how, text: each });
  }
  const put = (family: RewriteFamily, how: string, other: string | undefined): void => {
    if (other !== undefined && meaningOf(other) !== undefined) made.push({ family, how, text: other });
  };
  for (const [how, other] of Object.entries(renamed(read, names.schema, names.database)))
    put('naming', how, other);
  const one = oneStatement(read);
  if (one !== undefined) {
    for (const [how, wrap] of Object.entries(wrappings)) put('wrapping', how, wrap(one));
    for (const [how, other] of Object.entries(withIdleWhere(one))) put('condition', how, other);
  }
  const seen = new Set([text]);
  return made.filter((each) => {
    if (seen.has(each.text)) return false;
    seen.add(each.text);
    return true;
  });
}
