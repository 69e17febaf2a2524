import { visible } from '@gatehouse/policy-schema/text/visible.ts';

/**
 * A text of an agent or the daemon for a notification. VS Code makes links of `[words](command:…)` there, also of those in
 * a statement, and a click would run the command.
 */
export function said(text: string): string {
  return visible(text).replaceAll('](', '] (');
}
