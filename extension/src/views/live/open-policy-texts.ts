import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';

const decides = /^\.gatehouse\/(?:gatehouse\.yaml|policies\/.*\.policy\.yaml)$/;

/** The path of a file that decides, relative to the gate's folder; undefined for all others. */
export function policyPathOf({ folder }: Gate, uri: vscode.Uri): string | undefined {
  if (uri.scheme !== folder.uri.scheme || !uri.path.startsWith(`${folder.uri.path}/`)) return undefined;
  const path = uri.path.slice(folder.uri.path.length + 1);
  return decides.test(path) ? path : undefined;
}

/** The files that decide as they stand in the editor, where that is not what is on the disk. */
export function unsavedTexts(gate: Gate): readonly { readonly path: string; readonly text: string }[] {
  return vscode.workspace.textDocuments.flatMap((document) => {
    const path = document.isDirty ? policyPathOf(gate, document.uri) : undefined;
    return path === undefined ? [] : [{ path, text: document.getText() }];
  });
}
