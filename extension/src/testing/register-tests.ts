import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { registerAddAsTest } from './add-as-test.ts';
import { RuleCoverage } from './rule-coverage.ts';
import { rangeOf } from './test-range.ts';
import { TestTree } from './test-tree.ts';
import type { WireFolder, WireResult, WireRun } from './wire.ts';

/** The tests of `.gatehouse/tests/*.test.yaml` in the Test Explorer; the language server knows and runs them. */
export function registerTests({ language, gates, output }: Parts): vscode.Disposable {
  const controller = vscode.tests.createTestController('gatehouse.tests', 'Gatehouse');
  const tree = new TestTree(controller);
  /** Runs that go on for as long as the person wants, each with what it runs again. */
  const continuous = new Set<() => Promise<void>>();

  const refresh = async (): Promise<void> => {
    tree.show(await language.sendRequest<readonly WireFolder[]>('gatehouse/tests'));
  };
  const refreshed = (): Promise<void> =>
    refresh().catch((error: unknown) => output.error(`The tests could not be listed: ${String(error)}`));

  const runOnce = async (
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    wantsCoverage: boolean,
  ): Promise<void> => {
    const { tests, broken } = tree.asked(request);
    const run = controller.createTestRun(request);
    const cancel = new vscode.CancellationTokenSource();
    const linked = [token, run.token].map((each) => each.onCancellationRequested(() => cancel.cancel()));
    try {
      for (const item of broken) run.errored(item, tree.problemOf(item) ?? []);
      for (const item of tests) run.started(item);
      const folders = Map.groupBy(tests, (item) => tree.addressOf(item)?.folder ?? '');
      for (const [folder, items] of folders) {
        if (cancel.token.isCancellationRequested) return;
        const asked = items.flatMap((item) => tree.addressOf(item) ?? []);
        const params = { folder, tests: asked.map(({ uri, id }) => ({ uri, id })) };
        const ran = await language.sendRequest<WireRun>('gatehouse/runTests', params, cancel.token);
        const results = new Map(ran.results.map((each) => [`${each.uri} ${each.id}`, each]));
        for (const item of items) {
          const address = tree.addressOf(item);
          const result = address && results.get(`${address.uri} ${address.id}`);
          if (result === undefined) run.skipped(item);
          else tell(run, item, result);
        }
        if (!wantsCoverage) continue;
        for (const each of ran.coverage) if (each.rules.length > 0) run.addCoverage(new RuleCoverage(each));
      }
    } catch (error) {
      if (!cancel.token.isCancellationRequested)
        for (const item of tests) run.errored(item, new vscode.TestMessage(String(error)));
    } finally {
      for (const each of linked) each.dispose();
      cancel.dispose();
      run.end();
    }
  };

  const handler =
    (wantsCoverage: boolean) =>
    async (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => {
      await refreshed();
      if (request.continuous !== true) return runOnce(request, token, wantsCoverage);
      // A second run of one request would only add to the first, which has ended.
      const { include, exclude, profile } = request;
      const again = (): Promise<void> =>
        runOnce(new vscode.TestRunRequest(include, exclude, profile, true), token, wantsCoverage);
      continuous.add(again);
      token.onCancellationRequested(() => continuous.delete(again));
      await again();
    };

  const { Run, Coverage } = vscode.TestRunProfileKind;
  const profiles = [
    controller.createRunProfile(vscode.l10n.t('Run'), Run, handler(false), true, undefined, true),
    controller.createRunProfile(vscode.l10n.t('Coverage'), Coverage, handler(true), true, undefined, true),
  ];
  for (const profile of profiles)
    profile.loadDetailedCoverage = async (_run, file) =>
      file instanceof RuleCoverage ? [...file.details] : [];
  controller.refreshHandler = refresh;
  controller.resolveHandler = () => refreshed();

  /** One after the other, so that a later edit has the last word. */
  let turn = Promise.resolve();
  const changed = language.onNotification('gatehouse/testsChanged', () => {
    turn = turn
      .then(async () => {
        await refreshed();
        // Results that an edit may have made wrong are shown as such.
        if (continuous.size === 0) controller.invalidateTestResults();
        for (const again of continuous) await again();
      })
      .catch((error: unknown) => output.error(`The tests did not run again: ${String(error)}`));
  });
  void refreshed();
  return vscode.Disposable.from(controller, ...profiles, changed, registerAddAsTest(language, gates));
}

function tell(run: vscode.TestRun, item: vscode.TestItem, result: WireResult): void {
  switch (result.outcome) {
    case 'passed':
      run.passed(item, result.milliseconds);
      return;
    case 'broken': {
      const message = new vscode.TestMessage(result.message ?? '');
      if (item.uri && item.range) message.location = new vscode.Location(item.uri, item.range);
      run.errored(item, message, result.milliseconds);
      return;
    }
    case 'failed': {
      const lines = result.explanation ?? [];
      run.appendOutput(`${item.label}\r\n${lines.join('\r\n')}\r\n\r\n`, undefined, item);
      run.failed(item, messagesOf(item, result), result.milliseconds);
    }
  }
}

/** A message for each difference at the expectation, with the rules that decided as places to go to. */
function messagesOf({ uri }: vscode.TestItem, result: WireResult): vscode.TestMessage[] {
  const frames = (result.decidedBy ?? []).map(
    (rule) =>
      new vscode.TestMessageStackFrame(
        rule.name,
        vscode.Uri.parse(rule.uri),
        new vscode.Position(rule.range.start.line, rule.range.start.character),
      ),
  );
  return (result.differences ?? []).map(({ what, expected, actual, range }) => {
    const words = vscode.l10n.t('{0}: expected {1}, is {2}', what, listed(expected), listed(actual));
    const message = vscode.TestMessage.diff(words, expected, actual);
    if (uri) message.location = new vscode.Location(uri, rangeOf(range));
    if (frames.length > 0) message.stackTrace = frames;
    return message;
  });
}

function listed(text: string): string {
  return text.split('\n').join(', ');
}
