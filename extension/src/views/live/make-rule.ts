import type { SuggestRulesResult, ToldSuggestion, WhichRequest } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate, Gates } from '../../gate/gate.ts';
import { said } from '../../said.ts';
import { showRule } from '../show-rule.ts';
import { unsavedTexts } from './open-policy-texts.ts';
import { SuggestionPreview } from './suggestion-preview.ts';

type Suggested = Extract<SuggestRulesResult, { kind: 'suggested' }>;

/** Which request of the record, and its workspace folder's address: views hand it to `gatehouse.makeRule`. */
export type RecordedRequest = WhichRequest & { readonly folder: string };

/** `Make a Rule from This…`: the narrowest changes after which a request passes; one is chosen and made, unsaved. */
export function registerMakeRule(gates: Gates): vscode.Disposable {
  const preview = new SuggestionPreview();
  return vscode.Disposable.from(
    preview,
    vscode.commands.registerCommand('gatehouse.makeRule', async (asked?: RecordedRequest) => {
      const gate = asked && gates.of(vscode.Uri.parse(asked.folder));
      if (gate === undefined || asked === undefined) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t('Choose a request first: in the live decisions, or in a session.'),
        );
        return;
      }
      try {
        const { folder: _, ...which } = asked;
        await makeRule(gate, which, preview);
      } catch (error) {
        void vscode.window.showErrorMessage(said(error instanceof Error ? error.message : String(error)));
      } finally {
        await preview.close();
      }
    }),
  );
}

async function makeRule(gate: Gate, which: WhichRequest, preview: SuggestionPreview): Promise<void> {
  const found = await vscode.window.withProgress(
    { location: { viewId: 'gatehouse.live' }, title: vscode.l10n.t('Looking for the narrowest rules') },
    () => gate.call('suggestRules', { ...which, files: unsavedTexts(gate) }),
  );
  if (found.kind === 'broken') {
    const words = vscode.l10n.t(
      'The policy files have errors; mend them first: {0}',
      found.problems[0] ?? '',
    );
    void vscode.window.showWarningMessage(words);
    return;
  }
  if (found.suggestions.length === 0) {
    await explain(gate, found);
    return;
  }
  const chosen = await choose(gate, found, preview);
  if (chosen === undefined) return;
  if (chosen.kind === 'exception' && !(await confirmed(chosen))) return;
  await preview.close();
  await make(gate, chosen);
}

/** Why nothing can be suggested, with the way to the rule that forbids it. */
async function explain(gate: Gate, { note = '', obstacles }: Suggested): Promise<void> {
  const [first] = obstacles;
  const show = vscode.l10n.t('Show Rule');
  const chosen = await vscode.window.showInformationMessage(
    said(note),
    ...(first === undefined ? [] : [show]),
  );
  if (chosen === show && first !== undefined)
    await showRule(gate.folder.uri, first.location.file, first.location.line, vscode.ViewColumn.Active);
}

interface Choice extends vscode.QuickPickItem {
  readonly suggestion?: ToldSuggestion;
  readonly rule?: { readonly file: string; readonly line: number };
}

function choicesOf({ suggestions, obstacles, looked }: Suggested): readonly Choice[] {
  const forbidding = obstacles.map(
    ({ rule, effect, location, message }): Choice => ({
      label: `$(${effect === 'deny' ? 'circle-slash' : 'account'}) ${
        effect === 'deny' ? vscode.l10n.t('Denied by {0}', rule) : vscode.l10n.t('Held by {0}', rule)
      }`,
      description: `${location.file}:${location.line}`,
      ...(message === undefined ? {} : { detail: message }),
      rule: { file: location.file, line: location.line },
    }),
  );
  const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const ways = suggestions.map(
    (suggestion): Choice => ({
      label: `$(${suggestion.effect === 'allow' ? 'pass' : 'account'}) ${suggestion.title}`,
      description: suggestion.detail,
      detail: evidenceWords(suggestion, looked),
      suggestion,
    }),
  );
  return forbidding.length === 0
    ? ways
    : [
        separator(vscode.l10n.t('In the way')),
        ...forbidding,
        separator(vscode.l10n.t('Changes, from the narrowest')),
        ...ways,
      ];
}

