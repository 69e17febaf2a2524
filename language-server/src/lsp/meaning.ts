import type { CodeLens } from 'vscode-languageserver';
import { meaningLenses } from '../features/meaning-lens.ts';
import type { Heads } from '../workspace/heads.ts';
import { toRange } from './convert.ts';
import type { At } from './session.ts';

/** The command behind a lens on what an edit means, which a client handles: it shows {@link MeaningArguments.markdown}. */
export const meaningLensCommand = 'gatehouse.showMeaning';

/** What {@link meaningLensCommand} is called with. */
export interface MeaningArguments {
  readonly uri: string;
  readonly verdict: string;
  /** The examples, with what became of each. */
  readonly markdown: string;
  /** Statements that show it. */
  readonly statements: readonly string[];
}

/** What the edits of a file mean beside the last commit; nothing where there is none. */
export async function meaningLensesOf(at: At, uri: string, heads: Heads): Promise<readonly CodeLens[]> {
  const head = await heads.of(at.folder);
  if (head === undefined) return [];
  return meaningLenses(at.desk, at.file.file, { name: 'HEAD', files: head.files }).map((lens) => {
    const given: MeaningArguments = {
      uri,
      verdict: lens.verdict,
      markdown: lens.detail,
      statements: lens.statements,
    };
    return {
      range: toRange(at.source, lens.range),
      command: {
        title: lens.title,
        tooltip: 'Show a smallest request that is decided otherwise',
        command: meaningLensCommand,
        arguments: [given],
      },
    };
  });
}
