import type { Resource } from '../model/workspace.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import { suggest } from '../syntax/suggest.ts';
import { entryOf, type SyntaxNode } from '../syntax/tree.ts';

/** What the other files of the workspace declare; absent parts are not known, and then nothing is said. */
export interface Declared {
  readonly resources?: readonly Pick<Resource, 'name'>[];
  /** As `policy/rule`. */
  readonly rules?: readonly string[];
}

/** Names in a test file that no other file declares. Never throws. */
export function unknownNames({ root, source }: ParsedYaml, declared: Declared): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const check = (node: SyntaxNode | undefined, known: readonly string[] | undefined, what: string): void => {
    if (known === undefined || node?.kind !== 'scalar' || typeof node.value !== 'string') return;
    if (known.includes(node.value)) return;
    const meant = suggest(node.value, known) ?? sameEnd(node.value, known);
    const hint = meant === undefined ? `There ${listOf(known)}.` : `Did you mean \`${meant}\`?`;
    const diagnostic = source.diagnostic(node.range, 'unknown-value', `No ${what} has this name. ${hint}`);
    const edits = meant === undefined ? [] : [{ file: source.file, ...node.range, text: meant }];
    const fixes = [{ title: `Write \`${meant}\``, safety: 'unsafe' as const, edits }];
    found.push(edits.length === 0 ? diagnostic : { ...diagnostic, fixes });
  };
  const resources = declared.resources?.map(({ name }) => name);
  const circumstances = (node: SyntaxNode | undefined): void =>
    check(entryOf(node, 'resource')?.value, resources, 'resource');
  circumstances(entryOf(root, 'defaults')?.value);
  for (const each of itemsOf(root, 'cases')) {
    circumstances(each);
    for (const rule of itemsOf(entryOf(each, 'expect')?.value, 'rules'))
      if (rule.kind === 'scalar' && String(rule.value).includes('/')) check(rule, declared.rules, 'rule');
  }
  for (const matrix of itemsOf(root, 'matrices')) itemsOf(matrix, 'requests').forEach(circumstances);
  return found;
}

/** The rule of this name in another policy. */
function sameEnd(name: string, known: readonly string[]): string | undefined {
  const end = name.slice(name.lastIndexOf('/'));
  return end.length > 1 ? known.find((each) => each.endsWith(end)) : undefined;
}

const shown = 8;

function listOf(known: readonly string[]): string {
  if (known.length === 0) return 'are none';
  const more = known.length > shown ? ` and ${known.length - shown} more` : '';
  return `are: ${known.slice(0, shown).join(', ')}${more}`;
}

function itemsOf(node: SyntaxNode | undefined, key: string): readonly SyntaxNode[] {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'sequence' ? value.items : [];
}
