import * as vscode from 'vscode';
import { registerFixCredential } from '../../agents/coverage/fix-credential.ts';
import { Coverages, type FolderCoverage } from '../../agents/coverage/folder-coverage.ts';
import { registerConnect } from '../../agents/connect/connect-agent.ts';
import { PlannedChanges } from '../../agents/planned-changes.ts';
import type { Finding as Examined } from '../../gate/doctor.ts';
import type { Parts } from '../../parts.ts';
import { findingGiven, itemOf, type Row, verdictWords } from './tree-items.ts';

/** The view "Agents": who is led through the gate, and what goes around it, each with what mends it. */
export function registerAgents(parts: Parts): vscode.Disposable {
  const coverages = new Coverages(parts);
  const changes = new PlannedChanges();
  const changed = new vscode.EventEmitter<void>();
  const view = vscode.window.createTreeView<Row>('gatehouse.agents', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: itemOf,
      getChildren: (row) => childrenOf(row, coverages.known),
    },
    showCollapseAll: false,
  });
  const show = () => {
    const [only, ...others] = coverages.known;
    view.description = only !== undefined && others.length === 0 ? shortVerdict(only) : '';
    changed.fire();
  };
  coverages.want(view.visible);
  parts.doctor.add(vscode.l10n.t('Credentials'), async () => (await coverages.look()).map(examined));
  return vscode.Disposable.from(
    coverages,
    changes,
    changed,
    view,
    coverages.onDidChange(show),
    view.onDidChangeVisibility(({ visible }) => coverages.want(visible)),
    registerConnect(parts, changes, () => coverages.refresh(0)),
    registerFixCredential(parts, coverages, changes),
    vscode.commands.registerCommand('gatehouse.refreshAgents', () => coverages.refresh(0)),
    vscode.commands.registerCommand('gatehouse.agents.connect', (row: Row) =>
      run('gatehouse.connectAgent', row),
    ),
    vscode.commands.registerCommand('gatehouse.agents.disconnect', (row: Row) =>
      run('gatehouse.disconnectAgent', row),
    ),
    vscode.commands.registerCommand('gatehouse.agents.fix', (row: Row) =>
      row.kind === 'finding'
        ? vscode.commands.executeCommand('gatehouse.fixCredential', findingGiven(row))
        : undefined,
    ),
  );
}

function run(command: string, row: Row): Thenable<unknown> | undefined {
  if (row.kind !== 'agent') return undefined;
  return vscode.commands.executeCommand(command, {
    folder: row.coverage.gate.folder.uri,
    agent: row.agent.name,
  });
}

function childrenOf(row: Row | undefined, known: readonly FolderCoverage[]): Row[] {
  return [...rowsBelow(row, known)];
}

function* rowsBelow(row: Row | undefined, known: readonly FolderCoverage[]): Generator<Row> {
  if (row === undefined) {
    const [only, ...others] = known;
    if (only !== undefined && others.length === 0) yield* rowsOf(only);
    else for (const coverage of known) yield { kind: 'folder', coverage };
    return;
  }
  const { coverage } = row;
  const { findings, unread } = coverage.exposure;
  switch (row.kind) {
    case 'folder':
      yield* rowsOf(coverage);
      return;
    case 'agents':
      for (const agent of coverage.agents) yield { kind: 'agent', coverage, agent };
      return;
    case 'direct':
      for (const finding of findings)
        if (finding.level === 'direct') yield { kind: 'finding', coverage, finding };
      return;
    case 'beside':
      for (const finding of findings)
        if (finding.level === 'note') yield { kind: 'finding', coverage, finding };
      for (const { file, why } of unread) yield { kind: 'unread', coverage, file, why };
      return;
    case 'verdict':
    case 'agent':
    case 'finding':
    case 'unread':
  }
}

function* rowsOf(coverage: FolderCoverage): Generator<Row> {
  const { findings, unread } = coverage.exposure;
  yield { kind: 'verdict', coverage };
  if (coverage.agents.length > 0) yield { kind: 'agents', coverage };
  if (findings.some(({ level }) => level === 'direct')) yield { kind: 'direct', coverage };
  if (unread.length > 0 || findings.some(({ level }) => level === 'note')) yield { kind: 'beside', coverage };
}

function shortVerdict({ verdict }: FolderCoverage): string {
  switch (verdict.kind) {
    case 'enforced':
      return vscode.l10n.t('Enforced');
    case 'steered':
      return vscode.l10n.t('Steered');
    case 'unknown':
      return '';
  }
}

/** What Doctor says of a folder. */
function examined({ verdict }: FolderCoverage): Examined {
  const part = vscode.l10n.t('Credentials');
  const fix = { title: vscode.l10n.t('Show Agents'), command: 'gatehouse.agents.focus' };
  switch (verdict.kind) {
    case 'enforced':
      return {
        state: 'good',
        part,
        words: vscode.l10n.t('Enforced: no direct credential of a resource is within reach of agents'),
      };
    case 'steered':
      return {
        state: 'warning',
        part,
        words: verdictWords(verdict),
        detail: vscode.l10n.t('An agent that reads them goes around the gate.'),
        fix,
      };
    case 'unknown':
      return {
        state: 'warning',
        part,
        words: vscode.l10n.t('Not everything could be looked into'),
        ...(verdict.problem === undefined ? {} : { detail: verdict.problem }),
        fix,
      };
  }
}
