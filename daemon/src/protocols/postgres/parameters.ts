import { isUtf8 } from 'node:buffer';
import { Format } from './wire/codes.ts';
import type { Bind } from './wire/frontend-messages.ts';

/** How much of a parameter people and the record see. The digest covers all of it. */
const longest = 1024;

/** The parameters of a Bind, in the form that the record holds them. */
export function readableParameters(bind: Bind): readonly (string | null)[] {
  return bind.parameters.map((value, index) => {
    if (value === null) return null;
    const format = bind.parameterFormats[bind.parameterFormats.length === 1 ? 0 : index] ?? Format.text;
    if (format === Format.text && isUtf8(value)) return cut(value.toString('utf8'), value.length);
    return `base64:${cut(value.toString('base64'), value.length)}`;
  });
}

function cut(text: string, bytes: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${bytes} bytes)`;
}
