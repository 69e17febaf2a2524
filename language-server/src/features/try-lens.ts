import { entryOf } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';
import { sampleFor, sampleForPolicy } from '../simulate/samples.ts';
import type { Try } from '../simulate/try-request.ts';

export interface TryLens {
  readonly range: TextRange;
  /** The rule that it stands at; absent at the top of a file. */
  readonly rule?: string;
  /** A request to begin with. */
  readonly sample: Try;
}

/** A lens at the top of a policy file and at each of its rules. `loadReaders` must have finished before. */
export function tryLenses(desk: Desk, name: string): readonly TryLens[] {
  const unit = desk.files.get(name)?.unit;
  if (unit === undefined || desk.world.workspace === undefined) return [];
  const top = unit.root.entries[0]?.keyRange ?? unit.root.range;
  return [
    { range: top, sample: sampleForPolicy(desk, unit) },
    ...unit.rules.map((rule) => ({
      range: entryOf(rule.node, 'name')?.value.range ?? rule.node.range,
      rule: rule.rule.name,
      sample: sampleFor(desk, rule),
    })),
  ];
}
