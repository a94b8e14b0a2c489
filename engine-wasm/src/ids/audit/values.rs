//! Whether a constraint can be met by any value of a kind.

use std::collections::HashSet;

use super::super::document::{Bound, Constraint, Place, Restriction};
use super::super::finding::Findings;
use super::super::hash::Texts;
use super::super::matcher::Matcher;
use super::super::pattern::Pattern;
use super::super::{scalar, time, wording};
use super::tables::Kind;

/// Patterns of a document of which nothing is to be said: packs have the same ones hundreds of times.
pub(super) type Patterns<'d> = HashSet<&'d str, Texts>;

/// Whether a text is a value of a kind.
fn is_a(text: &str, kind: Kind) -> bool {
    match kind {
        Kind::Double => scalar::number(text).is_some() || matches!(text, "NaN" | "INF" | "-INF"),
        Kind::Integer => scalar::integer(text).is_some(),
        Kind::Boolean => scalar::boolean(text).is_some(),
        Kind::Date => time::is_date(text),
        Kind::DateTime => time::is_date_time(text),
        Kind::Duration => time::is_duration(text),
        Kind::Time => time::is_time(text),
        Kind::Text | Kind::Other => true,
    }
}

/// A value of a kind, in words.
fn article(kind: Kind) -> &'static str {
    match kind {
        Kind::Double => "a number (xs:double)",
        Kind::Integer => "a whole number (xs:integer)",
        Kind::Text | Kind::Other => "a text (xs:string)",
        Kind::Boolean => "true or false (xs:boolean)",
        Kind::Date => "a date (xs:date)",
        Kind::DateTime => "a date with time (xs:dateTime)",
        Kind::Duration => "a duration (xs:duration)",
        Kind::Time => "a time (xs:time)",
    }
}

/// What a text that is no value of a kind is not, with an example.
fn no(kind: Kind) -> &'static str {
    match kind {
        Kind::Double => "no number (xs:double: 2.5)",
        Kind::Integer => "no whole number (xs:integer: 2)",
        Kind::Text | Kind::Other => "no text (xs:string)",
        Kind::Boolean => "neither true nor false (xs:boolean, in lower case)",
        Kind::Date => "no date (xs:date: 2024-01-31)",
        Kind::DateTime => "no date with time (xs:dateTime: 2024-01-31T12:30:00)",
        Kind::Duration => "no duration (xs:duration: PT16H)",
        Kind::Time => "no time (xs:time: 12:30:00)",
    }
}

/// Whether a pattern begins with `^` or ends with `$`, as those of other dialects do. Neither can
/// stand within brackets or behind a backslash there and mean itself.
fn is_anchored(pattern: &str) -> bool {
    let end = pattern.strip_suffix('$').is_some_and(|rest| {
        let escapes = rest.bytes().rev().take_while(|byte| *byte == b'\\').count();
        escapes % 2 == 0
    });
    pattern.starts_with('^') || end
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
pub(super) fn constraint<'d>(
    findings: &mut Findings<'_>,
    good: &mut Patterns<'d>,
    at: Place,
    what: &str,
    constraint: &'d Constraint,
    kind: Option<Kind>,
) {
    match constraint {
        Constraint::Simple(text) => {
            if text.is_empty() {
                findings.error("ids.empty-value", at, format!("the {what} is empty"));
            } else if let Some(kind) = kind
                && !is_a(text, kind)
            {
                let message = format!("the {what} {text:?} is {}", no(kind));
                findings.error("ids.wrong-value", at, message);
            }
        }
        Constraint::Restriction(all) => restriction(findings, good, at, what, all, kind),
    }
}

fn restriction<'d>(
    findings: &mut Findings<'_>,
    good: &mut Patterns<'d>,
    at: Place,
    what: &str,
    all: &'d Restriction,
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
            "the {what} is {}, and its restriction is on xs:{}: write base=\"xs:{}\"",
            article(kind),
            all.base,
            kind.base()
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
                format!("{wrong:?} in the restriction of the {what} is {}", no(base)),
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
    outside(findings, at, what, all, base);
    for text in &all.patterns {
        if !good.contains(text.as_str()) && pattern(findings, at, text) {
            good.insert(text);
        }
    }
}

/// Audits a pattern; whether nothing is to be said of it.
fn pattern(findings: &mut Findings<'_>, at: Place, pattern: &str) -> bool {
    let compiled = match Pattern::new(pattern) {
        Ok(compiled) => compiled,
        Err(error) => {
            let message = format!("pattern {pattern:?}: {error}");
            findings.error("ids.invalid-pattern", at, message);
            return false;
        }
    };
    let anchored = is_anchored(pattern);
    if anchored {
        let what = "\"^\" and \"$\" are ordinary characters in XSD patterns, which match whole \
                    values: remove them";
        let message = format!("pattern {pattern:?}: {what}");
        findings.warning("ids.anchored-pattern", at, message);
    }
    if let Some(note) = compiled.lenient() {
        let message = format!("pattern {pattern:?}: {note}");
        findings.warning("ids.lenient-pattern", at, message);
    }
    !anchored && compiled.lenient().is_none()
}

/// Values of a list that its own restriction does not allow.
fn outside(
    findings: &mut Findings<'_>,
    at: Place,
    what: &str,
    all: &Restriction,
    base: Option<Kind>,
) {
    let more = all.is_range()
        || !all.patterns.is_empty()
        || all.length.is_some()
        || all.min_length.is_some()
        || all.max_length.is_some();
    if all.enumeration.is_empty() || !more {
        return;
    }
    let rest = Restriction {
        enumeration: Vec::new(),
        ..all.clone()
    };
    let Ok(matcher) = Matcher::new(&Constraint::Restriction(rest)) else {
        return;
    };
    let keeps = |text: &str| match (base, scalar::number(text)) {
        (Some(Kind::Double | Kind::Integer), Some(number)) => {
            matcher.is_match(scalar::Scalar::Real(number))
        }
        _ => matcher.is_match(scalar::Scalar::Text(text)),
    };
    let wrong = all.enumeration.iter().filter(|text| !keeps(text));
    let count = wrong.clone().count();
    if let Some(first) = wrong.clone().next() {
        let (first, of) = (wording::quoted(first), all.enumeration.len());
        let message = format!(
            "{count} of {of} listed values of the {what} are outside the rest of the restriction: \
             {first}"
        );
        match count == of {
            true => findings.error("ids.impossible-range", at, message),
            false => findings.warning("ids.impossible-range", at, message),
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
        } else if let Some(order) = time::order(least.text.trim(), most.text.trim()) {
            let open = !(least.inclusive && most.inclusive);
            if order.is_gt() || order.is_eq() && open {
                let message = format!("nothing lies between {} and {}", least.text, most.text);
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
