import { existsSync } from 'node:fs';
import type { Exposure, Finding } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';

const key = 'formerSources';

/** A place that gatehouse.yaml took a password from before it was moved into the editor. The password may still be there. */
interface FormerSource {
  readonly folder: string;
  readonly resource: string;
  readonly place: Finding['place'];
}

export function rememberSource(
  context: vscode.ExtensionContext,
  folder: vscode.Uri,
  { resource, place }: Finding,
): void {
  if (resource === undefined) return;
  const source: FormerSource = { folder: folder.toString(), resource, place };
  const others = sourcesOf(context).filter((each) => JSON.stringify(each) !== JSON.stringify(source));
  void context.workspaceState.update(key, [...others, source]);
}

/** What was found, and the places of before that still hold a password: nobody else would know them again. */
export function withFormerSources(
  context: vscode.ExtensionContext,
  folder: vscode.Uri,
  exposure: Exposure,
): Exposure {
  const still = sourcesOf(context).filter(
    (each) => each.folder === folder.toString() && holdsStill(each) && !isFound(each, exposure),
  );
  const findings = still.map(
    ({ resource, place }): Finding => ({
      level: 'direct',
      kind: place.kind === 'variable' ? 'environment' : 'resource-file',
      place,
      resource,
      words:
        place.kind === 'variable'
          ? vscode.l10n.t('The password of {0} was moved from this variable, which still holds it.', resource)
          : vscode.l10n.t('The password of {0} was moved from this file, which still holds it.', resource),
      fixes: place.kind === 'variable' ? [{ kind: 'unset' }] : [],
    }),
  );
  return { ...exposure, findings: [...findings, ...exposure.findings] };
}

function sourcesOf(context: vscode.ExtensionContext): readonly FormerSource[] {
  return context.workspaceState.get<readonly FormerSource[]>(key) ?? [];
}

function holdsStill({ place }: FormerSource): boolean {
  return place.kind === 'variable' ? Boolean(process.env[place.name]) : existsSync(place.file);
}

function isFound({ place }: FormerSource, { findings }: Exposure): boolean {
  return findings.some((finding) => JSON.stringify(finding.place) === JSON.stringify(place));
}
