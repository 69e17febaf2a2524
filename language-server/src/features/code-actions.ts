import type { Diagnostic, Fix, TextEdit, TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { diagnosticCodes } from '@gatehouse/policy-schema/syntax/codes.ts';
import type { SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { Desk, DeskFile } from '../desk.ts';

export interface OwnAction {
  readonly title: string;
  /** `fixAll`: every safe fix of the file at once. */
  readonly kind: 'quickfix' | 'fixAll' | 'refactor';
  readonly edits: readonly TextEdit[];
  /** What it mends. */
  readonly finding?: Diagnostic;
  /** The one that is surely meant. */
  readonly preferred?: true;
}

/** What can be done about the findings that touch a range: their fixes, a comment to ignore them, all safe fixes. */
export function codeActions(desk: Desk, name: string, range: TextRange): readonly OwnAction[] {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const findings = desk.diagnostics(name);
  const here = findings.filter(({ range: found }) => found.start <= range.end && found.end >= range.start);
  const all = fixAll(findings);
  return [
    ...here.flatMap((finding) =>
      (finding.fixes ?? []).map((fix, index) => quickfix(finding, fix, index === 0)),
    ),
    ...here.flatMap((finding) => ignore(file, finding) ?? []),
    ...(all.length > 0
      ? [{ title: 'Make all safe fixes of this file', kind: 'fixAll' as const, edits: all }]
      : []),
  ];
}

function quickfix(finding: Diagnostic, fix: Fix, first: boolean): OwnAction {
  return {
    title: fix.title,
    kind: 'quickfix',
    edits: fix.edits,
    finding,
    ...(first && fix.safety === 'safe' && { preferred: true }),
  };
}

/** The edits of all safe fixes that do not overlap, the first of each finding. */
export function fixAll(findings: readonly Diagnostic[]): readonly TextEdit[] {
  const taken: TextEdit[] = [];
  for (const { fixes = [] } of findings) {
    const fix = fixes.find(({ safety }) => safety === 'safe');
    if (fix && !fix.edits.some((edit) => taken.some((other) => overlap(edit, other))))
      taken.push(...fix.edits);
  }
  return taken;
}

function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.start <= b.end && b.start <= a.end;
}

/** A comment above what the finding speaks of. Errors of the language cannot be ignored. */
function ignore(file: DeskFile, finding: Diagnostic): OwnAction | undefined {
  if (Object.hasOwn(diagnosticCodes, finding.code)) return undefined;
  const at = file.tree && lineOf(file, file.tree, finding.range.start);
  if (at === undefined) return undefined;
  const indent = file.text.slice(at).match(/^[ ]*/)?.[0] ?? '';
  const text = `${indent}# gatehouse-ignore ${finding.code}: say why\n`;
  return {
    title: `Ignore ${finding.code} here, with a reason`,
    kind: 'quickfix',
    edits: [{ file: file.file, start: at, end: at, text }],
    finding,
  };
}

/** The start of the line on which the smallest node around an offset begins that has a line of its own. */
function lineOf(file: DeskFile, root: SyntaxNode, offset: number): number | undefined {
  let found: number | undefined;
  const consider = (start: number): void => {
    const line = Math.max(file.text.lastIndexOf('\n', start - 1), file.text.lastIndexOf('\r', start - 1)) + 1;
    if (/^[ ]*(- )?$/.test(file.text.slice(line, start))) found = line;
  };
  const visit = (node: SyntaxNode): void => {
    if (node.kind === 'sequence') {
      for (const item of node.items)
        if (item.range.start <= offset && offset <= item.range.end) {
          consider(item.range.start);
          visit(item);
        }
    } else if (node.kind === 'mapping') {
      for (const { keyRange, value } of node.entries)
        if (keyRange.start <= offset && offset <= Math.max(keyRange.end, value.range.end)) {
          consider(keyRange.start);
          visit(value);
        }
    }
  };
  visit(root);
  return found;
}
