import { visible } from '@gatehouse/policy-schema/text/visible.ts';
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import pgsql from 'highlight.js/lib/languages/pgsql';
import sql from 'highlight.js/lib/languages/sql';
import yaml from 'highlight.js/lib/languages/yaml';
import { html, type TemplateResult } from 'lit';

hljs.registerLanguage('bash', bash);
hljs.registerLanguage('json', json);
hljs.registerLanguage('pgsql', pgsql);
hljs.registerLanguage('sql', sql);
hljs.registerLanguage('yaml', yaml);

export type Language = 'bash' | 'json' | 'pgsql' | 'sql' | 'yaml';

/** The language of a protocol's requests. */
export function languageOf(protocol: string): Language {
  return protocol === 'postgres' ? 'pgsql' : protocol === 'ssh' ? 'bash' : 'json';
}

/** Longer texts are shown plain: they are data, and colours would hold up the page. */
const longest = 20_000;
const kept = new Map<string, TemplateResult>();
const maxKept = 2000;

/** A text with spans of the classes `hljs-…`; {@link highlightStyles} colours them. */
export function highlighted(request: string, language: Language): TemplateResult {
  const text = visible(request);
  if (text.length > longest) return html`${text}`;
  const key = `${language}\n${text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const marked = hljs.highlight(text, { language, ignoreIllegals: true }).value;
  // Its nodes are made anew one by one, so that nothing in a request can become markup.
  const parsed = new DOMParser().parseFromString(marked, 'text/html').body;
  const made = html`${partsOf(parsed)}`;
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value ?? '');
  kept.set(key, made);
  return made;
}

function partsOf(node: Node): readonly (string | TemplateResult)[] {
  return [...node.childNodes].map((child) =>
    child instanceof HTMLElement
      ? html`<span class=${child.className}>${partsOf(child)}</span>`
      : (child.textContent ?? ''),
  );
}
