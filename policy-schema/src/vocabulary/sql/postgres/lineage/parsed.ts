import { type Node, parseSync } from 'libpg-query';

const known = new WeakMap<object, readonly Node[] | undefined>();

/** The statements of a text that belongs to a view or a function. Undefined: it cannot be read. */
export function statementsOf(owner: object, text: string): readonly Node[] | undefined {
  if (known.has(owner)) return known.get(owner);
  const statements = parse(text);
  known.set(owner, statements);
  return statements;
}

/** The same of PL/pgSQL, where a text may also be an expression or an assignment. */
export function statementsOfPiece(text: string): readonly Node[] | undefined {
  const assigned = /^\s*(?:"(?:[^"]|"")*"|[\w.$[\]\s])+?\s*:?=(?!>)\s*/.exec(text);
  return (
    parse(text) ??
    parse(`SELECT ${text}`) ??
    (assigned === null ? undefined : parse(`SELECT ${text.slice(assigned[0].length)}`))
  );
}

function parse(text: string): readonly Node[] | undefined {
  const body = atomicBody(text);
  try {
    return (parseSync(body).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
  } catch {
    return undefined;
  }
}

/** `BEGIN ATOMIC … END` and `RETURN …` are parts of CREATE FUNCTION, and no statements of their own. */
function atomicBody(text: string): string {
  const atomic = /^\s*BEGIN\s+ATOMIC\b([\s\S]*)\bEND\s*;?\s*$/i.exec(text);
  const body = atomic?.[1] ?? text;
  return body.replace(/^\s*RETURN\b/i, 'SELECT');
}
