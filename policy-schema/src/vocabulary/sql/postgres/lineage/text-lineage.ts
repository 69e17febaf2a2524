import { type Node, parseSync } from 'libpg-query';
import type { Lineage } from './lineage.ts';
import type { LineageCatalog } from './lineage-catalog.ts';
import { lineageOf } from './lineage-of.ts';
import { type TakenNames, takenNames } from './taken-names.ts';

/** One statement of a text. */
export interface TextLineage {
  readonly lineage: Lineage;
  /** The name under which a PREPARE keeps what `lineage` is about. */
  readonly prepares?: string;
  /** The cursor that a DECLARE opens for it. */
  readonly declares?: string;
  readonly takes?: TakenNames;
}

/** UTF-16 units; parsing a text of this length takes about 40 ms, in which nobody else is served. */
export const longestTraced = 128 * 1024;

/**
 * The lineage of each statement of a text, in order; undefined for a text that is too long, or that the parser does not
 * take. Never throws.
 */
export function readText(text: string, catalog: LineageCatalog): readonly TextLineage[] | undefined {
  if (text.length > longestTraced) return undefined;
  if (text === '') return [];
  try {
    return (parseSync(text).stmts ?? []).map(({ stmt }) => readStatement(stmt, text, catalog));
  } catch {
    return undefined;
  }
}

function readStatement(statement: Node | undefined, text: string, catalog: LineageCatalog): TextLineage {
  if (statement === undefined) throw new Error('an empty statement');
  const lineage = lineageOf(statement, catalog, text);
  if ('DeclareCursorStmt' in statement)
    return { lineage, declares: statement.DeclareCursorStmt.portalname ?? '' };
  if ('PrepareStmt' in statement) return { lineage, prepares: statement.PrepareStmt.name ?? '' };
  const takes = takenNames(statement);
  return takes === undefined ? { lineage } : { lineage, takes };
}
