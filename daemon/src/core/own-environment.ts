/**
 * The environment for a process of Gatehouse that outlives the editor's window which starts it: what is that window's own is
 * left out. An editor's program runs as Node with it.
 */
export function ownEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_)/.test(name) && name !== 'NODE_OPTIONS' && name !== 'NODE_CHANNEL_FD',
  );
  return { ...Object.fromEntries(own), ELECTRON_RUN_AS_NODE: '1' };
}
