import * as vscode from 'vscode';
import { rangeOf } from './test-range.ts';
import type { WireCoverage, WireRule } from './wire.ts';

/** A policy file's coverage, with what is shown once it is opened. */
export class RuleCoverage extends vscode.FileCoverage {
  readonly details: readonly vscode.FileCoverageDetail[];

  /** A statement and a declaration for each rule; the answers of its condition are branches. */
  constructor({ uri, rules }: WireCoverage) {
    const answers = rules.flatMap(({ condition }) => condition.flatMap((each) => [each.true, each.false]));
    const decided = rules.map(({ deciding }) => deciding);
    super(vscode.Uri.parse(uri), countOf(decided), countOf(answers), countOf(decided));
    this.details = rules.flatMap((rule) => [
      new vscode.StatementCoverage(rule.deciding, rangeOf(rule.range), branchesOf(rule)),
      new vscode.DeclarationCoverage(rule.name, rule.deciding, rangeOf(rule.range)),
    ]);
  }
}

function countOf(counts: readonly number[]): vscode.TestCoverageCount {
  return new vscode.TestCoverageCount(counts.filter((count) => count > 0).length, counts.length);
}

function branchesOf({ condition }: WireRule): vscode.BranchCoverage[] {
  return condition.flatMap((each) => {
    const range = rangeOf(each.range);
    return [
      new vscode.BranchCoverage(each.true, range, vscode.l10n.t('true: {0}', each.text)),
      new vscode.BranchCoverage(each.false, range, vscode.l10n.t('false: {0}', each.text)),
    ];
  });
}
