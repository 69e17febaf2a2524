import {
  type CodeLens,
  type ExecuteCommandParams,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { tryLenses } from '../features/try-lens.ts';
import { report } from '../simulate/report.ts';
import { sampleForPolicy } from '../simulate/samples.ts';
import { type NotTried, type Try, type Tried, tryRequest } from '../simulate/try-request.ts';
import { keepTry, readTry, recentTries } from '../workspace/tries.ts';
import { toRange } from './convert.ts';
import { type At, atOf, type Session } from './session.ts';

/** The command behind a `▸ try` lens, which a client handles: it asks for a request and then for {@link tryCommand}. */
export const tryLensCommand = 'gatehouse.tryRequest';

/** The server's command: what would become of a request. */
export const tryCommand = 'gatehouse.try';

/** What {@link tryLensCommand} is called with. */
export interface TryLensArguments {
  readonly uri: string;
  readonly rule?: string;
  readonly sample: Try;
}

/** What {@link tryCommand} is called with; without `text` it answers with requests to begin with. */
export interface TryArguments extends Partial<Omit<Try, 'at'>> {
  readonly uri: string;
  /** As if it were then, such as 2026-05-04T22:00:00Z. */
  readonly at?: string;
  /** Do not keep it among the last requests. */
  readonly again?: boolean;
}

export type TryAnswer =
  | { readonly kind: 'tried'; readonly tried: Tried | NotTried; readonly markdown: string }
  | {
      readonly kind: 'begin';
      readonly recent: readonly Try[];
      readonly sample: Try;
      readonly resources: readonly string[];
    };

export function tryLensesOf({ desk, file, source }: At, uri: string): readonly CodeLens[] {
  return tryLenses(desk, file.file).map(({ range, rule, sample }) => {
    const given: TryLensArguments = { uri, ...(rule !== undefined && { rule }), sample };
    return {
      range: toRange(source, range),
      command: {
        title: '▸ try',
        tooltip: 'Type a request, and see what becomes of it and why',
        command: tryLensCommand,
        arguments: [given],
      },
    };
  });
}

export async function runTry(
  session: Session,
  { arguments: given = [] }: ExecuteCommandParams,
): Promise<TryAnswer> {
  const asked = given[0] as Partial<TryArguments> | undefined;
  const before = typeof asked?.uri === 'string' ? await session.at(asked.uri) : undefined;
  if (asked === undefined || before?.file.unit === undefined)
    throw new ResponseError(
      LSPErrorCodes.RequestFailed,
      'Requests are tried on a policy file that can be read: give its `uri`.',
    );
  await loadReaders();
  // Edits may have come while the parser was loaded.
  const at = atOf(before.folder, before.file.file) ?? before;
  const { folder, desk, file } = at;
  const { unit } = file;
  const [wanted] = readTry(asked);
  if (wanted === undefined) {
    return {
      kind: 'begin',
      recent: await recentTries(folder.root, file.file),
      sample: unit ? sampleForPolicy(desk, unit) : { text: 'SELECT 1' },
      resources: (desk.world.workspace?.workspace.resources ?? []).map(({ name }) => name),
    };
  }
  const time = asked.at === undefined ? undefined : new Date(asked.at);
  if (time !== undefined && Number.isNaN(time.getTime()))
    throw new ResponseError(LSPErrorCodes.RequestFailed, '`at` is a time such as 2026-05-04T22:00:00Z.');
  const tried = tryRequest(desk, { ...wanted, ...(time && { at: time }) });
  if (tried.ok && asked.again !== true) await keepTry(folder.root, file.file, wanted);
  return { kind: 'tried', tried, markdown: report(tried) };
}
