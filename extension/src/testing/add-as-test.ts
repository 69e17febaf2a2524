import * as vscode from 'vscode';
import type { Language } from '../language.ts';
import type { Gates } from '../gate/gate.ts';
import type { RecordedDecision } from '@gatehouse/policy-schema/tests/recorded-decision.ts';
import { decisionOf, type RecordedRequest } from './recorded-decision.ts';
import { rangeOf } from './test-range.ts';
import type { WireFolder, WireNewTest } from './wire.ts';

/** A command for views that show requests; its argument is a {@link RecordedRequest}. */
const command = 'gatehouse.addAsTest';

/** `Add as a Test`: a request of the record becomes a test that expects what was decided. */
export function registerAddAsTest(language: Language, gates: Gates): vscode.Disposable {
  return vscode.commands.registerCommand(command, async (asked?: RecordedRequest) => {
    try {
      if (asked === undefined) {
        const words = vscode.l10n.t('Choose a request first: in the live decisions, or in a session.');
        void vscode.window.showInformationMessage(words);
        return;
      }
      await add(language, gates, asked);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  });
}

async function add(language: Language, gates: Gates, asked: RecordedRequest): Promise<void> {
  const gate = gates.of(vscode.Uri.parse(asked.folder));
  const recorded = gate && (await decisionOf(gate, asked));
  if (gate === undefined || recorded === undefined) {
    void vscode.window.showWarningMessage(vscode.l10n.t('The request is not in the record any more.'));
    return;
  }
  const folder = gate.folder.uri.toString();
  const file = await chooseFile(language, folder, recorded);
  if (file === undefined) return;
  const made = await language.sendRequest<WireNewTest>('gatehouse/newTest', { folder, file, recorded });
  if (!made.ok) {
    void vscode.window.showWarningMessage(made.message);
    return;
  }
  const uri = vscode.Uri.parse(made.uri);
  const edit = new vscode.WorkspaceEdit();
  if (made.isNew) edit.createFile(uri, { contents: new TextEncoder().encode(made.edit.newText) });
  else edit.insert(uri, rangeOf(made.edit.range).start, made.edit.newText);
  if (!(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showErrorMessage(vscode.l10n.t('The test could not be written to {0}.', file));
    return;
  }
  const at = new vscode.Position(made.line, 0);
  const editor = await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** A test file that is there, or a new one; the one of the policy that decided comes first. */
async function chooseFile(
  language: Language,
  folder: string,
  { rules = [], resource }: RecordedDecision,
): Promise<string | undefined> {
  const folders = await language.sendRequest<readonly WireFolder[]>('gatehouse/tests');
  const there = folders.find(({ uri }) => vscode.Uri.parse(uri).path === vscode.Uri.parse(folder).path);
  const known = (there?.files ?? []).map(({ label }) => label);
  const meant = `${rules[0]?.split('/')[0] ?? resource}.test.yaml`;
  if (known.length === 0) return pathOf(meant);
  const description = vscode.l10n.t('new file');
  const items = [
    { label: meant, ...(!known.includes(meant) && { description }) },
    ...known.filter((label) => label !== meant).map((label) => ({ label })),
  ];
  const title = vscode.l10n.t('Add as a Test');
  const placeHolder = vscode.l10n.t('To which file?');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
  return picked && pathOf(picked.label);
}

function pathOf(label: string): string {
  return `.gatehouse/tests/${label}`;
}
