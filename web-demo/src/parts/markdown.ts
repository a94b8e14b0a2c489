// The little Markdown that rules' pages use: headings, paragraphs, lists, code, emphasis.

import { html, type TemplateResult } from "lit-html";

/** Texts of modules are shown as texts: no HTML, no links. */
export function markdown(text: string): TemplateResult {
  const blocks = text.trim().split(/\n\s*\n/);
  return html`<div class="prose">${blocks.map(block)}</div>`;
}

function block(text: string): TemplateResult {
  const heading = /^#{1,6}\s+(.*)$/s.exec(text);
  if (heading) return html`<h4>${inline(heading[1]!)}</h4>`;
  if (/^[-*] /.test(text)) {
    const items = text.split(/\n(?=[-*] )/).map((item) => item.slice(2));
    return html`<ul>
      ${items.map((item) => html`<li>${inline(item)}</li>`)}
    </ul>`;
  }
  return html`<p>${inline(text)}</p>`;
}

function inline(text: string): (string | TemplateResult)[] {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/).map((part) => {
    if (/^`.+`$/s.test(part)) return html`<code>${part.slice(1, -1)}</code>`;
    if (/^\*\*.+\*\*$/s.test(part)) return html`<b>${part.slice(2, -2)}</b>`;
    if (/^\*.+\*$/s.test(part)) return html`<em>${part.slice(1, -1)}</em>`;
    return part;
  });
}
