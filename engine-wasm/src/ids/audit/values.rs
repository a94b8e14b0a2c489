//! Whether a constraint can be met by any value of a kind.

use super::super::document::{Bound, Constraint, Place, Restriction};
use super::super::finding::Findings;
use super::super::pattern::Pattern;
use super::super::scalar;
use super::tables::Kind;

/// Whether a text is a value of a kind.
fn is_a(text: &str, kind: Kind) -> bool {
    match kind {
        Kind::Double => scalar::number(text).is_some() || matches!(text, "NaN" | "INF" | "-INF"),
        Kind::Integer => scalar::integer(text).is_some(),
        Kind::Boolean => scalar::boolean(text).is_some(),
        Kind::Date => scalar::is_date(text),
        Kind::DateTime => scalar::is_date_time(text),
        Kind::Duration => scalar::is_duration(text),
        Kind::Time => scalar::is_time(text),
        Kind::Text | Kind::Other => true,
    }
}

fn kind_of_base(base: &str) -> Option<Kind> {
    [
        Kind::Double,
        Kind::Integer,
        Kind::Text,
        Kind::Boolean,
        Kind::Date,
        Kind::DateTime,
        Kind::Duration,
        Kind::Time,
    ]
    .into_iter()
    .find(|kind| kind.base() == base)
}

/// Audits a constraint; `kind` is what the values are, where that is known.
pub(super) fn constraint(
    findings: &mut Findings<'_>,
    at: Place,
    what: &str,
    constraint: &Constraint,
    kind: Option<Kind>,
) {
    match constraint {
        Constraint::Simple(text) => {
            if text.is_empty() {
                findings.error("ids.empty-value", at, format!("the {what} is empty"));
            } else if let Some(kind) = kind
                && !is_a(text, kind)
            {
                let message = format!("{text:?} as {what} is no xs:{}", kind.base());
                findings.error("ids.wrong-value", at, message);
            }
        }
        Constraint::Restriction(all) => restriction(findings, at, what, all, kind),
    }
}

fn restriction(
    findings: &mut Findings<'_>,
    at: Place,
    what: &str,
    all: &Restriction,
    kind: Option<Kind>,
) {
    let base = kind_of_base(&all.base);
    if base.is_none() && all.base != "anyURI" && all.base != "anyUri" {
        let message = format!("xs:{} is no base that IDS has for a restriction", all.base);
        findings.error("ids.unknown-base", at, message);
    } else if let (Some(base), Some(kind)) = (base, kind)
        && base != kind
        && kind != Kind::Other
    {
        let message = format!(
            "the {what} is an xs:{}, the restriction is on xs:{}",
            kind.base(),
            all.base
        );
        findings.error("ids.wrong-base", at, message);
    }
    let nothing = all.enumeration.is_empty()
        && all.patterns.is_empty()
        && !all.is_range()
        && all.length.is_none()
        && all.min_length.is_none()
        && all.max_length.is_none();
    if nothing {
        findings.error(
            "ids.empty-restriction",
            at,
            format!("the restriction of the {what} restricts nothing"),
        );
    }
    if let Some(base) = base {
        let bounds = all.least.iter().chain(&all.most).map(|bound| &bound.text);
        if let Some(wrong) = all
            .enumeration
            .iter()
            .chain(bounds)
            .find(|text| !is_a(text, base))
        {
            findings.error(
                "ids.wrong-value",
                at,
                format!("{wrong:?} as {what} is no xs:{}", all.base),
            );
        }
        if all.is_range() && matches!(base, Kind::Text | Kind::Boolean) {
            findings.error(
                "ids.wrong-restriction",
                at,
                format!("xs:{} has no order to bound", all.base),
            );
        }
        let lengths = all.length.is_some() || all.min_length.is_some() || all.max_length.is_some();
        if lengths && base != Kind::Text {
            findings.error(
                "ids.wrong-restriction",
                at,
                format!("xs:{} has no length", all.base),
            );
        }
    }
    ranges(findings, at, all);
    for pattern in &all.patterns {
        match Pattern::new(pattern) {
            Err(error) => {
                findings.error(
                    "ids.invalid-pattern",
                    at,
                    format!("pattern {pattern:?}: {error}"),
                );
            }
            Ok(compiled) => {
                if let Some(note) = compiled.lenient() {
                    findings.warning(
                        "ids.lenient-pattern",
                        at,
                        format!("pattern {pattern:?}: {note}"),
                    );
                }
            }
        }
    }
}

/// Ranges and lengths that nothing can keep.
fn ranges(findings: &mut Findings<'_>, at: Place, all: &Restriction) {
    if let (Some(least), Some(most)) = (&all.least, &all.most) {
        let number = |bound: &Bound| scalar::number(&bound.text);
        if let (Some(low), Some(high)) = (number(least), number(most)) {
            let open = !(least.inclusive && most.inclusive);
            if low > high || low == high && open {
                let message = format!("no number lies between {} and {}", least.text, most.text);
                findings.error("ids.impossible-range", at, message);
            }
        }
    }
    let (least, most) = (all.min_length, all.max_length);
    let crossed = matches!((least, most), (Some(least), Some(most)) if least > most);
    let outside = all.length.is_some_and(|length| {
        least.is_some_and(|least| length < least) || most.is_some_and(|most| length > most)
    });
    if crossed || outside {
        let message =
            "no text is of that length: length, minLength and maxLength contradict".to_owned();
        findings.error("ids.impossible-length", at, message);
    }
}
