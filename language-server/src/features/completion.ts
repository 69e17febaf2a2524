import type { Desk, DeskFile } from '../desk.ts';
import { conditionSuggestions } from './completion-conditions.ts';
import { keySuggestions } from './completion-keys.ts';
import { valueSuggestions } from './completion-values.ts';
import { propertiesOf, schemaAt } from './schema-at.ts';
import type { Suggestion } from './suggestion.ts';
import { type Spot, spotAt } from './yaml-spot.ts';

/** Characters after which suggestions are worth asking for, beside letters. */
export const completionTriggers = ['.', '"', "'", ' ', ':', '[', '{', ',', '$', '=', '-', '\n'] as const;

/** What may be written at an offset. Nothing where nothing is known. Never throws. */
export function completion(desk: Desk, name: string, offset: number): readonly Suggestion[] {
  const file = desk.files.get(name);
  const spot = file && spotAt(file.text, offset);
  if (file === undefined || spot === undefined) return [];
  if (spot.kind === 'key') return keySuggestions(file, spot);
  if (isCondition(file, spot)) return conditionSuggestions(desk, file, spot, offset);
  const schema = schemaAt(file.kind, spot.path);
  const mayBeMapping = Object.keys(propertiesOf(schema)).length > 0;
  return [
    ...(spot.kind === 'either' && mayBeMapping ? keySuggestions(file, spot) : []),
    ...valueSuggestions(desk, file, spot),
  ];
}

/** Whether a place is inside of a rule's `when`. */
export function isCondition({ kind }: DeskFile, { path, kind: spot }: Spot): boolean {
  return (
    kind === 'Policy' && spot === 'value' && path.length === 3 && path[0] === 'rules' && path[2] === 'when'
  );
}
