/**
 * Makes docs/images/demo.svg from a run of the demo: `node test-fixtures/demo/picture.ts`. The terminal's colours come
 * as SGR sequences (ECMA-48, 8.3.117); only those that the demo uses are known.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const columns = 120;
const lineHeight = 19;
const charWidth = 8.43;
const margin = 20;
const bar = 34;

/** Colours of a dark terminal, each at least 4.5 to 1 on the background. */
const palette: Readonly<Record<number, string>> = {
  31: '#ff8785',
  32: '#7ee2a8',
  33: '#f2c96d',
  34: '#8ab8ff',
  35: '#d7a6ff',
  36: '#7fd4e8',
  90: '#9aa4b2',
};

interface Style {
  bold: boolean;
  dim: boolean;
  color: string | undefined;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function demoOutput(): string {
  return execFileSync(process.execPath, ['test-fixtures/demo/main.ts', '--once'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '1', COLUMNS: String(columns) },
  });
}

function markup(text: string): string {
  const spaced = text.replaceAll(' ', '\u00a0');
  return spaced.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function apply(style: Style, code: number): void {
  if (code === 0) Object.assign(style, { bold: false, dim: false, color: undefined });
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 22) Object.assign(style, { bold: false, dim: false });
  else if (code === 39) style.color = undefined;
  else if (code in palette) style.color = palette[code];
}

function attributes({ bold, dim, color }: Style): string {
  const parts: string[] = [];
  if (bold) parts.push('font-weight="700"');
  if (color !== undefined) parts.push(`fill="${color}"`);
  else if (dim) parts.push('fill="#9aa4b2"');
  return parts.join(' ');
}

/** One line as text spans; the style goes on into the next line. */
function spans(line: string, style: Style): string {
  let column = 0;
  let out = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what a terminal reads
  for (const [, sequence, text] of line.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    if (sequence !== undefined) for (const code of sequence.split(';')) apply(style, Number(code));
    if (text === undefined) continue;
    const x = (margin + column * charWidth).toFixed(1);
    if (text.trim() !== '') out += `<tspan x="${x}" ${attributes(style)}>${markup(text)}</tspan>`;
    column += text.length;
  }
  return out;
}

const lines = demoOutput().trimEnd().split('\n');
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const longest = Math.max(...lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, '').length));
const width = Math.ceil(longest * charWidth + 2 * margin);
const height = bar + lines.length * lineHeight + margin;
const style: Style = { bold: false, dim: false, color: undefined };
const body = lines
  .map((line, index) => {
    const y = bar + (index + 1) * lineHeight;
    return `<text y="${y}">${spans(line, style)}</text>`;
  })
  .filter((text) => text.includes('tspan'))
  .join('\n');
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A terminal: an agent reads, is masked, denied, and held for a person">
<rect width="${width}" height="${height}" rx="10" fill="#10151f"/>
<circle cx="22" cy="18" r="5.5" fill="#ff8785"/><circle cx="41" cy="18" r="5.5" fill="#f2c96d"/><circle cx="60" cy="18" r="5.5" fill="#7ee2a8"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6e9ef">
${body}
</g>
</svg>
`;
writeFileSync(path.join(root, 'docs/images/demo.svg'), svg);