/** What else that is recorded it would have changed. */
function evidenceWords({ evidence, effect }: ToldSuggestion, looked: number): string {
  const { loosened, tightened, examples } = evidence;
  const first = examples[0]?.text.replace(/\s+/g, ' ').slice(0, 90);
  const also =
    loosened === 0
      ? vscode.l10n.t('Nothing else of {0} recorded requests.', looked)
      : effect === 'allow'
        ? vscode.l10n.t(
            'Would also let {0} of {1} recorded requests pass: {2}',
            loosened,
            looked,
            first ?? '',
          )
        : vscode.l10n.t('Would also hold {0} of {1} recorded requests: {2}', loosened, looked, first ?? '');
  return tightened === 0 ? also : `${also} ${vscode.l10n.t('Would hold {0} that pass now.', tightened)}`;
}

/** The list of changes; the one under the cursor is shown as a diff. */
function choose(
  gate: Gate,
  found: Suggested,
  preview: SuggestionPreview,
): Promise<ToldSuggestion | undefined> {
  return new Promise((resolve) => {
    const picker = vscode.window.createQuickPick<Choice>();
    picker.title = vscode.l10n.t('Make a Rule from This Request');
    picker.placeholder =
      found.note ?? vscode.l10n.t('From the narrowest change to the widest; Enter makes it, unsaved');
    picker.matchOnDescription = true;
    picker.ignoreFocusOut = true;
    picker.items = choicesOf(found);
    const first = picker.items.find(({ suggestion }) => suggestion !== undefined);
    picker.activeItems = first === undefined ? [] : [first];
    const show = (item: Choice | undefined): void => {
      // Without the diff there is still the list.
      if (item?.suggestion !== undefined) preview.show(gate, item.suggestion).catch(() => {});
    };
    picker.onDidChangeActive(([item]) => show(item));
    picker.onDidAccept(() => {
      const [item] = picker.selectedItems;
      resolve(item?.suggestion);
      picker.hide();
      if (item?.rule !== undefined)
        void showRule(gate.folder.uri, item.rule.file, item.rule.line, vscode.ViewColumn.Active);
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
    show(first);
  });
}

/** A rule that denies or holds on purpose is not changed by one key. */
async function confirmed({ title, detail }: ToldSuggestion): Promise<boolean> {
  const change = vscode.l10n.t('Change Rule');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Change a rule that forbids or holds this on purpose?'),
    { modal: true, detail: `${title}\n\n${detail}` },
    change,
  );
  return chosen === change;
}

async function make(gate: Gate, suggestion: ToldSuggestion): Promise<void> {
  const uri = vscode.Uri.joinPath(gate.folder.uri, suggestion.file);
  const edit = new vscode.WorkspaceEdit();
  if (suggestion.kind === 'file') {
    const text = suggestion.edits.map((each) => each.text).join('');
    edit.createFile(uri, { contents: new TextEncoder().encode(text) });
  } else {
    const document = await vscode.workspace.openTextDocument(uri);
    for (const each of suggestion.edits)
      edit.replace(
        vscode.Uri.joinPath(gate.folder.uri, each.file),
        new vscode.Range(document.positionAt(each.start), document.positionAt(each.end)),
        each.text,
      );
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} could not be changed.', suggestion.file));
    return;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const start = document.positionAt(suggestion.edits[0]?.start ?? 0);
  const editor = await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(start, start),
    preview: false,
  });
  editor.revealRange(new vscode.Range(start, start), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const save = vscode.l10n.t('Save');
  const chosen = await vscode.window.showInformationMessage(
    document.isDirty
      ? vscode.l10n.t('The change is made, and not saved yet. Once saved, it waits until you accept it.')
      : vscode.l10n.t('The policy is made. It waits until you accept it.'),
    ...(document.isDirty ? [save] : []),
  );
  if (chosen === save) await document.save();
}
