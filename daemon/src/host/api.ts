import type { RequestsOf } from '../control/api.ts';
import type * as messages from './messages.ts';

/** Every request to the daemon of a user by its name: `gatehouse/host/NAME` is its method. */
export type HostApi = RequestsOf<typeof messages>;
