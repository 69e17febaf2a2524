import './words.ts';

/** What VS Code gives a page, once. */
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** The extension, as a page sees it. Messages are the tagged unions of `views/<view>/messages.ts`. */
export interface Host<ToHost, ToPage> {
  post(message: ToHost): void;
  /** Called for each message of the extension, from now on. Say hello by `post` first: nothing is kept for latecomers. */
  listen(handle: (message: ToPage) => void): void;
  /** What this page kept when it was hidden or the window was loaded anew. */
  readonly kept: unknown;
  keep(state: unknown): void;
}

export function connectHost<ToHost, ToPage>(): Host<ToHost, ToPage> {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    // Only the extension can post to a page: VS Code puts it into a frame of an origin of its own.
    listen: (handle) => addEventListener('message', ({ data }) => handle(data as ToPage)),
    kept: api.getState(),
    keep: (state) => api.setState(state),
  };
}
