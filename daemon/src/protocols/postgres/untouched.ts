import type { CatalogView } from './catalog.ts';
import { isOpaque } from './catalog/opaque-relations.ts';
import type { CatalogRelation } from './catalog-probe.ts';
import { type MaskMap, relationOf } from './mask-map.ts';
import { asItIs, type Verdict } from './mask-verdict.ts';
import type { Reading } from './reading.ts';

/** Others may keep what only lineage looks into: bodies of functions, texts of prepared statements. */
const dataStatements: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

/** Rules of a table put other statements in the place of the one that names it. */
function hasRules({ kind, refersTo }: CatalogRelation): boolean {
  return kind !== 'v' && kind !== 'm' && refersTo.length > 0;
}

/**
 * Whether a text surely has nothing to do with masked columns, by the names in it alone: every relation that it names is
 * known and has none, no code of users is run, and what it executes is all in it. Its values need not be followed then.
 */
export function isUntouched(reading: Reading, map: MaskMap, catalog: CatalogView): boolean {
  const { statements, facts, opaque, relations } = reading;
  if (
    opaque ||
    facts.length !== statements.length ||
    statements.some(({ node }) => !dataStatements.has(node))
  )
    return false;
  // Operators, casts and types run code that no name in the text is about.
  if (catalog.facts.userObjects?.areHarmless !== true) return false;
  return relations.every((name) => {
    const relation = relationOf(name, catalog);
    return (
      relation !== undefined &&
      !relation.runsCode &&
      !hasRules(relation) &&
      !isOpaque(relation) &&
      !map.isDoubtful(relation) &&
      map.columns(relation).size === 0 &&
      !map.readsMasked(relation)
    );
  });
}

/** What is made of such a text: it goes as it is, and its results by what the server tells of them. */
export function untouched(reading: Reading, map: MaskMap, catalog: CatalogView): Verdict {
  return {
    kind: 'passes',
    catalog,
    map,
    plans: reading.statements.map(() => ({
      kind: 'plan',
      columns: { kind: 'plain' },
      operands: [],
      withheld: 'nothing',
    })),
    text: asItIs(reading),
    parameters: [],
    withheld: 'nothing',
  };
}
