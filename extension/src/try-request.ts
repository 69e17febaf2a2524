import * as vscode from 'vscode';
import type { Language } from './language.ts';
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
export function registerTry(language: Language, reports: Reports): vscode.Disposable {
  let shown: { readonly page: vscode.Uri; readonly asked: Try & { readonly uri: string } } | undefined;
  let later: NodeJS.Timeout | undefined;

  const ask = (given: object): Promise<Answer> =>
    language.sendRequest('workspace/executeCommand', { command: 'gatehouse.try', arguments: [given] });

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
  /** Absent: somebody else is to ask. */
  readonly request?: Try;
}

type Begin = Extract<Answer, { kind: 'begin' }>;

/** The statement as it is typed, or one of the sample and the last ones; by whom and on what may be changed first. */
async function choose(begin: Begin, sample: Try): Promise<Try | undefined> {
  const chosen = await pick(begin, sample);
  if (chosen === undefined || chosen.request !== undefined) return chosen?.request;
  const other = await somebodyElse(begin, sample);
  return other && choose(begin, other);
}

function pick(begin: Begin, sample: Try): Promise<Choice | undefined> {
  const known = [sample, ...begin.recent.filter(({ text }) => text !== sample.text)];
  const choices = known.map(
    (request, index): Choice => ({
      label: request.text.replace(/\s+/g, ' '),
      description: index === 0 ? 'sample' : 'tried before',
      detail: who(request, begin.resources),
      request,
    }),
  );
  const change: Choice = {
    label: '$(account) Somebody else asks…',
    description: `now ${who(sample, begin.resources)}`,
    alwaysShow: true,
  };
  return new Promise((resolve) => {
    const picker = vscode.window.createQuickPick<Choice>();
    picker.title = 'Try a request';
    picker.placeholder = `Type a SQL statement, or choose one (${who(sample, begin.resources)})`;
    picker.items = [...choices, change];
    picker.onDidChangeValue((value) => {
      const typed: Choice = {
        label: value,
        description: 'as typed',
        detail: who(sample, begin.resources),
        alwaysShow: true,
        request: { ...sample, text: value },
      };
      picker.items = value.trim() === '' ? [...choices, change] : [typed, ...choices, change];
    });
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}

/** The sample, asked by another agent, for somebody of other groups, on another resource. */
async function somebodyElse({ resources }: Begin, sample: Try): Promise<Try | undefined> {
  const title = 'Who asks?';
  const agent = await vscode.window.showInputBox({ title, prompt: 'The agent', value: sample.agent ?? '' });
  if (agent === undefined) return undefined;
  const listed = await vscode.window.showInputBox({
    title,
    prompt: 'Groups of the person behind it, with commas between; leave it empty for none',
    value: (sample.groups ?? []).join(', '),
  });
  if (listed === undefined) return undefined;
  const resource =
    resources.length > 1
      ? await vscode.window.showQuickPick(resources, { title: 'On which resource?' })
      : resources[0];
  if (resource === undefined) return undefined;
  const groups = listed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return { ...sample, agent: agent.trim(), groups, resource };
}

function who({ agent, person, groups = [], resource }: Try, resources: readonly string[]): string {
  const people = groups.length === 0 ? '' : ` of ${groups.join(', ')}`;
  return `by ${agent ?? 'an agent'}${person === undefined ? '' : ` for ${person}`}${people} on ${resource ?? resources[0] ?? 'no resource'}`;
}
