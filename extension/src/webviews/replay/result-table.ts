import { visible } from '@gatehouse/policy-schema/text/visible.ts';
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';

interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly truncated: boolean;
}

/** Rows that are drawn; a table that nobody scrolls through would only hold up the page. */
const maxRows = 200;
/** Characters of a value; all of it is in the export. */
const maxCell = 2000;

/** What the client saw, masked, as it is recorded. @param sent rows that went to the client */
export function resultTable(
  { columns, rows, truncated }: Result,
  sent: number,
): TemplateResult | typeof nothing {
  if (columns.length === 0) return nothing;
  const shown = rows.slice(0, maxRows);
  const kept = truncated || rows.length > shown.length;
  const numeric = columns.map((_, at) => rows.length > 0 && rows.every((row) => isNumber(row[at])));
  const side = (at: number) => (numeric[at] ? 'number' : '');
  return html`<section class="result" aria-label=${l10n.t('Result')}>
    <div class="scroll" tabindex="0" role="group" aria-label=${l10n.t('Result')}>
      <table>
        <thead>
          <tr>
            ${columns.map((name, at) => html`<th scope="col" class=${side(at)}>${visible(name)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) =>
              html`<tr>
                ${columns.map((_, at) => html`<td class=${side(at)} title=${longer(row[at])}>${cell(row[at])}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      kept
        ? html`<p class="dim">${l10n.t('{0} of {1} rows are shown; the record keeps no more.', shown.length, sent)}</p>`
        : nothing
    }
  </section>`;
}

function cell(value: string | null | undefined): unknown {
  if (value === null || value === undefined) return html`<span class="null">NULL</span>`;
  return value.length > maxCell ? `${visible(value.slice(0, maxCell))}…` : visible(value);
}

/** What a narrow cell cuts. */
function longer(value: string | null | undefined): string | typeof nothing {
  return value && value.length > 30 ? visible(value.slice(0, maxCell)) : nothing;
}

function isNumber(value: string | null | undefined): boolean {
  return value === null || (value !== undefined && /^-?\d+(\.\d+)?$/.test(value));
}
