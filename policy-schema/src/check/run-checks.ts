import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { SourceFile } from '../syntax/source.ts';
import type { AnyCheck, Report, World } from './check.ts';
import { checks as allChecks } from './registry.ts';

/** All findings of the checks, in no order. */
export function runChecks(
  world: World,
  texts: readonly SourceFile[],
  checks: readonly AnyCheck[] = allChecks,
): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const check of checks) {
    const report =
      (source: SourceFile): Report =>
      (range, message, { severity = check.severity, ...more } = {}) => {
        found.push({ ...source.diagnostic(range, check.code, message, severity), ...more });
      };
    runCheck(check, world, texts, report);
  }
  return found;
}

function runCheck(
  check: AnyCheck,
  world: World,
  texts: readonly SourceFile[],
  report: (source: SourceFile) => Report,
): void {
  switch (check.unit) {
    case 'rule':
      for (const { rules, source } of world.policies)
        for (const unit of rules) check.check(unit, report(source), world);
      break;
    case 'mask':
      for (const { masks, source } of world.policies)
        for (const unit of masks) check.check(unit, report(source), world);
      break;
    case 'policy':
      for (const unit of world.policies) check.check(unit, report(unit.source), world);
      break;
    case 'workspace':
      if (world.workspace) check.check(world.workspace, report(world.workspace.source), world);
      break;
    case 'text':
      for (const source of texts) check.check(source, report(source), world);
      break;
  }
}
