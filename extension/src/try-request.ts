import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Reports } from './reports.ts';

/** What the language server takes and gives; see docs/editor.md. */
interface Try {
  readonly text: string;
  readonly resource?: string;
  readonly agent?: string;
  readonly person?: string;
  readonly groups?: readonly string[];
}

interface LensArguments {
  readonly uri: string;
  readonly rule?: string;
  readonly sample: Try;
}

type Answer =
  | { readonly kind: 'tried'; readonly markdown: string }
  | {
      readonly kind: 'begin';
      readonly recent: readonly Try[];
      readonly sample: Try;
      readonly resources: readonly string[];
    };

/** How long the keys rest before a shown answer follows an edit. */
const restMs = 300;

/**
 * `Gatehouse: Try a Request`, and the `▸ try` lenses: ask for a statement, show what becomes of it beside the policy, and
 * keep that true while the policy is edited.
 */
export function registerTry(client: LanguageClient, reports: Reports): vscode.Disposable {
  let shown: { readonly page: vscode.Uri; readonly asked: Try & { readonly uri: string } } | undefined;
  let later: NodeJS.Timeout | undefined;

  const ask = (given: object): Promise<Answer> =>
    client.sendRequest('workspace/executeCommand', { command: 'gatehouse.try', arguments: [given] });

  const command = vscode.commands.registerCommand('gatehouse.tryRequest', async (lens?: LensArguments) => {
    const uri = lens?.uri ?? vscode.window.activeTextEditor?.document.uri.toString();
    if (uri === undefined) {
      void vscode.window.showInformationMessage('Open a policy file first: requests are tried on a policy.');
      return;
    }
    try {
      const begin = await ask({ uri });
      if (begin.kind !== 'begin') return;
      const asked = await choose(begin, lens?.sample ?? begin.sample);
      if (asked === undefined) return;
      const answer = await ask({ ...asked, uri });
      if (answer.kind !== 'tried') return;
      const page = await reports.show('Tried request', answer.markdown);
      shown = { page, asked: { ...asked, uri } };
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  });

  const following = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (shown === undefined || !document.uri.path.includes('/.gatehouse/')) return;
    const { page, asked } = shown;
    clearTimeout(later);
    later = setTimeout(async () => {
      // A file that is broken for a moment keeps the last answer.
      const answer = await ask({ ...asked, again: true }).catch(() => undefined);
      if (answer?.kind === 'tried') await reports.update(page, answer.markdown);
    }, restMs);
  });
  return vscode.Disposable.from(command, following, { dispose: () => clearTimeout(later) });
}

interface Choice extends vscode.QuickPickItem {
  readonly request: Try;
}

/** The statement as it is typed, or one of the sample and the last ones. */
function choose(begin: Extract<Answer, { kind: 'begin' }>, sample: Try): Promise<Try | undefined> {
  const known = [sample, ...begin.recent.filter(({ text }) => text !== sample.text)];
  const choices = known.map(
    (request, index): Choice => ({
      label: request.text.replace(/\s+/g, ' '),
      description: index === 0 ? 'sample' : 'tried before',
      detail: who(request, begin.resources),
      request,
    }),
  );
  return new Promise((resolve) => {
    const picker = vscode.window.createQuickPick<Choice>();
    picker.title = 'Try a request';
    picker.placeholder = `Type a SQL statement, or choose one (${who(sample, begin.resources)})`;
    picker.items = choices;
    picker.matchOnDetail = true;
    picker.onDidChangeValue((value) => {
      const typed: Choice = {
        label: value,
        description: 'as typed',
        detail: who(sample, begin.resources),
        alwaysShow: true,
        request: { ...sample, text: value },
      };
      picker.items = value.trim() === '' ? choices : [typed, ...choices];
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.request);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

function who({ agent, person, groups = [], resource }: Try, resources: readonly string[]): string {
  const people = groups.length === 0 ? '' : ` of ${groups.join(', ')}`;
  return `by ${agent ?? 'an agent'}${person === undefined ? '' : ` for ${person}`}${people} on ${resource ?? resources[0] ?? 'no resource'}`;
}
