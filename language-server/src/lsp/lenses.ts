import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { CodeLensRefreshRequest } from 'vscode-languageserver';
import { Heads } from '../workspace/heads.ts';
import type { Capability } from './capability.ts';
import { meaningLensesOf } from './meaning.ts';
import { runTry, tryCommand, tryLensesOf } from './simulation.ts';

const restMs = 300;

/** Lenses above policies and rules, and the commands behind them. */
export const lenses: Capability = {
  offers: () => ({
    codeLensProvider: {},
    executeCommandProvider: { commands: [tryCommand] },
  }),
  register: (connection, session) => {
    const heads = new Heads();
    connection.onCodeLens(async ({ textDocument }, token) => {
      // What an edit means may take a while to find out, in which no key would be answered.
      await session.rested(restMs);
      if (token.isCancellationRequested) return null;
      const at = await session.at(textDocument.uri);
      if (at === undefined) return null;
      const { uri } = textDocument;
      const isReadable = await loadReaders().then(
        () => true,
        () => false,
      );
      const tries = isReadable ? tryLensesOf(at, uri) : [];
      // In folders that nobody trusts Git is not asked, so there is nothing to compare with.
      const meaning = session.untrusted ? [] : await meaningLensesOf(at, uri, heads);
      return [...meaning, ...tries];
    });
    connection.onExecuteCommand(async (params) =>
      params.command === tryCommand ? runTry(session, params) : null,
    );
    session.onChange(({ outside }) => {
      if (outside) heads.expire();
      if (outside && session.client.workspace?.codeLens?.refreshSupport)
        void connection.sendRequest(CodeLensRefreshRequest.type);
    });
  },
};
