import { type ScanToken, scanSync } from 'libpg-query';

/**
 * The statements of a function whose body the server keeps parsed (BEGIN ATOMIC … END, RETURN …).
 * @param definition CREATE FUNCTION or PROCEDURE, as pg_get_functiondef() writes it: the body is its end
 * @returns undefined where no body is found
 */
export function parsedSqlBody(definition: string): string | undefined {
  let tokens: readonly ScanToken[];
  try {
    tokens = scanSync(definition).tokens.filter(({ text }) => !text.startsWith('--'));
  } catch {
    return undefined;
  }
  const bytes = Buffer.from(definition);
  const is = (token: ScanToken | undefined, word: string) => token?.text.toLowerCase() === word;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.text === '(') depth++;
    else if (token.text === ')') depth--;
    if (depth > 0) continue;
    if (is(token, 'return')) return `SELECT ${bytes.toString('utf8', token.end)}`;
    if (!is(token, 'begin') || !is(tokens[index + 1], 'atomic')) continue;
    const end = tokens.findLast(({ text }) => text !== ';');
    const atomic = tokens[index + 1];
    if (atomic === undefined || !is(end, 'end') || end === undefined) return undefined;
    return bytes.toString('utf8', atomic.end, end.start);
  }
  return undefined;
}
