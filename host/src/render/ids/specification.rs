//! One specification in the page: what it asks, and the elements that fail it, by what was found.

use super::escape::Markup;
use super::order::{by_reason, found};
use super::summary::{self, Shown};
use super::text::{counts, demand};
use super::{Failing, Requirement, Specification, Status};
use crate::render::group::noun;
use crate::render::thousands;

/// Rows of a group that stand open; the others fold.
const OPEN: usize = 10;

/// How many of how many, as a bar that is read aloud too.
fn bar(out: &mut Markup, passed: u64, of: u64, what: &'static str) {
    if of == 0 {
        return;
    }
    let class = if passed < of { "bar failing" } else { "bar" };
    out.raw("<progress class=\"").raw(class).raw("\" max=\"");
    out.text(&of.to_string()).raw("\" value=\"");
    out.text(&passed.to_string()).raw("\" title=\"");
    out.text(&format!("{passed} of {of} {what}")).raw("\">");
    out.text(&format!("{passed} of {of}")).raw("</progress>");
}

/// A paragraph, where there is something to say.
pub(super) fn said(out: &mut Markup, class: &'static str, text: &str) {
    if !text.trim().is_empty() {
        out.raw("<p class=\"").raw(class).raw("\">");
        out.text(text.trim()).raw("</p>");
    }
}

pub(super) fn specification(out: &mut Markup, specification: &Specification<'_>, most: usize) {
    let shown = Shown::of(specification);
    let (open, word) = match shown {
        Shown::Error => (
            "<details class=\"spec error\" open=\"open\">",
            "not checked",
        ),
        Shown::Fail => ("<details class=\"spec fail\" open=\"open\">", "fail"),
        Shown::Pass => ("<details class=\"spec pass\">", "pass"),
        Shown::Nothing => ("<details class=\"spec nothing\">", "–"),
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
        .text(&counts(specification));
    if let Some(written) = summary::written_for(specification) {
        out.raw(" · ").text(&written);
    }
    out.raw("</span>");
    if shown != Shown::Error {
        let passed = specification.passed;
        bar(out, passed, specification.applicable, "elements passed");
    }
    out.raw("</summary>");
    if let Some(reason) = &specification.reason {
        said(out, "said", reason);
    }
    said(out, "said", &specification.description);
    said(out, "said faint", &specification.instructions);
    out.raw("<p class=\"faint\">Applies to ")
        .text(&specification.applies_to);
    out.raw(match &*specification.cardinality {
        "required" => " (there has to be one)",
        "prohibited" => " (there may be none)",
        _ => "",
    });
    out.raw(" · written for ");
    match specification.ifc_versions.as_slice() {
        [] => out.raw("no version of IFC"),
        versions => out.text(&versions.join(", ")),
    };
    out.raw("</p>");
    if !specification.prohibited.is_empty() {
        let asks = &specification.applies_to;
        groups(
            out,
            &specification.prohibited,
            asks,
            specification.failed,
            most,
        );
    }
    for one in &specification.requirements {
        requirement(out, one, shown, most);
    }
    out.raw("</details>\n");
}

fn requirement(out: &mut Markup, requirement: &Requirement<'_>, of: Shown, most: usize) {
    let (word, class) = match (of, requirement.status) {
        (Shown::Error, _) | (_, Status::Error) => ("not checked", "status none"),
        _ if requirement.passed + requirement.failed == 0 => ("–", "status none"),
        (_, Status::Pass) => ("pass", "status pass"),
        (_, Status::Fail) => ("fail", "status fail"),
    };
    out.raw("<h3><span class=\"")
        .raw(class)
        .raw("\">")
        .raw(word);
    out.raw("</span> ").text(&demand(requirement)).raw("</h3>");
    said(out, "said faint", &requirement.instructions);
    if requirement.failed > 0 {
        let of = requirement.passed + requirement.failed;
        bar(out, requirement.passed, of, "elements meet it");
        groups(
            out,
            &requirement.failing,
            &requirement.asks,
            requirement.failed,
            most,
        );
    }
}

/// Failing elements by what was found of them, at most so many; those that are alone with what was
/// found of them in one table.
fn groups(out: &mut Markup, failing: &[Failing<'_>], asks: &str, count: u64, most: usize) {
    let groups = by_reason(failing, asks);
    let mut left = most;
    let mut alone: Vec<&Failing<'_>> = Vec::new();
    for group in &groups {
        if group.failing.len() == 1 && groups.len() > 1 {
            alone.extend(&group.failing);
            continue;
        }
        if left == 0 {
            continue;
        }
        let several = group.failing.len() as u64;
        out.raw("<p class=\"found\"><b>").text(&thousands(several));
        out.raw(" ×</b> ").text(&group.reason).raw("</p>");
        rows(out, &group.failing, None, &mut left);
    }
    if !alone.is_empty() && left > 0 {
        if alone.len() < failing.len() {
            out.raw("<p class=\"found\"><b>")
                .text(&thousands(alone.len() as u64));
            out.raw(" ×</b> something else each</p>");
        }
        rows(out, &alone, Some(asks), &mut left);
    }
    let shown = (most - left) as u64;
    if count > shown {
        out.raw("<p class=\"faint\">… and ")
            .text(&thousands(count - shown));
        out.raw(" more (--all lists them)</p>");
    }
}

/// A table of the first elements, and one that folds of those that follow. With `asks` each row
/// says what was found.
fn rows(out: &mut Markup, failing: &[&Failing<'_>], asks: Option<&str>, left: &mut usize) {
    let shown = failing.get(..failing.len().min(*left)).unwrap_or_default();
    *left -= shown.len();
    let (first, rest) = shown.split_at(shown.len().min(OPEN));
    table(out, first, asks);
    if !rest.is_empty() {
        out.raw("<details class=\"more\"><summary>")
            .text(&thousands(rest.len() as u64));
        out.raw(" more</summary>");
        table(out, rest, asks);
        out.raw("</details>");
    }
}

fn table(out: &mut Markup, failing: &[&Failing<'_>], asks: Option<&str>) {
    out.raw(match asks {
        Some(_) => "<table class=\"each\"><thead><tr><th>Element</th><th class=\"why\">Found</th>",
        None => "<table><thead><tr><th>Element</th>",
    });
    out.raw("<th>Storey</th><th class=\"wide\">GlobalId</th><th>Record</th></tr></thead><tbody>");
    for one in failing {
        let element = &one.element;
        let said = |text: &Option<_>| -> String {
            text.as_deref()
                .map_or(String::new(), |t: &str| t.trim().to_owned())
        };
        let (name, long_name) = (said(&element.name), said(&element.long_name));
        out.raw("<tr><td>").text(&noun(&element.class, 1));
        if !name.is_empty() {
            out.raw(" <strong>").text(&name).raw("</strong>");
        }
        if !long_name.is_empty() {
            out.raw(" ").text(&long_name);
        }
        out.raw("</td>");
        if let Some(asks) = asks {
            let found = found(&one.reason, asks);
            let what = found.strip_prefix("found ").unwrap_or(found);
            out.raw("<td data-label=\"Found\">").text(what).raw("</td>");
        }
        out.raw("<td data-label=\"Storey\">")
            .text(&said(&element.storey));
        out.raw("</td><td class=\"id\" data-label=\"GlobalId\">")
            .text(&element.global_id);
        out.raw("</td><td class=\"id\" data-label=\"Record\">");
        if let Some(record) = element.record {
            out.raw("#").text(&record.to_string());
        }
        out.raw("</td></tr>\n");
    }
    out.raw("</tbody></table>");
}
