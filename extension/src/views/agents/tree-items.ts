import type { Finding } from '@gatehouse/daemon/control/messages.ts';
import path from 'node:path';
import * as vscode from 'vscode';
import type { CoveredAgent, Verdict, Way } from '../../agents/coverage/coverage.ts';
import { keyOf } from '../../agents/coverage/coverage.ts';
import { type FindingGiven, fixTitle, placeName } from '../../agents/coverage/fix-credential.ts';
import type { FolderCoverage } from '../../agents/coverage/folder-coverage.ts';
import { shortPath } from '../../agents/short-path.ts';

/** A row of the view. */
export type Row =
  | { readonly kind: 'folder'; readonly coverage: FolderCoverage }
  | { readonly kind: 'verdict'; readonly coverage: FolderCoverage }
  | { readonly kind: 'agents'; readonly coverage: FolderCoverage }
  | { readonly kind: 'agent'; readonly coverage: FolderCoverage; readonly agent: CoveredAgent }
  | { readonly kind: 'direct'; readonly coverage: FolderCoverage }
  | { readonly kind: 'beside'; readonly coverage: FolderCoverage }
  | { readonly kind: 'finding'; readonly coverage: FolderCoverage; readonly finding: Finding }
  | {
      readonly kind: 'unread';
      readonly coverage: FolderCoverage;
      readonly file: string;
      readonly why: string;
    };

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** The row as VS Code shows it. */
export function itemOf(row: Row): vscode.TreeItem {
  switch (row.kind) {
    case 'folder':
      return {
        ...plain(row.coverage.gate.folder.name, Expanded),
        iconPath: icon('root-folder'),
        description: verdictWords(row.coverage.verdict),
      };
    case 'verdict':
      return verdictItem(row.coverage.verdict);
    case 'agents':
      return plain(vscode.l10n.t('Agents'), Expanded);
    case 'agent':
      return agentItem(row.agent);
    case 'direct':
      return plain(vscode.l10n.t('Direct Credentials'), Expanded);
    case 'beside':
      return {
        ...plain(vscode.l10n.t('Also Within Reach'), Collapsed),
        tooltip: vscode.l10n.t('Credentials of what is no resource of this workspace.'),
      };
    case 'finding':
      return findingItem(row.finding, row.coverage.gate.folder.uri.fsPath);
    case 'unread': {
      const item = plain(shortPath(row.file, row.coverage.gate.folder.uri.fsPath), None);
      return {
        ...item,
        iconPath: icon('question'),
        description: vscode.l10n.t('not looked into'),
        tooltip: row.why,
      };
    }
  }
}

/** What a row's inline actions are given. */
export function findingGiven({
  coverage,
  finding,
}: Extract<Row, { readonly kind: 'finding' }>): FindingGiven {
  return { folder: coverage.gate.folder.uri, key: keyOf(finding) };
}

/** "Steered: 2 direct credentials reachable" */
export function verdictWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'enforced':
      return vscode.l10n.t('Enforced');
    case 'steered':
      return verdict.direct === 1
        ? vscode.l10n.t('Steered: 1 direct credential reachable')
        : vscode.l10n.t('Steered: {0} direct credentials reachable', verdict.direct);
    case 'unknown':
      return vscode.l10n.t('Not known');
  }
}

function verdictItem(verdict: Verdict): vscode.TreeItem {
  const item = plain(verdictWords(verdict), None);
  switch (verdict.kind) {
    case 'enforced':
      return {
        ...item,
        iconPath: icon('shield', 'testing.iconPassed'),
        tooltip: markdown(
          vscode.l10n.t(
            '**Enforced.** No direct credential of a resource was found within reach of an agent: only the gate can log in.',
          ),
        ),
      };
    case 'steered':
      return {
        ...item,
        iconPath: icon('warning', 'problemsWarningIcon.foreground'),
        tooltip: markdown(
          vscode.l10n.t(
            '**Steered, not enforced.** Agents are led through the gate, but one that reads what is listed below can log in past it. Fix each to have the gate hold by itself.',
          ),
        ),
      };
    case 'unknown':
      return {
        ...item,
        iconPath: icon('question'),
        tooltip: verdict.problem ?? vscode.l10n.t('Nobody has looked yet.'),
      };
  }
}

function agentItem(agent: CoveredAgent): vscode.TreeItem {
  const { title, ways, connectable } = agent;
  const routed = ways.length > 0;
  const words = routed ? ways.map(wayWords).join(', ') : vscode.l10n.t('not routed');
  const seen = agent.lastSeen === undefined ? [] : [seenWords(agent)];
  const loose = agent.loose > 0 && !routed ? [vscode.l10n.t('runs now')] : [];
  const description = [words, ...seen, ...loose].join(' · ');
  const files = ways.some((way) => way === 'files' || way === 'user-files');
  return {
    ...plain(title, None),
    description,
    iconPath: routed
      ? icon('pass', 'testing.iconPassed')
      : icon('circle-slash', 'problemsWarningIcon.foreground'),
    contextValue: connectable ? (files ? 'agent.connected' : 'agent.loose') : 'agent',
    tooltip: markdown(agentTooltip(agent)),
    accessibilityInformation: {
      label: routed
        ? vscode.l10n.t('{0}, led through the gate: {1}', title, description)
        : vscode.l10n.t('{0}, not led through the gate: {1}', title, description),
    },
  };
}

