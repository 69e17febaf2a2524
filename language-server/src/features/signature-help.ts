import { conditionCursor } from '@gatehouse/policy-schema/conditions/cursor.ts';
import { signatureText } from '@gatehouse/policy-schema/conditions/signatures.ts';
import type { Desk } from '../desk.ts';
import { isCondition } from './completion.ts';
import { conditionPlace } from './completion-conditions.ts';
import { spotAt } from './yaml-spot.ts';

export interface SignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly doc: string;
    /** Where each parameter stands in the label. */
    readonly parameters: readonly (readonly [start: number, end: number])[];
  }[];
  /** The one that fits the arguments so far. */
  readonly active: number;
  readonly parameter: number;
}

export const signatureTriggers = ['(', ','] as const;

/** The forms of the function whose arguments the cursor stands in. */
export function signatureHelp(desk: Desk, name: string, offset: number): SignatureHelp | undefined {
  const file = desk.files.get(name);
  const spot = file && spotAt(file.text, offset);
  if (file === undefined || spot === undefined || !isCondition(file, spot)) return undefined;
  const place = conditionPlace(file, spot, offset);
  const { call } = conditionCursor(place.source, place.offset);
  if (call === undefined || call.signatures.length === 0) return undefined;
  const forms = call.signatures.flatMap((signature) => signature.forms.map((form) => ({ signature, form })));
  return {
    signatures: forms.map(({ signature, form }) => {
      const label = signatureText(signature, form);
      let at = label.indexOf('(') + 1;
      const parameters = form.map((each) => {
        const start = at;
        at = start + `${each.name}: ${each.type}`.length + 2;
        return [start, at - 2] as const;
      });
      return { label, doc: signature.doc, parameters };
    }),
    active: Math.max(
      0,
      forms.findIndex(({ form }) => form.length > call.argument),
    ),
    parameter: call.argument,
  };
}
