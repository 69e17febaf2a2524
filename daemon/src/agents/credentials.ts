import { isLocal, type Upstream, upstreamAt } from './upstreams.ts';

const url = /\b([a-z][a-z0-9+]*):\/\/([^:@/\s'"]*):([^@/\s'"]+)@(\[[^\]\s]+\]|[^:/?#\s'"]*)(?::(\d{1,5}))?/gi;
const setting = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/gm;
const passwordName = /^PGPASSWORD$|^(POSTGRES|PG|DB|DATABASE)_?\w*PASS(WORD)?$/i;
const hostName = /^PGHOST$|^(POSTGRES|PG|DB|DATABASE)_?\w*HOST$/i;
/** What agents log in to the gate with leads nowhere else. */
const token = /^gha_/;

/** Whether a text of settings (`.env` and the like) holds a password that one of the upstreams would take. */
export function holdsCredential(text: string, upstreams: readonly Upstream[]): boolean {
  for (const [, , , password = '', host = '', port] of text.matchAll(url)) {
    if (token.test(password) || /^[$<{]/.test(password)) continue;
    const places = port === undefined ? upstreams.map((each) => each.port) : [Number(port)];
    if (places.some((place) => upstreamAt(upstreams, host, place) !== undefined)) return true;
  }
  const settings = [...text.matchAll(setting)].map(([, name = '', value = '']) => ({
    name,
    value: value.replace(/^(['"])(.*)\1$/, '$2'),
  }));
  const hosts = settings.filter(({ name, value }) => hostName.test(name) && value !== '');
  const isHeld = settings.some(
    ({ name, value }) =>
      passwordName.test(name) && value !== '' && !token.test(value) && !/^[$<]/.test(value),
  );
  if (!isHeld || upstreams.length === 0) return false;
  // Without a host it is for the one that the program takes when nothing is said: this machine.
  if (hosts.length === 0) return upstreams.some(({ host }) => isLocal(host));
  return hosts.some(({ value }) =>
    upstreams.some(({ port }) => upstreamAt(upstreams, value, port) !== undefined),
  );
}
