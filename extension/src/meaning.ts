import * as vscode from 'vscode';
import type { Reports } from './reports.ts';

/** What a lens of meaning is called with; see docs/editor.md. */
interface MeaningArguments {
  readonly uri: string;
  readonly markdown: string;
}

/** The lenses that say what an edit means beside the last commit: show the requests that prove it. */
export function registerMeaning(reports: Reports): vscode.Disposable {
  return vscode.commands.registerCommand('gatehouse.showMeaning', async (given?: MeaningArguments) => {
    if (given === undefined) return;
    await reports.show('What the edit means', given.markdown);
  });
}
