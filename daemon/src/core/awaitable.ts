/**
 * What is there at once wherever nothing has to be asked. Whoever takes it awaits a promise only: an await costs a
 * microtask and its objects, and there are a dozen places on the way of each statement where hardly ever one waits.
 */
export type Awaitable<T> = T | Promise<T>;
