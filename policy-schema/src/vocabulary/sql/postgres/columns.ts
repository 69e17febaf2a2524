import type { Node } from 'libpg-query';
import { strings } from './ast.ts';
import type { Scope, Source } from './scope.ts';
import type { RelationUse, StatementReader } from './statement-reader.ts';

/** Read a column reference: `a`, `t.a`, `s.t.a`, `*`, `t.*`, or a relation's name for its whole row. */
export function readColumnReference(fields: readonly Node[], reader: StatementReader, scope: Scope): void {
  const last = fields.at(-1);
  const names = strings(fields);
  if (last !== undefined && 'A_Star' in last) {
    reader.hasStar = true;
    const [schema, qualifier] = qualifierOf(names);
    const sources = qualifier === undefined ? scope.sources : scope.qualified(schema, qualifier);
    for (const source of sources) for (const use of source.uses) reader.star(use);
    return;
  }
  const name = names.at(-1) ?? '';
  reader.column(name);
  const [schema, qualifier] = qualifierOf(names.slice(0, -1));
  if (qualifier === undefined) readLooseColumn(name, reader, scope);
  else for (const source of scope.qualified(schema, qualifier)) readColumnOf(source, name, reader);
}

function qualifierOf(names: readonly string[]): [string | undefined, string | undefined] {
  return [names.at(-2), names.at(-1)];
}

function readColumnOf(source: Source, name: string, reader: StatementReader): void {
  if (source.renamed?.includes(name)) {
    for (const use of source.uses) reader.star(use);
  } else if (source.uses.length === 1) {
    source.uses[0]?.columns?.add(name);
    reader.attribute(name, source.uses);
  } else if (source.uses.length > 0) {
    reader.loose({ name, levels: [{ uses: source.uses, stop: true }] });
    reader.attribute(name, source.uses);
  } else if (source.derived !== undefined && !source.derived.names.has(name)) {
    reader.attribute(name, []);
  }
}

/** A column without a qualifier: of the innermost query that has it, which only the catalog can tell. */
function readLooseColumn(name: string, reader: StatementReader, scope: Scope): void {
  if (scope.placed.has(name)) return;
  scope.placed.add(name);
  const levels: { uses: RelationUse[]; stop: boolean }[] = [];
  let rows: readonly RelationUse[] | undefined;
  let uncertain = false;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const uses: RelationUse[] = [];
    let stop = false;
    for (const source of at.sources) {
      if (rows === undefined && source.alias === name && !source.isFunction) rows = source.uses;
      if (source.renamed?.includes(name)) {
        for (const use of source.uses) reader.star(use);
        stop = true;
      } else if (source.derived !== undefined) {
        uncertain = true;
        if (source.derived.names.has(name)) stop = true;
      } else if (!source.isGroup) uses.push(...source.uses);
    }
    if (uses.length > 0 || stop) levels.push({ uses, stop });
    if (stop) break;
    if (at.outputs?.has(name)) {
      levels.push({ uses: [], stop: true });
      break;
    }
  }
  const candidates = levels.flatMap(({ uses }) => uses);
  if (candidates.length === 0 && rows === undefined) return;
  if (candidates.length === 1 && levels.length === 1 && rows === undefined && !uncertain) {
    candidates[0]?.columns?.add(name);
  } else reader.loose({ name, levels, ...(rows === undefined ? {} : { rows }) });
}

/** A column that JOIN … USING takes from both of its sides. */
export function readJoinColumn(name: string, sides: readonly Source[], reader: StatementReader): void {
  reader.column(name);
  for (const source of sides) {
    if (source.isGroup) continue;
    if (source.renamed?.includes(name)) for (const use of source.uses) reader.star(use);
  }
  const uses = sides.flatMap((source) => (source.isGroup ? [] : source.uses));
  if (uses.length > 0) reader.loose({ name, levels: [{ uses, stop: true }] });
}
