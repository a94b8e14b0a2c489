//! The results of IDS documents as one page of HTML: no script, nothing loaded from elsewhere, fit
//! for printing. It is well-formed XML too.

use super::escape::Markup;
use super::order::worst_first;
use super::specification::{said, specification};
use super::summary::{self, Row, Shown};
use super::{Document, Info, Report, Totals};
use crate::check::ModelSummary;
use crate::render::{counted, thousands};

/// Failing elements of a requirement that are listed where not all are asked for.
pub const SHOWN: usize = 200;

/// Names of models in the title of the page.
const TITLED: usize = 3;

/// A page about one or several models.
#[derive(Default)]
pub struct Page {
    sections: Markup,
    rows: Vec<Row>,
}

impl Page {
    /// A page without models.
    #[must_use]
    pub fn new() -> Page {
        Page::default()
    }

    /// Adds a model, listing at most so many failing elements of each requirement. `name` is its
    /// path as it was given.
    pub fn model(&mut self, name: &str, report: &Report<'_>, model: &ModelSummary, most: usize) {
        self.rows.push(Row {
            name: name.to_owned(),
            outcome: Ok(report.totals),
        });
        let out = &mut self.sections;
        out.raw("<section id=\"m")
            .text(&self.rows.len().to_string());
        out.raw("\"><h1>");
        out.text(match report.model.is_empty() {
            true => name,
            false => &report.model,
        });
        out.raw("</h1><p class=\"faint\">");
        if let Some(project) = model.name.as_deref().filter(|n| !n.trim().is_empty()) {
            out.text(project.trim()).raw(" · ");
        }
        out.text(&report.schema).raw(" · ");
        out.text(&counted(model.elements, "element"))
            .raw(" · engine ");
        out.text(&report.engine).raw("</p>");
        totals(out, &report.totals);
        if let Some(note) = summary::other_versions(report) {
            said(out, "note", &note);
        }
        for one in &report.documents {
            document(out, one, most);
        }
        out.raw("</section>\n");
    }

    /// Adds a model that could not be read.
    pub fn unreadable(&mut self, name: &str, why: &str) {
        self.rows.push(Row {
            name: name.to_owned(),
            outcome: Err(why.to_owned()),
        });
    }

    /// The whole page.
    #[must_use]
    pub fn finish(self) -> String {
        let mut out = Markup::default();
        out.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
            .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
            // Whatever may get into the page: nothing runs and nothing is loaded.
            .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>")
            .raw("<title>IDS check");
        let names: Vec<&str> = self
            .rows
            .iter()
            .take(TITLED)
            .map(|row| file_name(&row.name))
            .collect();
        if !names.is_empty() {
            out.raw(": ").text(&names.join(", "));
        }
        if self.rows.len() > TITLED {
            let more = self.rows.len() - TITLED;
            out.text(&format!(" and {more} more"));
        }
        out.raw("</title><style>").raw(include_str!("page.css"));
        out.raw("</style></head><body>\n<p class=\"kind\">IDS check</p>\n");
        if self.rows.len() > 1 || self.rows.iter().any(|row| row.outcome.is_err()) {
            contents(&mut out, &self.rows);
        }
        out.append(self.sections);
        out.raw("</body></html>\n");
        out.into_string()
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// All models with how they came out, and links to them.
fn contents(out: &mut Markup, rows: &[Row]) {
    out.raw("<table class=\"models\"><thead><tr><th>Model</th>");
    for column in summary::COLUMNS {
        out.raw("<th>").raw(column).raw("</th>");
    }
    out.raw("</tr></thead><tbody>");
    for (at, row) in rows.iter().enumerate() {
        match &row.outcome {
            Ok(totals) => {
                out.raw("<tr><td><a href=\"#m").text(&(at + 1).to_string());
                out.raw("\">").text(&row.name).raw("</a></td>");
                for (count, column) in summary::cells(totals).into_iter().zip(summary::COLUMNS) {
                    out.raw("<td data-label=\"").raw(column).raw("\">");
                    out.text(&thousands(count)).raw("</td>");
                }
            }
            Err(why) => {
                out.raw("<tr><td>").text(&row.name);
                out.raw("</td><td class=\"unread\" colspan=\"4\">could not be read: ");
                let what = why.strip_prefix(row.name.as_str());
                let what = what.and_then(|what| what.strip_prefix(": "));
                out.text(what.unwrap_or(why)).raw("</td>");
            }
        }
        out.raw("</tr>\n");
    }
    out.raw("</tbody></table>\n");
}

fn class(shown: Shown) -> &'static str {
    match shown {
        Shown::Error => "error",
        Shown::Fail => "fail",
        Shown::Pass => "pass",
        Shown::Nothing => "nothing",
    }
}

/// The counts, and a bar in which each has its part.
fn totals(out: &mut Markup, totals: &Totals) {
    let counts = summary::counts(totals);
    out.raw("<div class=\"totals\"><div><b>")
        .text(&thousands(totals.specifications));
    out.raw("</b><span>");
    out.raw(if totals.specifications == 1 {
        "specification"
    } else {
        "specifications"
    });
    out.raw("</span></div>");
    for (count, word, shown) in counts {
        if summary::is_said(count, shown) {
            out.raw("<div class=\"").raw(class(shown)).raw("\"><b>");
            out.text(&thousands(count)).raw("</b><span>");
            out.raw(word).raw("</span></div>");
        }
    }
    out.raw("</div><div class=\"mix\">");
    for (count, _, shown) in counts {
        if count > 0 {
            out.raw("<span class=\"")
                .raw(class(shown))
                .raw("\" style=\"flex-grow:");
            out.text(&count.to_string()).raw("\"></span>");
        }
    }
    out.raw("</div>");
}

fn document(out: &mut Markup, document: &Document<'_>, most: usize) {
    out.raw("<h2>");
    match document.title.trim() {
        "" => out.raw("Without a title"),
        title => out.text(title),
    };
    out.raw("</h2>");
    said(out, "faint", &document.file);
    if let Some(errors) = summary::errors(document) {
        said(out, "note bad", &errors);
    }
    info(out, &document.info);
    for one in worst_first(document) {
        specification(out, one, most);
    }
}

/// What a document says of itself.
fn info(out: &mut Markup, info: &Info<'_>) {
    said(out, "said", &info.description);
    let entries = [
        ("Version", &info.version),
        ("Date", &info.date),
        ("Author", &info.author),
        ("Purpose", &info.purpose),
        ("Milestone", &info.milestone),
        ("Copyright", &info.copyright),
    ];
    let given = || entries.iter().filter(|(_, text)| !text.trim().is_empty());
    if given().next().is_none() {
        return;
    }
    out.raw("<dl>");
    for (name, text) in given() {
        out.raw("<div><dt>")
            .raw(name)
            .raw("</dt><dd>")
            .text(text.trim());
        out.raw("</dd></div>");
    }
    out.raw("</dl>");
}
