import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding, Fix } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Parts } from '../../parts.ts';
import type { PlannedChanges } from '../planned-changes.ts';
import { shortPath } from '../short-path.ts';
import { keyOf } from './coverage.ts';
import type { Coverages, FolderCoverage } from './folder-coverage.ts';
import { rememberSource } from './former-sources.ts';

/** What the command is given: which finding, of which folder. */
export interface FindingGiven {
  readonly folder: vscode.Uri;
  readonly key: string;
}

type FixOf<Kind extends Fix['kind']> = Extract<Fix, { readonly kind: Kind }>;

/** `gatehouse.fixCredential`: take a direct credential out of an agent's reach, seen and agreed to by the person. */
export function registerFixCredential(
  { context }: Parts,
  coverages: Coverages,
  changes: PlannedChanges,
): vscode.Disposable {
  return vscode.commands.registerCommand('gatehouse.fixCredential', async (given?: FindingGiven) => {
    // Files may have changed since they were shown, and a place in them is only good for the text it was found in.
    const since = Date.now();
    const folders = await coverages.look();
    const all = folders.flatMap((folder) => folder.exposure.findings.map((finding) => ({ folder, finding })));
    const chosen =
      given === undefined
        ? await chooseFinding(all)
        : all.find(
            ({ folder, finding }) =>
              folder.gate.folder.uri.toString() === given.folder.toString() && keyOf(finding) === given.key,
          );
    if (given !== undefined && chosen === undefined)
      void vscode.window.showInformationMessage(vscode.l10n.t('It is not there any more.'));
    const fix = chosen && (await chooseFix(chosen.finding));
    if (chosen === undefined || fix === undefined) return;
    try {
      await apply({ context, changes, since }, chosen.folder, chosen.finding, fix);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
    coverages.refresh(0);
  });
}

async function chooseFinding(
  all: readonly { readonly folder: FolderCoverage; readonly finding: Finding }[],
): Promise<{ readonly folder: FolderCoverage; readonly finding: Finding } | undefined> {
  const items = all
    .filter(({ finding }) => finding.fixes.length > 0)
    .map((each) => ({ label: placeName(each.finding), description: each.finding.words, each }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No direct credential is within reach.'));
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which credential?') }))?.each;
}

async function chooseFix(finding: Finding): Promise<Fix | undefined> {
  if (finding.fixes.length < 2) return finding.fixes[0];
  const items = finding.fixes.map((fix) => ({ label: fixTitle(fix), fix }));
  return (await vscode.window.showQuickPick(items, { title: placeName(finding) }))?.fix;
}

/** What a fix does, as a button or an item says it. */
export function fixTitle(fix: Fix): string {
  switch (fix.kind) {
    case 'move':
      return vscode.l10n.t('Move it to the secret {0}', fix.secret);
    case 'stdin':
      return vscode.l10n.t('Keep it as the secret {0} of this editor', fix.secret);
    case 'unset':
      return vscode.l10n.t('Unset it');
    case 'chmod':
      return vscode.l10n.t('Let only yourself read the file');
  }
}

/** `.pgpass:3`, `$PGPASSWORD` */
export function placeName({ place }: Finding): string {
  if (place.kind === 'variable') return `$${place.name}`;
  return `${path.basename(place.file)}${place.line === undefined ? '' : `:${place.line}`}`;
}

interface With {
  readonly context: vscode.ExtensionContext;
  readonly changes: PlannedChanges;
  /** When what was found was looked for, in milliseconds since 1970: places are good for files that are older. */
  readonly since: number;
}

async function apply(parts: With, { gate }: FolderCoverage, finding: Finding, fix: Fix): Promise<void> {
  const folder = gate.folder.uri;
  switch (fix.kind) {
    case 'move':
      return move(parts, folder, finding, fix);
    case 'stdin':
      return useStdin(parts, folder, finding, fix);
    case 'unset':
      await vscode.window.showInformationMessage(
        vscode.l10n.t('{0} comes from where this editor was started.', placeName(finding)),
        {
          modal: true,
          detail: vscode.l10n.t(
            'Take it out of the file or the shell that sets it, and start the editor again: agents inherit what the editor has.',
          ),
        },
      );
      return;
    case 'chmod':
      if (finding.place.kind === 'file') chmodSync(finding.place.file, 0o600);
  }
}

/** The secret goes to the editor's storage first, and out of the file only then. */
async function move(
  { changes, since }: With,
  folder: vscode.Uri,
  { place }: Finding,
  { secret: name, span }: FixOf<'move'>,
): Promise<void> {
  if (place.kind !== 'file') return;
  const before = readUnchanged(place.file, since);
  const value = asMeant(before.slice(span.start, span.end), span.written);
  const after = before.slice(0, span.cut.start) + before.slice(span.cut.end);
  const agreed = await changes.agreed(
    vscode.l10n.t('Take a Password out of {0}', path.basename(place.file)),
    [{ file: place.file, before, after }],
    vscode.l10n.t(
      'Keep this password as the secret {0} of this editor, and take it out of {1}?',
      name,
      shortPath(place.file, folder.fsPath),
    ),
    vscode.l10n.t('Move'),
  );
  if (!agreed || !(await vscode.commands.executeCommand('gatehouse.setSecret', { folder, name, value })))
    return;
  write(place.file, before, after);
}

/** gatehouse.yaml then asks for the secret by its name, and the daemon is handed it in memory. */
async function useStdin(
  { context, changes, since }: With,
  folder: vscode.Uri,
  finding: Finding,
  { secret: name, file, at }: FixOf<'stdin'>,
): Promise<void> {
  const before = readUnchanged(file, since);
  const after = `${before.slice(0, at.start)}{ stdin: ${yamlName(name)} }${before.slice(at.end)}`;
  const agreed = await changes.agreed(
    vscode.l10n.t('Keep a Password in the Editor'),
    [{ file, before, after }],
    vscode.l10n.t(
      'Keep the password as the secret {0} of this editor, and have the gate ask for that?',
      name,
    ),
    vscode.l10n.t('Keep'),
  );
  if (!agreed) return;
  const value = sourceValue(finding);
  const given = value === undefined ? { folder, name } : { folder, name, value };
  if (!(await vscode.commands.executeCommand('gatehouse.setSecret', given))) return;
  write(file, before, after);
  if (finding.kind !== 'resource-command') rememberSource(context, folder, finding);
}

/** As the daemon reads it; undefined: the person is asked. */
function sourceValue({ kind, place }: Finding): string | undefined {
  if (place.kind === 'variable') return process.env[place.name];
  return kind === 'resource-file' ? readFileSync(place.file, 'utf8').replace(/\r?\n$/, '') : undefined;
}

function readUnchanged(file: string, since: number): string {
  if (statSync(file).mtimeMs >= since) throw changedMeanwhile(file);
  return readFileSync(file, 'utf8');
}

function changedMeanwhile(file: string): Error {
  return new Error(vscode.l10n.t('{0} was changed meanwhile, so it was left as it is.', file));
}

function write(file: string, before: string, after: string): void {
  if (readFileSync(file, 'utf8') !== before) throw changedMeanwhile(file);
  writeFileSync(file, after);
}

function asMeant(text: string, written: FixOf<'move'>['span']['written']): string {
  switch (written) {
    case 'plain':
      return text;
    case 'pgpass':
      return text.replace(/\\(.)/g, '$1');
    case 'url':
      try {
        return decodeURIComponent(text);
      } catch {
        return text;
      }
  }
}

function yamlName(name: string): string {
  return /^[A-Za-z][\w.-]*$/.test(name) ? name : JSON.stringify(name);
}
