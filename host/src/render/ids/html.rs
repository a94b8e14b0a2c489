//! The results of IDS documents as one page of HTML: no script, nothing loaded from elsewhere, fit
//! for printing. It is well-formed XML too.

use super::escape::Markup;
use super::order::worst_first;
use super::text::{counts, demand};
use super::{Document, Failing, Report, Requirement, Specification, Status};
use crate::check::ModelSummary;
use crate::render::group::noun;
use crate::render::{counted, thousands};

/// Failing elements of a requirement that are listed where not all are asked for.
pub const SHOWN: usize = 200;

/// A page about one or several models.
pub struct Page {
    out: Markup,
    models: usize,
}

impl Default for Page {
    fn default() -> Page {
        Page::new()
    }
}

impl Page {
    /// A page without models.
    #[must_use]
    pub fn new() -> Page {
        let mut out = Markup::default();
        out.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
            .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
            // Whatever may get into the page: nothing runs and nothing is loaded.
            .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>")
            .raw("<title>IDS check</title><style>")
            .raw(include_str!("page.css"))
            .raw("</style></head><body>\n");
        Page { out, models: 0 }
    }

    /// Adds a model, listing at most so many failing elements of each requirement.
    pub fn model(&mut self, report: &Report<'_>, model: &ModelSummary, most: usize) {
        self.models += 1;
        let out = &mut self.out;
        let name = model.name.as_deref().filter(|n| !n.trim().is_empty());
        out.raw("<section><h1>IDS check: ")
            .text(name.unwrap_or(&report.model))
            .raw("</h1><p class=\"faint\">");
        out.text(&report.model)
            .raw(" · ")
            .text(&report.schema)
            .raw(" · ")
            .text(&counted(model.elements, "element"))
            .raw(" · engine ")
            .text(&report.engine)
            .raw("</p>");
        let totals = report.totals;
        out.raw("<div class=\"totals\">");
        for (count, word, class) in [
            (totals.specifications, "specifications", ""),
            (totals.failed, "failed", "status fail"),
            (totals.errors, "could not be checked", "status error"),
            (totals.passed, "passed", "status pass"),
        ] {
            if count > 0 || word != "could not be checked" {
                out.raw("<div><b>")
                    .text(&thousands(count))
                    .raw("</b><span class=\"");
                out.raw(class).raw("\">").raw(word).raw("</span></div>");
            }
        }
        out.raw("</div>");
        bar(
            out,
            totals.passed,
            totals.specifications,
            "specifications passed",
        );
        for one in &report.documents {
            document(out, one, most);
        }
        out.raw("</section>\n");
    }

    /// The whole page.
    #[must_use]
    pub fn finish(mut self) -> String {
        if self.models == 0 {
            self.out.raw("<p>No model could be checked.</p>");
        }
        self.out.raw("</body></html>\n");
        self.out.into_string()
    }
}

/// How many of how many, as a bar that is read aloud too.
fn bar(out: &mut Markup, passed: u64, of: u64, what: &'static str) {
    let class = match (of, passed < of) {
        (0, _) => "bar none",
        (_, true) => "bar failing",
        _ => "bar",
    };
    out.raw("<progress class=\"").raw(class).raw("\" max=\"");
    out.text(&of.max(1).to_string()).raw("\" value=\"");
    out.text(&passed.to_string()).raw("\" title=\"");
    out.text(&format!("{passed} of {of} {what}")).raw("\">");
    out.text(&format!("{passed} of {of}")).raw("</progress>");
}

fn said(out: &mut Markup, class: &'static str, text: &str) {
    if !text.trim().is_empty() {
        out.raw("<p class=\"")
            .raw(class)
            .raw("\">")
            .text(text.trim())
            .raw("</p>");
    }
}

fn document(out: &mut Markup, document: &Document<'_>, most: usize) {
    out.raw("<h2>");
    match document.title.trim() {
        "" => out.raw("Without a title"),
        title => out.text(title),
    };
    out.raw("</h2>");
    said(out, "faint", &document.file);
    for one in worst_first(document) {
        specification(out, one, most);
    }
}

fn specification(out: &mut Markup, specification: &Specification<'_>, most: usize) {
    let (open, word) = match specification.status {
        Status::Error => ("<details class=\"error\" open=\"open\">", "error"),
        Status::Fail => ("<details class=\"fail\" open=\"open\">", "fail"),
        Status::Pass => ("<details class=\"pass\">", "pass"),
    };
    out.raw(open)
        .raw("<summary><span class=\"status\">")
        .raw(word);
    out.raw("</span> <span class=\"name\">");
    if !specification.identifier.trim().is_empty() {
        out.text(specification.identifier.trim()).raw(" ");
    }
    match specification.name.trim() {
        "" => out.raw("Without a name"),
        name => out.text(name),
    };
    out.raw("</span> <span class=\"faint\">")
        .text(&counts(specification))
        .raw("</span>");
    bar(
        out,
        specification.passed,
        specification.applicable,
        "elements passed",
    );
    out.raw("</summary>");
    if let Some(reason) = &specification.reason {
        said(out, "said", reason);
    }
    said(out, "said", &specification.description);
    said(out, "said faint", &specification.instructions);
    out.raw("<p class=\"faint\">Applies to ")
        .text(&specification.applies_to);
    out.raw(" · ")
        .text(&specification.cardinality)
        .raw(" · for ");
    out.text(&specification.ifc_versions.join(", "));
    if !specification.meant_for_model {
        out.raw(", which the model is not");
    }
    out.raw("</p>");
    if !specification.prohibited.is_empty() {
        table(out, &specification.prohibited, specification.failed, most);
    }
    for one in &specification.requirements {
        requirement(out, one, most);
    }
    out.raw("</details>\n");
}

fn requirement(out: &mut Markup, requirement: &Requirement<'_>, most: usize) {
    let (word, class) = match requirement.status {
        Status::Pass => ("pass", "status pass"),
        _ => ("fail", "status fail"),
    };
    out.raw("<h3><span class=\"")
        .raw(class)
        .raw("\">")
        .raw(word)
        .raw("</span> ");
    out.text(&demand(requirement)).raw("</h3>");
    said(out, "said faint", &requirement.instructions);
    let of = requirement.passed + requirement.failed;
    bar(out, requirement.passed, of, "elements meet it");
    if !requirement.failing.is_empty() {
        table(out, &requirement.failing, requirement.failed, most);
    }
}

fn table(out: &mut Markup, failing: &[Failing<'_>], count: u64, most: usize) {
    out.raw("<table><thead><tr><th>Element</th><th>GlobalId</th><th>Storey</th><th>Record</th>")
        .raw("<th>Why</th></tr></thead><tbody>");
    for one in failing.iter().take(most) {
        let element = &one.element;
        out.raw("<tr><td>").text(&noun(&element.class, 1)).raw(" ");
        out.text(element.name.as_deref().unwrap_or_default());
        out.raw(" ")
            .text(element.long_name.as_deref().unwrap_or_default());
        out.raw("</td><td class=\"id\">").text(&element.global_id);
        out.raw("</td><td>")
            .text(element.storey.as_deref().unwrap_or_default());
        out.raw("</td><td class=\"id\">");
        if let Some(record) = element.record {
            out.raw("#").text(&record.to_string());
        }
        out.raw("</td><td>").text(&one.reason).raw("</td></tr>\n");
    }
    out.raw("</tbody></table>");
    let left = count.saturating_sub(failing.len().min(most) as u64);
    if left > 0 {
        out.raw("<p class=\"faint\">… and ").text(&thousands(left));
        out.raw(" more (--all lists them)</p>");
    }
}