function wayWords(way: Way): string {
  switch (way) {
    case 'plugin':
      return vscode.l10n.t('plugin hook');
    case 'files':
      return vscode.l10n.t('hook and MCP');
    case 'user-files':
      return vscode.l10n.t('hook and MCP, all folders');
    case 'terminal':
      return vscode.l10n.t('agent terminal');
    case 'token':
      return vscode.l10n.t('by a token');
  }
}

function seenWords({ open, lastSeen = 0 }: CoveredAgent): string {
  if (open > 0) return vscode.l10n.t('connected now');
  const minutes = Math.max(0, Math.round((Date.now() - lastSeen) / 60_000));
  if (minutes < 1) return vscode.l10n.t('just now');
  if (minutes < 60) return vscode.l10n.t('{0} min ago', minutes);
  if (minutes < 48 * 60) return vscode.l10n.t('{0} h ago', Math.round(minutes / 60));
  return vscode.l10n.t('{0} days ago', Math.round(minutes / 1440));
}

function agentTooltip({ title, name, ways, lastSeen, requests, denied, loose }: CoveredAgent): string {
  const lines = [`**${title}** \`${name}\``];
  lines.push(
    ways.length > 0
      ? vscode.l10n.t('Led through the gate by: {0}.', ways.map(wayWords).join(', '))
      : vscode.l10n.t('Nothing leads it through the gate. Connect it, or start it in an agent terminal.'),
  );
  if (lastSeen !== undefined) {
    lines.push(
      vscode.l10n.t(
        'Last seen {0}: {1} requests, {2} denied.',
        new Date(lastSeen).toLocaleString(),
        requests,
        denied,
      ),
    );
  }
  if (loose > 0) {
    lines.push(
      loose === 1
        ? vscode.l10n.t('One process of it works here now that was not started through the gate.')
        : vscode.l10n.t('{0} processes of it work here now that were not started through the gate.', loose),
    );
  }
  return lines.join('\n\n');
}

function findingItem(finding: Finding, folder: string): vscode.TreeItem {
  const { place, level, resource, words, fixes } = finding;
  const name = placeName(finding);
  const direct = level === 'direct';
  const where = place.kind === 'file' ? place.file : vscode.l10n.t('the environment of this editor');
  const fixLines = fixes.map((fix) => `- ${fixTitle(fix)}`).join('\n');
  const parts = [`**${name}**`, words, `\`${where}\``, ...(fixLines === '' ? [] : [fixLines])];
  return {
    ...plain(name, None),
    description: [resource, kindWords(finding, folder)].filter((each) => each !== undefined).join(' · '),
    iconPath: direct ? icon('key', 'problemsErrorIcon.foreground') : icon('info'),
    contextValue: fixes.length > 0 ? 'finding.fixable' : 'finding',
    tooltip: markdown(parts.join('\n\n')),
    accessibilityInformation: {
      label: direct
        ? vscode.l10n.t('Direct credential of {0} in {1}', resource ?? '', name)
        : vscode.l10n.t('Credential in {0}', name),
    },
    ...(place.kind === 'variable' ? {} : { command: openCommand(place.file, place.line) }),
  };
}

function kindWords({ kind, place }: Finding, folder: string): string {
  if (place.kind === 'variable') return vscode.l10n.t('environment');
  switch (kind) {
    case 'my-cnf':
      return 'MySQL';
    case 'kubeconfig':
      return 'Kubernetes';
    case 'ssh-key':
      return 'SSH';
    case 'git-credentials':
      return 'Git';
    default:
      return path.dirname(shortPath(place.file, folder)).replace(/^\.$/, vscode.l10n.t('this folder'));
  }
}

function openCommand(file: string, line = 1): vscode.Command {
  const position = new vscode.Position(line - 1, 0);
  return {
    title: vscode.l10n.t('Open'),
    command: 'vscode.open',
    arguments: [vscode.Uri.file(file), { selection: new vscode.Range(position, position), preview: true }],
  };
}

function plain(label: string, state: vscode.TreeItemCollapsibleState): vscode.TreeItem {
  return new vscode.TreeItem(label, state);
}

function icon(name: string, colour?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, colour === undefined ? undefined : new vscode.ThemeColor(colour));
}

/** Paths and names are others' words: nothing in them is a link or a command. */
function markdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(text);
}
