import { hasSqlDetails, loadModule, type Node, parseSync, type RawStmt } from 'libpg-query';
import type { Undecidable } from '../../vocabulary.ts';
import type { SqlAnalysis, StatementFacts, StatementSpan } from './analysis.ts';
import { Unsupported, unwrap } from './ast.ts';
import { readExpression } from './expressions.ts';
import { utf16Offsets } from './offsets.ts';
import { readQuery } from './queries.ts';
import { Scope } from './scope.ts';
import { type Readers, StatementReader } from './statement-reader.ts';
import { isStatementName, readStatement } from './statements/all.ts';

/** Load PostgreSQL's parser. Once, before the first {@link analyzeSql}. */
export async function loadSqlParser(): Promise<void> {
  await loadModule();
}

const readers: Readers = { expression: readExpression, query: readQuery, statement: readStatement };

/**
 * Read a text as the server would parse it. Never throws for a text, whatever is in it: what cannot be read comes
 * back as `undecidable`, with no statements at all.
 * @throws Error when {@link loadSqlParser} has not finished
 */
export function analyzeSql(text: string): SqlAnalysis {
  const unreadable = encodingFault(text);
  if (unreadable !== undefined) return undecidable(unreadable);
  // The parser refuses an empty text, which the server takes for a text without a statement.
  if (text === '') return { statements: [], spans: [], shapeSafe: false };
  let parsed: readonly RawStmt[];
  try {
    parsed = parseSync(text).stmts ?? [];
  } catch (error) {
    return undecidable(parseFault(error));
  }
  try {
    const statements: StatementFacts[] = [];
    let usesLiterals = false;
    for (const { stmt } of parsed) {
      if (stmt === undefined) throw new Unsupported('an empty statement');
      const reader = new StatementReader(readers);
      statements.push(readOne(stmt, reader));
      usesLiterals ||= reader.usesLiterals;
    }
    const shapeSafe = statements.length === 1 && !usesLiterals;
    return { statements, spans: spansOf(text, parsed), shapeSafe };
  } catch (error) {
    return undecidable(readFault(error));
  }
}

function readOne(node: Node, reader: StatementReader): StatementFacts {
  const [name] = unwrap(node);
  if (!isStatementName(name)) throw new Unsupported(`${name} as a statement`);
  const kind = reader.statement(node, new Scope(undefined));
  return reader.finish(name, kind);
}

function undecidable(reason: Undecidable): SqlAnalysis {
  return { statements: [], spans: [], undecidable: reason, shapeSafe: false };
}

/** What the protocol or UTF-8 cannot carry, and what the parser would not see: it stops at NUL. */
function encodingFault(text: string): Undecidable | undefined {
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    return { code: 'encoding', message: 'the text holds a NUL character', hint: 'Leave it out.' };
  }
  if (text.isWellFormed()) return undefined;
  return { code: 'encoding', message: 'the text is no valid Unicode: it holds a lone surrogate' };
}

function parseFault(error: unknown): Undecidable {
  if (hasSqlDetails(error)) {
    const position = error.sqlDetails?.cursorPosition;
    const native = scannerState(error.message);
    return {
      code: 'syntax',
      message: error.message,
      ...(native === undefined ? {} : { native }),
      // The check of an encoding does not know where it stands.
      ...(position === undefined || native === invalidByteSequence ? {} : { position: position + 1 }),
    };
  }
  if (error instanceof Error && error.message.startsWith('WASM module not initialized')) throw error;
  return tooComplex;
}

const invalidByteSequence = '22021';

/** The SQLSTATE of the few errors of the scanner (scan.l) that are no syntax_error; the parser tells only the words. */
function scannerState(message: string): string | undefined {
  if (message.startsWith('invalid byte sequence for encoding')) return invalidByteSequence;
  if (message.startsWith('invalid Unicode escape')) return '22025';
  return message.startsWith('unsafe use of') ? '22P06' : undefined;
}

function readFault(error: unknown): Undecidable {
  if (error instanceof Unsupported) {
    return {
      code: 'unsupported',
      message: `Gatehouse does not know what this statement does: ${error.message}`,
    };
  }
  return tooComplex;
}

const tooComplex: Undecidable = {
  code: 'unsupported',
  message: 'the statement is too complex to be read',
  hint: 'Nest less, or split it into several statements.',
};

/** The parser counts UTF-8 bytes. An absent location is 0, an absent length goes to the end. */
function spansOf(text: string, parsed: readonly RawStmt[]): readonly StatementSpan[] {
  const bounds = parsed.map((raw) => {
    const { stmt_location: start = 0, stmt_len: length } = raw as {
      stmt_location?: number;
      stmt_len?: number;
    };
    return { start, end: length === undefined ? undefined : start + length };
  });
  const offsets = utf16Offsets(
    text,
    bounds.flatMap(({ start, end }) => (end === undefined ? [start] : [start, end])),
  );
  return bounds.map(({ start, end }) => ({
    start: offsets(start),
    end: end === undefined ? text.length : offsets(end),
  }));
}
