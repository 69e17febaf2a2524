import type * as vscode from 'vscode';
import type { Gate, Gates } from './gate.ts';

/** Do something with every gate, once each, also with those that come later; what it made goes with the gate. */
export function eachGate(gates: Gates, attach: (gate: Gate) => vscode.Disposable): vscode.Disposable {
  const attached = new Map<Gate, vscode.Disposable>();
  const update = () => {
    for (const gate of gates.all) if (!attached.has(gate)) attached.set(gate, attach(gate));
    for (const [gate, made] of [...attached]) {
      if (gates.all.includes(gate)) continue;
      attached.delete(gate);
      made.dispose();
    }
  };
  update();
  const changing = gates.onDidChange(update);
  return {
    dispose: () => {
      changing.dispose();
      for (const made of attached.values()) made.dispose();
    },
  };
}
