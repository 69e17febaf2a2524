import { type BackendMessage, errorFields } from '../clients/raw-postgres.ts';

/** What a client received in answer to one attack, by one path. */
export interface Outcome {
  readonly messages: readonly BackendMessage[];
}

const refusals: ReadonlySet<string> = new Set(['42501', '0A000']);

export function bytesOf({ messages }: Outcome): Buffer {
  return Buffer.concat(messages.map(({ body }) => body));
}

export function isRefused({ messages }: Outcome): boolean {
  return messages.some(({ type, body }) => type === 'E' && refusals.has(errorFields(body).C ?? ''));
}

export function givesRows({ messages }: Outcome): boolean {
  return messages.some(({ type }) => type === 'D' || type === 'd');
}

/**
 * An outcome as text in which what masks make of values is named by its first appearance, so that equal tokens stay
 * equal. Two databases that differ only in masked values must give the same text.
 */
export function comparable({ messages }: Outcome): string {
  const names = new Map<string, string>();
  const name = (made: string) => {
    let known = names.get(made);
    if (known === undefined) {
      known = `<made ${names.size + 1}>`;
      names.set(made, known);
    }
    return known;
  };
  const plain = (text: string) =>
    text
      .replaceAll(/pg_temp_\d+/g, 'pg_temp')
      .replaceAll(/tok_[\w-]{40,}/g, name)
      .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, name)
      .replaceAll(/(?<![\w-])-?\d{10,20}(?![\w-])/g, name)
      .replaceAll(/(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{22}(?![\w-])/g, name);
  /** Of each column of the rows to come, whether its values are numbers or uuids in binary; by looks where nobody said. */
  let binary: readonly boolean[] | undefined;
  const cell = (value: string | null, index: number) =>
    value !== null && value.length >= 8 && (binary?.[index] ?? looksBinary.test(value))
      ? name(value)
      : plain(JSON.stringify(value));
  return messages
    .map(({ type, body }) => {
      switch (type) {
        case 'D':
          return `D ${cells(body).map(cell).join(' | ')}`;
        case 'E':
        case 'N': {
          const { L: _, F: _file, R: _routine, ...fields } = errorFields(body);
          return `${type} ${plain(JSON.stringify(fields).replaceAll(/request [0-9a-f]+/g, 'request'))}`;
        }
        case 'T':
          binary = fieldsOf(body).map(({ type: oid, format }) => format === 1 && !textOids.has(oid));
          return `T ${plain(withoutOids(body))}`;
        case 'A':
          return `A ${plain(body.toString('utf8', 4))}`;
        default:
          return `${type} ${plain(body.toString('latin1'))}`;
      }
    })
    .join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what tells a number or uuid in binary from a text
const looksBinary = /[\x00-\x08\x80-\xff]/;

/** A DataRow's cells, a character for a byte. */
function cells(body: Buffer): (string | null)[] {
  const found: (string | null)[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const length = body.readInt32BE(at);
    at += 4;
    found.push(length < 0 ? null : body.toString('latin1', at, at + length));
    if (length > 0) at += length;
  }
  return found;
}

/** Types whose values are texts in binary, too: text, varchar, bpchar, name, json, jsonb, xml, unknown. */
const textOids: ReadonlySet<number> = new Set([25, 1043, 1042, 19, 114, 3802, 142, 705]);

interface Field {
  readonly name: string;
  readonly table: number;
  readonly attribute: number;
  readonly type: number;
  readonly format: number;
}

function fieldsOf(body: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const end = body.indexOf(0, at);
    fields.push({
      name: body.toString('utf8', at, end),
      table: body.readInt32BE(end + 1),
      attribute: body.readInt16BE(end + 5),
      type: body.readInt32BE(end + 7),
      format: body.readInt16BE(end + 17),
    });
    at = end + 19;
  }
  return fields;
}

/** A RowDescription without the OIDs of what the attacks made, which count up. */
function withoutOids(body: Buffer): string {
  return fieldsOf(body)
    .map(
      ({ name, table, attribute, type }) =>
        `${name} ${table === 0 ? '' : `of a table, ${attribute}`} ${type}`,
    )
    .join(' | ');
}
