import * as l10n from '@vscode/l10n';

/** The words of the person's language, as the extension put them beside the page; English where there are none. */
const words = document.getElementById('words')?.textContent;
if (words) l10n.config({ contents: JSON.parse(words) as Record<string, string> });
