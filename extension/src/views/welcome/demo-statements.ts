import * as vscode from 'vscode';

/** A statement of `demo.sql`, with the comment above it. */
export interface DemoStatement {
  readonly title: string;
  readonly sql: string;
  /** Where the SQL begins, from 0. */
  readonly line: number;
}

/** Paragraphs of comment lines and SQL. */
export function statementsOf(text: string): readonly DemoStatement[] {
  const found: DemoStatement[] = [];
  let comments: string[] = [];
  let sql: string[] = [];
  let first = 0;
  for (const [line, content] of [...text.split(/\r?\n/), ''].entries()) {
    if (content.trim() === '') {
      if (sql.length > 0) found.push({ title: comments.join(' '), sql: sql.join('\n'), line: first });
      [comments, sql] = [[], []];
    } else if (content.startsWith('--')) {
      comments.push(content.slice(2).trim());
    } else {
      if (sql.length === 0) first = line;
      sql.push(content);
    }
  }
  return found;
}

/** `▸ Run as the agent` above each statement of the demo's file. */
export class DemoLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return statementsOf(document.getText()).map(
      (statement) =>
        new vscode.CodeLens(new vscode.Range(statement.line, 0, statement.line, 0), {
          title: `$(play) ${vscode.l10n.t('Run as an agent')}`,
          command: 'gatehouse.runDemoStatement',
          arguments: [statement],
        }),
    );
  }
}
