import type { Node } from 'libpg-query';
import { readCondition } from './conditions.ts';
import { readValue } from './expressions.ts';
import { anything, type Field, flowOf } from './flow.ts';
import type { Lineage, ResultColumn } from './lineage.ts';
import type { LineageCatalog } from './lineage-catalog.ts';
import { readMerge } from './merge.ts';
import { readSelect } from './queries.ts';
import { LineageReader, type Parts } from './reader.ts';
import { Scope, unknownOutput } from './scope.ts';
import { readStatement } from './statements.ts';
import { readDelete, readInsert, readUpdate } from './writes.ts';

const parts: Parts = {
  value: readValue,
  condition: readCondition,
  statement: readStatement,
  query: (node, scope, reader, sink) => {
    if ('SelectStmt' in node) return readSelect(node.SelectStmt, scope, reader, sink);
    if ('InsertStmt' in node) return readInsert(node.InsertStmt, scope, reader);
    if ('UpdateStmt' in node) return readUpdate(node.UpdateStmt, scope, reader);
    if ('DeleteStmt' in node) return readDelete(node.DeleteStmt, scope, reader);
    if ('MergeStmt' in node) return readMerge(node.MergeStmt, scope, reader);
    reader.unread();
    return unknownOutput;
  },
};

/**
 * What one statement lets out or puts elsewhere. Never throws for a statement of PostgreSQL's parser: one that is not
 * understood, or is too large, comes back as one that may do anything.
 * @param text the text that was parsed, whole, since constants are told by their places in it
 * @throws Error only when the parser (libpg-query) has not been loaded and a view or function has to be read
 */
export function lineageOf(statement: Node, catalog: LineageCatalog, text: string): Lineage {
  const reader = new LineageReader(text, parts);
  try {
    const { form, output, refersTo } = readStatement(
      statement,
      new Scope({ catalog, isOwnText: true }),
      reader,
    );
    return {
      form,
      columns: form === 'none' ? [] : columnsOf(output),
      uses: reader.uses,
      writes: reader.writes,
      code: reader.code,
      keepsText: reader.keepsText,
      exposedParameters: [...reader.exposed].sort((one, other) => one - other),
      ...(refersTo === undefined ? {} : { refersTo }),
    };
  } catch {
    // Too deep for the stack, too much, or a mistake of ours: nothing is known, and nothing passes.
    return unknownLineage;
  }
}

/** Of a statement that may do and show anything. */
export const unknownLineage: Lineage = {
  form: 'unknown',
  columns: [{ name: '*', ...flowOf(anything) }],
  uses: [{ kind: 'condition', place: 'WHERE', value: flowOf(anything) }],
  writes: [],
  code: true,
  keepsText: true,
  exposedParameters: [],
};

function columnsOf({ columns, rest }: { columns: readonly Field[]; rest?: Field['value'] }): ResultColumn[] {
  const named = columns.map(({ name, value }): ResultColumn => ({ name, ...flowOf(value) }));
  return rest === undefined ? named : [...named, { name: '*', ...flowOf(rest) }];
}
