import manifest from '../../package.json' with { type: 'json' };

/** The version of the daemon and of the `gatehouse` command. */
export const version: string = manifest.version;
