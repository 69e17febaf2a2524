import type { Desk } from '../desk.ts';
import { documentSymbols, type FileSymbol } from './document-symbols.ts';

export interface WorkspaceSymbol extends Omit<FileSymbol, 'children'> {
  readonly file: string;
  /** The policy that it stands in, or the file. */
  readonly container: string;
}

/** More of them help no one. */
const maxFound = 200;

/**
 * What the files of the workspace make whose name holds the letters of the query in their order, the best first. An empty
 * query finds everything. Bounds have no names of their own and are not found.
 */
export function workspaceSymbols(desk: Desk, query: string): readonly WorkspaceSymbol[] {
  const found: { readonly symbol: WorkspaceSymbol; readonly score: number }[] = [];
  for (const file of desk.files.keys()) {
    const visit = (symbols: readonly FileSymbol[], container: string): void => {
      for (const { children, ...symbol } of symbols) {
        const score = nameless.has(symbol.kind) ? undefined : fuzzyScore(query, symbol.name);
        if (score !== undefined) found.push({ symbol: { ...symbol, file, container }, score });
        visit(children, symbol.kind === 'policy' ? symbol.name : container);
      }
    };
    visit(documentSymbols(desk, file), file);
  }
  return found
    .map((each, order) => ({ ...each, order }))
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .slice(0, maxFound)
    .map(({ symbol }) => symbol);
}

const nameless: ReadonlySet<FileSymbol['kind']> = new Set(['workspace', 'limits', 'budget', 'bound']);

/**
 * How well the letters of a query, in their order and in any case, fit a name; undefined where some is missing. Letters side
 * by side and letters at the start of a word count more, and a short name fits better than a long one.
 */
export function fuzzyScore(query: string, name: string): number | undefined {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const letters = name.toLowerCase();
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of wanted) {
    const next = wordStart(letters, letter, from);
    const beside = last >= 0 && letters.startsWith(letter, last + 1);
    const at = beside ? last + 1 : (next ?? letters.indexOf(letter, from));
    if (at === -1) return plainScore(wanted, letters);
    score += beside ? 3 : at === next ? 2 : 0;
    last = at;
    from = at + letter.length;
  }
  return bonus(wanted, letters) + score;
}

/** As above, for letters that are there only where they do not begin words. */
function plainScore(wanted: string, letters: string): number | undefined {
  let from = 0;
  for (const letter of wanted) {
    const at = letters.indexOf(letter, from);
    if (at === -1) return undefined;
    from = at + letter.length;
  }
  return bonus(wanted, letters);
}

function bonus(wanted: string, letters: string): number {
  const whole = letters === wanted ? 20 : letters.startsWith(wanted) ? 10 : letters.includes(wanted) ? 5 : 0;
  return wanted === '' ? 0 : whole + 1 / (1 + letters.length);
}

function wordStart(letters: string, letter: string, from: number): number | undefined {
  for (let at = letters.indexOf(letter, from); at !== -1; at = letters.indexOf(letter, at + 1)) {
    if (at === 0 || /[^a-z0-9]/.test(letters[at - 1] ?? '')) return at;
  }
  return undefined;
}
