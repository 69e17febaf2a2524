import type { Diagnostic } from './diagnostic.ts';
import { Reader } from './reader.ts';
import { SourceFile } from './source.ts';
import type { SyntaxNode } from './tree.ts';

/** Bounds on a file. Policy files are small; what is larger is a mistake or an attack on the reader. */
export const maxTextLength = 256 * 1024;
export const maxDiagnostics = 20;

export interface ParsedYaml {
  readonly source: SourceFile;
  /** Absent when the text could not be read, and then there is at least one error. */
  readonly root?: SyntaxNode;
  /**
   * The root, or what could be made of a text that is broken somewhere: for the editor, never for what is enforced.
   * Ranges are exact, but parts may be missing or joined to what stands before them.
   */
  readonly tree?: SyntaxNode;
  readonly diagnostics: readonly Diagnostic[];
  /** Each value stands for itself: there are no anchors, tags, directives or markers of documents. */
  readonly local: boolean;
}

/**
 * Read one YAML 1.2 document (core schema) into a tree with exact ranges. Never throws, whatever the text.
 * Refused, with an error that says what to do: directives, tags, several documents, keys that stand twice or are no
 * text, aliases that form a cycle, and files over the bounds above.
 */
export function parseYaml(file: string, text: string): ParsedYaml {
  const source = new SourceFile(file, text);
  if (text.length > maxTextLength) {
    const message = `The file has ${text.length} characters; Gatehouse reads at most ${maxTextLength}. Split it.`;
    return unread(source, message);
  }
  const reader = new Reader(source);
  let tree: SyntaxNode | undefined;
  try {
    tree = reader.read(text);
  } catch (error) {
    // The library recurses over nested collections, so deep nesting ends in a RangeError. Nothing else is expected,
    // and nothing may pass: what cannot be read is an error of the file.
    const message =
      error instanceof RangeError ? 'This is nested too deeply to be read.' : 'This cannot be read as YAML.';
    const diagnostics = reader.diagnostics.slice(0, maxDiagnostics);
    return diagnostics.length > 0 ? { source, diagnostics, local: false } : unread(source, message);
  }
  return parsedYaml(source, tree, reader);
}

function unread(source: SourceFile, message: string): ParsedYaml {
  return {
    source,
    diagnostics: [source.diagnostic({ start: 0, end: 0 }, 'syntax', message)],
    local: false,
  };
}

/** What a reader's tree is: the root when nothing is wrong. */
export function parsedYaml(
  source: SourceFile,
  tree: SyntaxNode | undefined,
  { diagnostics: found, local }: Pick<Reader, 'diagnostics' | 'local'>,
): ParsedYaml {
  const diagnostics = found.slice(0, maxDiagnostics);
  return {
    source,
    ...(tree && diagnostics.length === 0 && { root: tree }),
    ...(tree && { tree }),
    diagnostics,
    local,
  };
}
