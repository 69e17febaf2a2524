import * as vscode from 'vscode';
import type { Seen } from './demo-companion.ts';
import type { DemoStatement } from './demo-statements.ts';

/** What the agent saw, as Markdown. What comes from the database or the file stays text. */
export function seenPage({ title, sql }: DemoStatement, seen: Seen | undefined): string {
  const held = vscode.l10n.t('Held until you answer, in the notification or in the Approvals view.');
  return [`### ${plain(title)}`, seen === undefined ? `**${held}**` : answer(seen), fenced('sql', sql)].join(
    '\n\n',
  );
}

function answer(seen: Seen): string {
  switch (seen.kind) {
    case 'done':
      return `**${plain(seen.tag)}**`;
    case 'rows':
      return table(seen.columns, seen.rows);
    case 'error':
      return [
        `**ERROR ${plain(seen.code)}**`,
        quoted(seen.message),
        ...(seen.detail === undefined ? [] : [quoted(seen.detail)]),
        ...(seen.hint === undefined ? [] : [quoted(seen.hint)]),
      ].join('\n\n');
  }
}

function table(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(plain)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(row.map((cell) => (cell === null ? '*NULL*' : plain(shortened(cell)))))),
  ].join('\n');
}

/** So that the columns of a table stay side by side. */
const longest = 18;

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function quoted(text: string): string {
  return `> ${plain(text)}`;
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()<>#+\-.!|~$&]/g, '\\$&');
}

function fenced(language: string, text: string): string {
  const longestRun = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
