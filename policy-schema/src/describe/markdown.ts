/**
 * Text of files, requests and databases inside of Markdown. None of it may become markup: whoever writes a policy must not
 * put a link or a picture into what the editor says of it.
 */

/** As code, on one line. */
export function code(value: string): string {
  const plain = value.replace(/\s+/g, ' ');
  const runs = [...plain.matchAll(/`+/g)].map(([run]) => run.length);
  // No code is empty in Markdown, and its fence is a run that it does not hold.
  if (runs.length === 0) return plain === '' ? '` `' : `\`${plain}\``;
  const fence = '`'.repeat(Math.max(...runs) + 1);
  return `${fence} ${plain} ${fence}`;
}

/** As code in a cell of a table, where a bar would end it. */
export function cellCode(value: string): string {
  return code(value.replaceAll('|', '\\|'));
}

/** As words, on one line. */
export function prose(value: string): string {
  return value.replace(/[!-/:-@[-`{-~]/g, '\\$&').replace(/\s+/g, ' ');
}
