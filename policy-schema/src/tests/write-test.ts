import type { Effect } from '../model/policy.ts';
import type { TextEdit, TextRange } from '../syntax/diagnostic.ts';
import { applyEdits, yamlScalar } from '../syntax/edits.ts';
import { entryOf } from '../syntax/tree.ts';
import { loadTests } from './load-tests.ts';
import type { RecordedDecision } from './recorded-decision.ts';

export type NewTest =
  | {
      readonly ok: true;
      /** The file is not there yet. */
      readonly isNew: boolean;
      readonly edit: TextEdit;
      /** The test in the text as it is after the edit. */
      readonly range: TextRange;
      readonly name: string;
    }
  /** What to do. */
  | { readonly ok: false; readonly message: string };

const newFile = 'gatehouse: v1\nkind: Test\n';

/**
 * A test that holds a recorded decision, behind the other tests of a file. Never throws.
 * @param there the file's text; undefined: it is not there yet
 */
export function writeTest(there: string | undefined, file: string, recorded: RecordedDecision): NewTest {
  const before = there ?? newFile;
  const loaded = loadTests(file, before);
  const root = loaded.parsed.root;
  if (there !== undefined && root?.kind !== 'mapping')
    return { ok: false, message: `${file} cannot be read as it stands. Mend it first.` };
  const name = freeName(recorded, new Set(loaded.tests?.cases.map((test) => test.name)));
  const place = placeIn(before, root && entryOf(root, 'cases'));
  if (place === undefined)
    return {
      ok: false,
      message: `The cases of ${file} are not written as lines. Write them below each other first.`,
    };
  const lines = caseLines(name, recorded, place.indent);
  const edit: TextEdit = {
    file,
    start: place.at,
    end: place.at,
    text: `${place.head}${lines.join('\n')}\n`,
  };
  const after = applyEdits(before, [edit]);
  const made = loadTests(file, after).tests?.cases.find((test) => test.name === name);
  // What an editor writes must be what was recorded, whatever characters an agent sent.
  if (made?.text !== recorded.request)
    return { ok: false, message: `The request could not be written to ${file} as it was sent.` };
  const range = { start: made.place.start, end: made.place.end };
  return {
    ok: true,
    isNew: there === undefined,
    edit: there === undefined ? { file, start: 0, end: 0, text: after } : edit,
    range,
    name,
  };
}

/**
 * A new file of tests that each can be written by itself, as {@link writeTest} tells: adding them one by one would read
 * the file again for each. Undefined where it is not read back as it was meant.
 * @param maxCharacters what does not fit any more is left out
 */
export function writeTests(
  file: string,
  all: readonly RecordedDecision[],
  maxCharacters: number,
): { readonly text: string; readonly written: number } | undefined {
  const names = new Set<string>();
  const wanted: string[] = [];
  let text = `${newFile}\ncases:\n`;
  for (const recorded of all) {
    const name = freeName(recorded, names);
    const lines = `${wanted.length === 0 ? '' : '\n'}${caseLines(name, recorded, 2).join('\n')}\n`;
    if (text.length + lines.length > maxCharacters) break;
    names.add(name);
    wanted.push(recorded.request);
    text += lines;
  }
  const read = loadTests(file, text).tests?.cases ?? [];
  const isMeant = read.length === wanted.length && read.every((test, at) => test.text === wanted[at]);
  return isMeant ? { text, written: wanted.length } : undefined;
}

interface Place {
  readonly at: number;
  /** Columns before the dash of a case. */
  readonly indent: number;
  /** What comes before the case. */
  readonly head: string;
}

/** Behind the last case; at the end of the file where there is none. */
function placeIn(text: string, cases: ReturnType<typeof entryOf>): Place | undefined {
  const newline = (at: number): string => (at === 0 || text[at - 1] === '\n' ? '' : '\n');
  if (cases === undefined) return { at: text.length, indent: 2, head: `${newline(text.length)}\ncases:\n` };
  const { value } = cases;
  const last = value.kind === 'sequence' ? value.items.at(-1) : undefined;
  if (last === undefined || text[value.range.start] === '[') return undefined;
  const start = text.lastIndexOf('\n', last.range.start - 1) + 1;
  const indent = /^ *(?=-)/.exec(text.slice(start))?.[0].length;
  if (indent === undefined) return undefined;
  // A block scalar's range takes the breaks behind it in.
  const end = last.range.start + text.slice(last.range.start, last.range.end).trimEnd().length;
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd === -1 ? text.length : lineEnd + 1;
  return { at, indent, head: `${newline(at)}\n` };
}

