import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The pages of `extension/src/webviews/`, a folder each. */
export type PageName = 'live' | 'approvals' | 'replay';

export interface PageOptions {
  readonly extensionUri: vscode.Uri;
  readonly page: PageName;
  /** Read out by screen readers. */
  readonly title: string;
}

/** Put a page into a webview. It loads nothing but its own bundle, and talks to nobody but the extension. */
export function showPage(webview: vscode.Webview, { extensionUri, page, title }: PageOptions): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webviews');
  const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // Lit and the elements of VS Code's style put their styles into style elements where a browser cannot adopt sheets.
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = `<!DOCTYPE html>
<html lang="${escaped(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${address('codicon.css')}" id="vscode-codicon-stylesheet">
<script type="application/json" id="words" nonce="${nonce}">${inScript(vscode.l10n.bundle ?? {})}</script>
</head>
<body>
<script type="module" nonce="${nonce}" src="${address(`${page}.js`)}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that cannot end the element that it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
