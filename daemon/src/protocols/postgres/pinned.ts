import { ProtocolFault } from '../../core/faults.ts';

/**
 * Parameters that change what a text means, held at the one value under which it is read here. Statements that would
 * change them are denied (statement-reader.ts); a change that the server reports all the same, from inside a function
 * say, ends the session before another statement is read by the wrong rules.
 */
export const pinnedParameters: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['client_encoding', (value) => /^'?(utf-?8|unicode)'?$/i.test(value)],
  ['standard_conforming_strings', (value) => /^'?(on|true|yes|1)'?$/i.test(value)],
]);

/** @throws ProtocolFault when the server reports a pinned parameter at another value. */
export function checkPinned(name: string, value: string): void {
  const holds = pinnedParameters.get(name);
  if (holds === undefined || holds(value)) return;
  throw new ProtocolFault(
    'unsupported',
    `${name} changed to ${value}, under which statements cannot be read safely.`,
  );
}
