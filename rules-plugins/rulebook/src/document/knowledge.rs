//! What the file knows of its code beside the rules: `[sections]` and `[redirects]`.

use toml::de::DeValue;

use super::read::check_id;
use super::table::{inside, kind};
use super::{Table, Text};
use crate::diagnostic::{Diagnostic, Wrong};

/// What is said of all citations that begin alike.
pub(crate) struct Heading {
    /// The beginning.
    pub(crate) cite: Text,
    pub(crate) title: String,
    pub(crate) link: String,
}

/// An old id and what it is called now.
pub(crate) struct Redirect {
    pub(crate) from: Text,
    pub(crate) to: Text,
}

/// `[sections]`: by the beginning of a citation a title, or `{ title = …, link = … }`.
pub(super) fn sections(root: &mut Table<'_, '_>, wrong: &mut Wrong) -> Vec<Heading> {
    let source = root.source();
    let Some(table) = root.table("sections", "[sections]", wrong) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (cite, value) in table.entries() {
        if cite.value.trim().is_empty() {
            let message = "a section begins with nothing";
            wrong.push(Diagnostic::new("empty", cite.whole(), message));
            continue;
        }
        if let DeValue::String(title) = value.get_ref() {
            out.push(Heading {
                cite,
                title: title.to_string(),
                link: String::new(),
            });
            continue;
        }
        if !matches!(value.get_ref(), DeValue::Table(_)) {
            let wanted = "a title, or `{ title = \"…\", link = \"…\" }`,";
            wrong.push(kind(value.span(), &cite.value, wanted, value.get_ref()));
            continue;
        }
        let what = format!("section {:?}", cite.value);
        let Some(mut inner) = inside(source, value, cite.whole(), what, wrong) else {
            continue;
        };
        let title = inner.optional("title", wrong);
        let link = inner.text("link", wrong);
        if let Some(link) = &link
            && !link.value.starts_with("https://")
        {
            let message = format!("{:?} is no link", link.value);
            wrong.push(
                Diagnostic::new("bad-link", link.whole(), message)
                    .help("a link begins with https://"),
            );
        }
        inner.finish(wrong);
        out.push(Heading {
            cite,
            title,
            link: link.map(|link| link.value).unwrap_or_default(),
        });
    }
    out
}

/// `[redirects]`: by the old id the new one.
pub(super) fn redirects(root: &mut Table<'_, '_>, wrong: &mut Wrong) -> Vec<Redirect> {
    let source = root.source();
    let Some(table) = root.table("redirects", "[redirects]", wrong) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for (from, value) in table.entries() {
        match value.get_ref() {
            DeValue::String(to) => {
                let to = Text::new(source, value.span(), to);
                check_id("rule", &from, wrong);
                check_id("rule", &to, wrong);
                out.push(Redirect { from, to });
            }
            other => wrong.push(kind(value.span(), &from.value, "the new id", other)),
        }
    }
    out
}
