import * as vscode from 'vscode';
import type { Doctor, Finding } from './doctor.ts';
import type { Gate, Gates } from './gate.ts';
import type { HostLink } from './host-link.ts';

const log = { title: vscode.l10n.t('Show Log'), command: 'gatehouse.showLog' };

/** What Doctor looks at of trust, the daemon, resources, credentials and policy. */
export function addGateExaminations(doctor: Doctor, gates: Gates, link: HostLink): void {
  doctor.add(vscode.l10n.t('Workspace'), async () => workspace(gates));
  doctor.add(vscode.l10n.t('Daemon'), async () => {
    if (!gates.all.some(({ state }) => state.kind === 'running')) return [];
    const { version, pid, node, workspaces } = await link.status();
    const windows = new Set(workspaces.flatMap(({ clients }) => clients)).size;
    return [
      {
        state: 'good',
        part: vscode.l10n.t('Daemon'),
        words: vscode.l10n.t('Version {0}, process {1}, Node {2}', version, pid, node),
        detail: vscode.l10n.t(
          'Workspaces open: {0}; windows and commands that hold them: {1}',
          workspaces.length,
          windows,
        ),
      },
    ];
  });
  doctor.add(vscode.l10n.t('Gate'), async () => gates.all.flatMap(gate));
}

function workspace(gates: Gates): readonly Finding[] {
  const part = vscode.l10n.t('Workspace');
  if (!vscode.workspace.isTrusted) {
    return [
      {
        state: 'warning',
        part,
        words: vscode.l10n.t('This window is in Restricted Mode'),
        detail: vscode.l10n.t(
          'Policies are checked; no gate starts and no credential is given out before you trust it.',
        ),
        fix: { title: vscode.l10n.t('Manage Trust'), command: 'workbench.trust.manage' },
      },
    ];
  }
  if (gates.all.length === 0) {
    return [
      {
        state: 'warning',
        part,
        words: vscode.l10n.t('No folder of this window has a .gatehouse/gatehouse.yaml'),
        detail: vscode.l10n.t('It names what agents may reach, and where the real credentials come from.'),
        fix: { title: vscode.l10n.t('Initialise'), command: 'gatehouse.init' },
      },
    ];
  }
  return gates.all.map(({ folder }) => ({ state: 'good', part, words: folder.uri.fsPath }));
}

function gate({ folder, state }: Gate): readonly Finding[] {
  const part = folder.name;
  switch (state.kind) {
    case 'off':
      if (state.why === 'untrusted') return [];
      return [
        {
          state: 'warning',
          part,
          words: vscode.l10n.t('The gate is stopped'),
          detail: vscode.l10n.t('Agents reach nothing through it.'),
          fix: { title: vscode.l10n.t('Start the Gate'), command: 'gatehouse.start' },
        },
      ];
    case 'starting':
      return [{ state: 'warning', part, words: vscode.l10n.t('The gate is starting'), fix: log }];
    case 'failed':
      return [
        {
          state: 'bad',
          part,
          words: vscode.l10n.t('The gate does not run'),
          detail: state.problem,
          fix: log,
        },
      ];
    case 'running':
      return [...resources(state.status), ...policy(part, state.status), ...records(part, state.status)];
  }
}

type Status = Extract<Gate['state'], { kind: 'running' }>['status'];

function resources({ resources: all }: Status): readonly Finding[] {
  return all.map(({ name, listen, upstream, problem, missingSecret }): Finding => {
    if (problem !== undefined || listen === undefined) {
      return {
        state: 'bad',
        part: name,
        words: vscode.l10n.t('Agents cannot connect'),
        detail: problem ?? '',
        fix: log,
      };
    }
    if (missingSecret !== undefined) {
      return {
        state: 'bad',
        part: name,
        words: vscode.l10n.t('Its password is not known'),
        detail: vscode.l10n.t(
          'gatehouse.yaml asks for the secret "{0}", which this editor keeps none of.',
          missingSecret,
        ),
        fix: {
          title: vscode.l10n.t('Set the Secret'),
          command: 'gatehouse.setSecret',
          arguments: [{ name: missingSecret }],
        },
      };
    }
    return {
      state: 'good',
      part: name,
      words: vscode.l10n.t('Agents connect to {0}:{1}', listen.host, listen.port),
      detail: `→ ${upstream}`,
    };
  });
}

function policy(folder: string, { policy: { accepted, pending, broken } }: Status): readonly Finding[] {
  const part = vscode.l10n.t('Policy of {0}', folder);
  const found: Finding[] = [];
  if (broken !== undefined) {
    found.push({
      state: 'bad',
      part,
      words: vscode.l10n.t('The files have errors; what was accepted before stays in force'),
      detail: broken[0] ?? '',
      fix: { title: vscode.l10n.t('Show Problems'), command: 'workbench.actions.view.problems' },
    });
  }
  if (pending !== undefined) {
    found.push({
      state: 'warning',
      part,
      words: vscode.l10n.t('A change that allows more waits for you'),
      detail: pending.loosens.join('; '),
      fix: { title: vscode.l10n.t('Review'), command: 'gatehouse.approvals.focus' },
    });
  }
  found.push({
    state: accepted.rules === 0 ? 'warning' : 'good',
    part,
    words: vscode.l10n.t('In force: policies {0}, rules {1}', accepted.policies, accepted.rules),
    ...(accepted.rules === 0 ? { detail: vscode.l10n.t('Without a rule every request is denied.') } : {}),
  });
  return found;
}

function records(
  folder: string,
  { records: { folder: place, durability, lines } }: Status,
): readonly Finding[] {
  return [
    {
      state: 'good',
      part: vscode.l10n.t('Records of {0}', folder),
      words: vscode.l10n.t('{0} lines, {1}', lines.toLocaleString(), durability),
      detail: place,
    },
  ];
}
