import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceFile } from '../syntax/source.ts';
import type { AnyCheck, Check, PolicyUnit, Report, UnitKind, Units, World, WorkspaceUnit } from './check.ts';

/** What checks look at in one file. */
export interface FileUnits {
  readonly source: SourceFile;
  readonly policy?: PolicyUnit;
  readonly workspace?: WorkspaceUnit;
}

type UnitsOf = { readonly [Kind in UnitKind]: (file: FileUnits) => readonly Units[Kind][] };

const unitsOf: UnitsOf = {
  rule: ({ policy }) => policy?.rules ?? [],
  mask: ({ policy }) => policy?.masks ?? [],
  policy: ({ policy }) => (policy && policy.partial !== true ? [policy] : []),
  workspace: ({ workspace }) => (workspace ? [workspace] : []),
  text: ({ source }) => [source],
};

/** All findings of a check in one file, in no order. */
export function runCheck(check: AnyCheck, file: FileUnits, world: World): Diagnostic[] {
  switch (check.unit) {
    case 'rule':
      return runAll(check, file, world);
    case 'mask':
      return runAll(check, file, world);
    case 'policy':
      return runAll(check, file, world);
    case 'workspace':
      return runAll(check, file, world);
    case 'text':
      return runAll(check, file, world);
  }
}

function runAll<Kind extends UnitKind>(check: Check<Kind>, file: FileUnits, world: World): Diagnostic[] {
  // What the rest of a broken file says is not known, so a check that reads all of it cannot tell.
  if (file.policy?.partial === true && check.reads === 'file' && check.unit !== 'text') return [];
  const units = unitsOf[check.unit](file);
  return units.flatMap((unit) => runOne(check, unit, file.source, world));
}

/** The findings of a check about one unit. */
export function runOne<Kind extends UnitKind>(
  check: Check<Kind>,
  unit: Units[Kind],
  source: SourceFile,
  world: World,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report: Report = (range, message, { severity = check.severity, ...more } = {}) => {
    found.push({ ...source.diagnostic(range, check.code, message, severity), ...more });
  };
  check.check(unit, report, world);
  return found;
}
