// A clause, with a link to where it can be read where there is one.

import { html, type TemplateResult } from "lit-html";

export function cited(text: string, link: string | undefined): TemplateResult {
  // What a module says is not trusted: only addresses of the web are links.
  return link?.startsWith("https://")
    ? html`<a href=${link} target="_blank" rel="noopener noreferrer">${text}</a>`
    : html`${text}`;
}
