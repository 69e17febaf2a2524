import * as vscode from 'vscode';
import { FolderSecrets, sharedSecret } from '../../gate/secrets.ts';
import type { Parts } from '../../parts.ts';
import { DemoCompanion, runCommand, type Seen } from './demo-companion.ts';
import { DemoLenses, type DemoStatement, statementsOf } from './demo-statements.ts';
import { seenPage } from './seen-page.ts';

/** As the demo's gatehouse.yaml names the secret. */
const secretName = 'shop-db';
const passwordKey = 'demo';
/** Set when a window is told to open the demo, for the window that then does. */
const openedKey = 'demo.opened';
const policyFile = '.gatehouse/policies/shop.policy.yaml';
const statementsFile = 'demo.sql';
/** What takes longer than this is probably held. */
const heldMs = 700;

/**
 * `Gatehouse: Try the Demo`: a folder with a policy, a database that comes along, and statements to run as an agent. The
 * folder is one of the editor's own storage, and stays as the person has changed it.
 */
export function registerDemo(parts: Parts): vscode.Disposable {
  const { context } = parts;
  const place = vscode.Uri.joinPath(context.globalStorageUri, 'demo', 'shop');
  const folder = (vscode.workspace.workspaceFolders ?? []).find(({ uri }) => uri.fsPath === place.fsPath);
  const here = folder && new DemoWindow(parts, folder.uri);
  const subscriptions: vscode.Disposable[] = [
    vscode.commands.registerCommand('gatehouse.tryDemo', async () => {
      if (here !== undefined) return here.show();
      try {
        await runCommand(context.extensionUri, ['demo', 'files', place.fsPath]);
      } catch (error) {
        void vscode.window.showErrorMessage(vscode.l10n.t('The demo cannot be made: {0}', wordsOf(error)));
        return;
      }
      await context.globalState.update(openedKey, true);
      const forceNewWindow = vscode.workspace.workspaceFolders !== undefined;
      await vscode.commands.executeCommand('vscode.openFolder', place, { forceNewWindow });
    }),
    vscode.commands.registerCommand('gatehouse.runDemoStatement', async (given?: DemoStatement) => {
      if (here === undefined) await vscode.commands.executeCommand('gatehouse.tryDemo');
      else await here.run(given);
    }),
    vscode.commands.registerCommand('gatehouse.openDemoPolicy', async () => {
      if (here === undefined) await vscode.commands.executeCommand('gatehouse.tryDemo');
      else await here.open(policyFile);
    }),
    vscode.commands.registerCommand('gatehouse.showDemoDecision', () => here?.showDecision()),
  ];
  if (here !== undefined) subscriptions.push(here);
  return vscode.Disposable.from(...subscriptions);
}

/** The window on the demo's folder. */
class DemoWindow implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #folder: vscode.Uri;
  readonly #subscriptions: vscode.Disposable[] = [];
  #companion: DemoCompanion | undefined;

  constructor(parts: Parts, folder: vscode.Uri) {
    this.#parts = parts;
    this.#folder = folder;
    const pattern = new vscode.RelativePattern(folder, statementsFile);
    this.#subscriptions.push(
      vscode.languages.registerCodeLensProvider({ pattern }, new DemoLenses()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#begin()),
    );
    setContext('gatehouse.demo', true);
    if (vscode.workspace.isTrusted) void this.#begin();
  }

  /** The steps on the left, and what they speak of on the right. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand('gatehouse.openWalkthrough');
    await this.open(policyFile);
    await this.open(statementsFile);
  }

  async open(file: string): Promise<void> {
    const uri = vscode.Uri.joinPath(this.#folder, file);
    await vscode.window.showTextDocument(uri, { preview: false, viewColumn: vscode.ViewColumn.Two });
  }

  /** Run a statement of the file as the agent, one that the person chooses unless it is given. */
  async run(given?: DemoStatement): Promise<void> {
    const statement = given ?? (await this.#choose());
    if (statement === undefined) return;
    const { reports } = this.#parts;
    const title = vscode.l10n.t('What the agent saw');
    // One page at a time, or two would open.
    let shown = Promise.resolve();
    const show = (seen: Seen | undefined): Promise<void> => {
      shown = shown.then(async () => {
        // It opens beside the group that has the focus: always in the second one.
        await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
        await reports.show(title, seenPage(statement, seen));
      });
      return shown;
    };
    void focusLive();
    let late: NodeJS.Timeout | undefined;
    try {
      this.#companion ??= await this.#start();
      await this.#companion.ready;
      late = setTimeout(() => void show(undefined), heldMs);
      const seen = await this.#companion.run(statement.sql);
      clearTimeout(late);
      await show(seen);
    } catch (error) {
      clearTimeout(late);
      this.#companion?.dispose();
      this.#companion = undefined;
      const again = vscode.l10n.t('Try Again');
      const chosen = await vscode.window.showErrorMessage(
        vscode.l10n.t('The agent of the demo could not run: {0}', wordsOf(error)),
        again,
      );
      if (chosen === again) await this.run(statement);
    }
  }

  async showDecision(): Promise<void> {
    await focusLive();
    const decided = this.#parts.gates.of(this.#folder)?.recent.some(({ kind }) => kind === 'request.decided');
    setContext('gatehouse.decisionSeen', decided === true);
  }

  dispose(): void {
    this.#companion?.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  async #choose(): Promise<DemoStatement | undefined> {
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.joinPath(this.#folder, statementsFile),
    );
    const items = statementsOf(document.getText()).map((statement) => ({
      label: statement.title,
      detail: statement.sql.replace(/\s+/g, ' '),
      statement,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Run as an agent'),
      placeHolder: vscode.l10n.t('What shall the agent try?'),
      matchOnDetail: true,
    });
    return chosen?.statement;
  }

  async #begin(): Promise<void> {
    const { context, gates, output } = this.#parts;
    const gate = gates.of(this.#folder);
    if (gate !== undefined) {
      this.#subscriptions.push(
        gate.onRecorded((lines) => {
          if (lines.some(({ kind }) => kind === 'request.decided')) setContext('gatehouse.demoDecided', true);
        }),
      );
    }
    // Before the keys are set: VS Code takes no step for done whose key was set when it first looked at the walkthrough.
    if (context.globalState.get<boolean>(openedKey) === true) {
      await context.globalState.update(openedKey, undefined);
      await this.show();
    }
    try {
      this.#companion ??= await this.#start();
      await this.#companion.ready;
      setContext('gatehouse.demoRunning', true);
    } catch (error) {
      output.error(`The demo does not start: ${wordsOf(error)}`);
      void vscode.window.showErrorMessage(vscode.l10n.t('The demo does not start: {0}', wordsOf(error)));
    }
  }

  async #start(): Promise<DemoCompanion> {
    const { context } = this.#parts;
    const password = await sharedSecret(context, passwordKey);
    const secrets = new FolderSecrets(context.secrets);
    if ((await secrets.of(this.#folder))[secretName] !== password)
      await secrets.set(this.#folder, secretName, password);
    return new DemoCompanion(context.extensionUri, this.#folder.fsPath, password);
  }
}

async function focusLive(): Promise<void> {
  // The panel may be hidden by the person's own choice of views.
  await vscode.commands.executeCommand('gatehouse.live.focus').then(undefined, () => {});
}

function setContext(key: string, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