const endings: Readonly<Record<Effect, string>> = {
  allow: 'is allowed',
  approve: 'needs approval',
  deny: 'is denied',
};
const longest = 60;

/** A name that says what happens, and that no other test has. */
function freeName({ request, decision, principal }: RecordedDecision, taken: ReadonlySet<string>): string {
  const name = `${shortened(request)} ${endings[decision]} for ${shortened(principal.agent)}`;
  for (let count = 2; ; count++) {
    const free = count > 2 || taken.has(name) ? `${name} (${count})` : name;
    if (!taken.has(free)) return free;
  }
}

/** Without what is not seen, or moves what is: an agent chose the text, and people read the name. */
function shortened(text: string): string {
  const words = text
    .replace(/[\p{Cf}\p{Cs}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return words.length > longest ? `${[...words].slice(0, longest).join('').trimEnd()}…` : words;
}

/** The lines of a case, without breaks. @param indent columns before the dash */
function caseLines(name: string, recorded: RecordedDecision, indent: number): readonly string[] {
  const { request, parameters, resource, principal, at, session = {}, plan } = recorded;
  const who = [
    `agent: ${flow(principal.agent)}`,
    `person: ${flow(principal.person)}`,
    ...(principal.groups.length > 0 ? [`groups: ${list(principal.groups)}`] : []),
    ...(principal.task === '' ? [] : [`task: ${flow(principal.task)}`]),
    ...(principal.workspace === undefined ? [] : [`workspace: ${flow(principal.workspace)}`]),
  ];
  const values = parameters?.map((value) => (value === null ? 'null' : flow(value)));
  const { inTransaction, application, searchPath } = session;
  const state = [
    ...(inTransaction === undefined ? [] : [`inTransaction: ${inTransaction}`]),
    ...(application === undefined ? [] : [`application: ${flow(application)}`]),
    ...(searchPath === undefined ? [] : [`searchPath: ${list(searchPath)}`]),
  ];
  const keys = [
    `name: ${escaped(yamlScalar(name, 'block'))}`,
    ...requestLines(request),
    ...(values && values.length > 0 ? [`parameters: [${values.join(', ')}]`] : []),
    `resource: ${yamlScalar(resource)}`,
    `principal: { ${who.join(', ')} }`,
    `now: ${at}`,
    ...(state.length > 0 ? [`session: { ${state.join(', ')} }`] : []),
    ...(plan ? [`facts: { estimatedRows: ${bounded(plan.rows)}, plannerCost: ${bounded(plan.cost)} }`] : []),
    'expect:',
    ...expectedLines(recorded).map((line) => `  ${line}`),
  ];
  const outer = ' '.repeat(indent);
  return keys.map((line, index) => (line === '' ? '' : `${outer}${index === 0 ? '- ' : '  '}${line}`));
}

function expectedLines({ decision, observed, rules, masks }: RecordedDecision): readonly string[] {
  const columns = Object.entries(masks ?? {}).map(([column, kind]) => `${flow(column)}: ${flow(kind)}`);
  return [
    `decision: ${decision}`,
    ...(observed === undefined ? [] : [`observed: ${observed}`]),
    ...(rules ? [`rules: ${list([...new Set(rules)].sort())}`] : []),
    ...(columns.length > 0 ? [`masks: { ${columns.join(', ')} }`] : []),
  ];
}

const flow = (text: string): string => escaped(yamlScalar(text, 'flow'));
const list = (texts: readonly string[]): string => `[${texts.map(flow).join(', ')}]`;
const bounded = (amount: number): number => Math.min(amount, 1_000_000_000_000);

/** Lines as they were sent where YAML can hold them so, else one text with escapes. */
function requestLines(request: string): readonly string[] {
  const plain =
    /^[^\s\p{Cc}](?:[^\p{Cc}\p{Cf}\u2028\u2029\ufeff]|\n)*$/u.test(request) && !/\s$/.test(request);
  if (plain && request.includes('\n'))
    return ['request: |-', ...request.split('\n').map((line) => (line === '' ? '' : `  ${line}`))];
  return [`request: ${escaped(plain ? yamlScalar(request, 'block') : JSON.stringify(request))}`];
}

/** Characters that are not seen, or turn others round, are written by number: people read the file, and believe it. */
function escaped(scalar: string): string {
  return scalar.replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
