import * as vscode from 'vscode';

/** What was found of one part, in words for the person. */
export interface Finding {
  readonly state: 'good' | 'warning' | 'bad';
  /** The part: "Daemon", "shop-db". */
  readonly part: string;
  readonly words: string;
  /** Why it matters, or what stands behind it; a line or two. */
  readonly detail?: string;
  readonly fix?: {
    readonly title: string;
    readonly command: string;
    readonly arguments?: readonly unknown[];
  };
}

/** Looks at one part of Gatehouse. What it throws is a finding, too. */
export type Examination = () => Promise<readonly Finding[]>;

/** Collects what every part has to say of its own health. */
export class Doctor {
  readonly #examinations = new Map<string, Examination>();

  /** @param part stands in the report where the examination itself fails */
  add(part: string, examination: Examination): void {
    this.#examinations.set(part, examination);
  }

  async examine(): Promise<readonly Finding[]> {
    const found = await Promise.all(
      [...this.#examinations].map(([part, examination]) =>
        examination().catch((error: unknown): readonly Finding[] => [
          { state: 'bad', part, words: error instanceof Error ? error.message : String(error) },
        ]),
      ),
    );
    return found.flat();
  }
}

const icons: Readonly<Record<Finding['state'], string>> = {
  good: '$(pass)',
  warning: '$(warning)',
  bad: '$(error)',
};

interface Item extends vscode.QuickPickItem {
  readonly finding?: Finding;
}

/**
 * `Gatehouse: Doctor`: every part with what was found; choosing one that has a fix does it.
 * @param onDidChange when to look again while it is open
 */
export function registerDoctor(doctor: Doctor, onDidChange: vscode.Event<void>): vscode.Disposable {
  return vscode.commands.registerCommand('gatehouse.doctor', async () => {
    const picker = vscode.window.createQuickPick<Item>();
    const copy: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon('copy'),
      tooltip: vscode.l10n.t('Copy Report'),
    };
    const again: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon('refresh'),
      tooltip: vscode.l10n.t('Examine Again'),
    };
    picker.title = vscode.l10n.t('Gatehouse Doctor');
    picker.buttons = [again, copy];
    picker.matchOnDetail = true;
    picker.matchOnDescription = true;
    let found: readonly Finding[] = [];
    const examine = async () => {
      picker.busy = true;
      if (found.length === 0) picker.placeholder = vscode.l10n.t('Examining…');
      const now = await doctor.examine();
      // The same list again would move the cursor of the person that reads it.
      if (JSON.stringify(now) !== JSON.stringify(found)) picker.items = itemsOf(now);
      found = now;
      picker.placeholder = summary(found);
      picker.busy = false;
    };
    picker.onDidTriggerButton((button) => {
      if (button === again) void examine();
      else void vscode.env.clipboard.writeText(reportOf(found));
    });
    picker.onDidAccept(() => {
      const { fix } = picker.selectedItems[0]?.finding ?? {};
      if (fix === undefined) return;
      picker.hide();
      void vscode.commands.executeCommand(fix.command, ...(fix.arguments ?? []));
    });
    const changing = onDidChange(() => void examine());
    picker.onDidHide(() => {
      changing.dispose();
      picker.dispose();
    });
    picker.show();
    await examine();
  });
}

/** What needs a hand first. */
function itemsOf(found: readonly Finding[]): readonly Item[] {
  const of = (state: Finding['state']) => found.filter((finding) => finding.state === state);
  const [bad, warning, good] = [of('bad'), of('warning'), of('good')];
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [
    ...(bad.length === 0 ? [] : [separator(vscode.l10n.t('needs a hand')), ...bad.map(itemOf)]),
    ...(warning.length === 0 ? [] : [separator(vscode.l10n.t('worth a look')), ...warning.map(itemOf)]),
    ...(good.length === 0 ? [] : [separator(vscode.l10n.t('in order')), ...good.map(itemOf)]),
  ];
}

function itemOf(finding: Finding): Item {
  const { state, part, words, detail, fix } = finding;
  const more = [detail, fix === undefined ? undefined : `$(wrench) ${fix.title}`].filter(
    (each) => each !== undefined,
  );
  return {
    label: `${icons[state]} ${part}`,
    description: words,
    ...(more.length === 0 ? {} : { detail: more.join('  ·  ') }),
    finding,
  };
}

function summary(found: readonly Finding[]): string {
  const problems = found.filter(({ state }) => state !== 'good').length;
  if (problems === 0) return vscode.l10n.t('Everything is in order.');
  if (problems === 1) return vscode.l10n.t('1 thing to look at. Choose it to mend it.');
  return vscode.l10n.t('{0} things to look at. Choose one to mend it.', problems);
}

/** Plain text, for an issue or a colleague. */
function reportOf(found: readonly Finding[]): string {
  const marks: Readonly<Record<Finding['state'], string>> = { good: 'ok ', warning: '!  ', bad: 'BAD' };
  return found
    .map(
      ({ state, part, words, detail }) =>
        `${marks[state]} ${part}: ${words}${detail === undefined ? '' : `\n      ${detail}`}`,
    )
    .join('\n');
}
