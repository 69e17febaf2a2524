import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One statement of a corpus. */
export interface CorpusStatement {
  /** `file:line`, relative to the corpus. */
  readonly place: string;
  readonly text: string;
  /** What a client sends when the server asks for COPY data; `fail` ends with CopyFail instead of CopyDone. */
  readonly copy?: { readonly data: string } | { readonly fail: string };
  /** Values for `$1`, `$2`, … in the extended protocol. */
  readonly parameters: readonly (string | null)[];
  /** More than one statement: the extended protocol refuses it. */
  readonly several: boolean;
}

/**
 * Read the `.sql` files of a corpus in order. Blank lines part statements; a line that starts with `--!` says
 * something about the statement below it: `--! copy "data"`, `--! copy-fail "reason"`, `--! parameters [...]`,
 * `--! several`, and `--! text "..."`, which is the statement itself, where it could not be written plainly.
 */
export function readCorpus(name: string): readonly CorpusStatement[] {
  const folder = fileURLToPath(new URL(`./${name}/`, import.meta.url));
  const files = globSync('*.sql', { cwd: folder }).sort();
  return files.flatMap((file) => readStatements(file, readFileSync(path.join(folder, file), 'utf8')));
}

function readStatements(file: string, content: string): CorpusStatement[] {
  const found: CorpusStatement[] = [];
  let lines: string[] = [];
  let first = 1;
  const end = (next: number) => {
    if (lines.length > 0) found.push(readStatement(`${file}:${first}`, lines));
    lines = [];
    first = next;
  };
  const all = content.split('\n');
  for (const [index, line] of all.entries()) {
    if (line.trim() === '') end(index + 2);
    else lines.push(line);
  }
  end(all.length);
  return found;
}

function readStatement(place: string, lines: readonly string[]): CorpusStatement {
  const directives = lines.filter((line) => line.startsWith('--!'));
  let text = lines.filter((line) => !line.startsWith('--!')).join('\n');
  let copy: CorpusStatement['copy'];
  let parameters: readonly (string | null)[] = [];
  let several = false;
  for (const directive of directives) {
    const [, key, value] = /^--! ([a-z-]+)(?: (.*))?$/.exec(directive) ?? [];
    switch (key) {
      case 'copy':
        copy = { data: JSON.parse(value ?? '') as string };
        break;
      case 'copy-fail':
        copy = { fail: JSON.parse(value ?? '') as string };
        break;
      case 'parameters':
        parameters = JSON.parse(value ?? '') as (string | null)[];
        break;
      case 'several':
        several = true;
        break;
      case 'text':
        text = JSON.parse(value ?? '') as string;
        break;
      default:
        throw new Error(`${place}: no such directive: ${directive}`);
    }
  }
  return { place, text, parameters, several, ...(copy === undefined ? {} : { copy }) };
}
