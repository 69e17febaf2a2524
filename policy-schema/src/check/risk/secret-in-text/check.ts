import type { TextRange } from '../../../syntax/diagnostic.ts';
import { replace } from '../../../syntax/edits.ts';
import type { Check } from '../../check.ts';

const remove = 'Take it out';

/** What credentials are known by. Every length is bounded, so that no text makes looking for them slow. */
const forms: Readonly<Record<string, RegExp>> = {
  'a private key': /-----BEGIN (?:[A-Z]{2,12} ){0,3}PRIVATE KEY-----/g,
  'a token of an agent': /\bgha_[A-Za-z0-9_-]{40,64}/g,
  'an access key': /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  'an access token':
    /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{50,255}|glpat-[A-Za-z0-9_-]{20,64}|npm_[A-Za-z0-9]{36}|xox[abeprs]-[A-Za-z0-9-]{10,200}|sk-(?:[a-z]{2,8}-)?[A-Za-z0-9_-]{20,200}|[rs]k_live_[A-Za-z0-9]{16,200}|AIza[A-Za-z0-9_-]{35}|hvs\.[A-Za-z0-9_-]{20,200}|dop_v1_[a-f0-9]{64})/g,
  'a signed token': /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}/g,
  'the hash of a password': /\bSCRAM-SHA-256\$\d{1,7}:[A-Za-z0-9+/=]{8,100}/g,
};

const connection = /\b[a-z][a-z0-9+]{1,20}:\/\/[^\s:/@'"`]{1,64}:([^\s/@'"`]{1,128})@/g;
const assigned = /\b(?:PGPASSWORD|password|passwd|pwd)=['"]?([^\s'"`&;,]{6,128})/gi;
/** What people write in place of a password, or what takes its place. */
const placeholder =
  /^(?:[*.x_-]+|<.*>|\[.*\]|\{.*|\$.*|%.*|(?:my|your|the|db)?[-_]?(?:pass(?:word|wd)?|pwd|secret|changeme|example).*)$/i;

interface Found extends TextRange {
  readonly what: string;
}

function secretsOf(text: string): Found[] {
  const found: Found[] = [];
  for (const [what, form] of Object.entries(forms)) {
    for (const match of text.matchAll(form)) {
      // `sk-learn-some-long-name` and the like are words; credentials have digits.
      if (what === 'an access token' && !/\d/.test(match[0])) continue;
      found.push({ what, start: match.index, end: match.index + match[0].length });
    }
  }
  for (const form of [connection, assigned]) {
    for (const match of text.matchAll(form)) {
      const secret = match[1] ?? '';
      if (placeholder.test(secret)) continue;
      const end = match.index + match[0].length - (form === connection ? 1 : 0);
      const line = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
      // The loader refuses it there.
      if (/\bhost:\s*['"]?$/.test(line)) continue;
      found.push({ what: 'a password', start: end - secret.length, end });
    }
  }
  return found.filter(
    (each) => !found.some((other) => other !== each && other.start <= each.start && each.end < other.end),
  );
}

export const secretInText: Check<'text'> = {
  code: 'secret-in-text',
  family: 'risk',
  severity: 'warning',
  title: 'What looks like a credential, in a comment, a message or any other text.',
  unit: 'text',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(source, report) {
    for (const { what, ...range } of secretsOf(source.text)) {
      // The message goes to logs and screens, so it never repeats the value.
      const message = `This looks like ${what}. Agents and everybody with the repository read this file: take it out, and make it void where it was issued.`;
      report(range, message, {
        fixes: [{ title: remove, safety: 'unsafe', edits: [replace(source, range, 'REMOVED')] }],
      });
    }
  },
};
