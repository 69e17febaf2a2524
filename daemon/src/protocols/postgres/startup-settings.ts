import { pinnedParameters } from './pinned.ts';

/** Parameters of a StartupMessage that name the session itself. */
const ownKeys: ReadonlySet<string> = new Set(['user', 'database', 'replication', 'options']);

/** How a client asks for its own texts, times and numbers; they reach no data. */
const presentation: ReadonlySet<string> = new Set([
  'application_name',
  'client_encoding',
  'datestyle',
  'timezone',
  'intervalstyle',
  'extra_float_digits',
  'lc_messages',
  'bytea_output',
  'client_min_messages',
  'standard_conforming_strings',
]);

export type StartupSettings =
  | {
      readonly ok: true;
      /** Goes to the server as it is. */
      readonly parameters: ReadonlyMap<string, string>;
      /** Settings that the policy decides about, as if the client had sent SET. */
      readonly toDecide: readonly { readonly name: string; readonly value: string }[];
    }
  | { readonly ok: false; readonly message: string };

/** Sort what a client asks for at startup (section "StartupMessage"; `options` as the server's pg_split_opts reads it). */
export function startupSettings(startup: ReadonlyMap<string, string>): StartupSettings {
  const settings = new Map<string, string>();
  const options = parseOptions(startup.get('options') ?? '');
  if (options === undefined) {
    return {
      ok: false,
      message: 'The startup option "options" may only hold -c name=value and --name=value.',
    };
  }
  for (const [name, value] of options) settings.set(name, value);
  for (const [name, value] of startup) if (!ownKeys.has(name)) settings.set(name.toLowerCase(), value);
  for (const [name, holds] of pinnedParameters) {
    const value = settings.get(name);
    if (value !== undefined && !holds(value)) {
      return {
        ok: false,
        message: `${name} is held fixed by Gatehouse and cannot be ${value}; leave it unset.`,
      };
    }
  }
  // Without it the server would send in the database's own encoding.
  settings.set('client_encoding', 'UTF8');
  // It outranks what ALTER ROLE or ALTER DATABASE have set.
  settings.set('standard_conforming_strings', 'on');
  const toDecide = [...settings]
    .filter(([name]) => !presentation.has(name))
    .map(([name, value]) => ({ name, value }));
  return { ok: true, parameters: settings, toDecide };
}

/** Words are split at white space; a backslash takes the next character as it is. */
function parseOptions(text: string): ReadonlyMap<string, string> | undefined {
  const words = (text.match(/(?:\\[\s\S]|[^\s\\])+/g) ?? []).map((word) => word.replace(/\\([\s\S])/g, '$1'));
  const settings = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    let setting: string | undefined;
    if (word === '-c') setting = words[++index];
    else if (word.startsWith('-c')) setting = word.slice(2);
    else if (word.startsWith('--')) setting = word.slice(2);
    const equals = setting?.indexOf('=') ?? -1;
    if (setting === undefined || equals <= 0) return undefined;
    settings.set(setting.slice(0, equals).toLowerCase().replaceAll('-', '_'), setting.slice(equals + 1));
  }
  return settings;
}
