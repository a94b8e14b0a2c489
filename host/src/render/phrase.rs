//! The single lines of a report's text: an element, a comparison, where a value came from.

use std::fmt::Write as _;

use super::group::noun;
use super::report::{Diagnostic, Element, Fact, Finding, Module, Quantity};
use super::safe::safe;

/// `International Building Code 2024 (us-ibc-2024 0.1.0) · IBC 2024 · us`
pub(super) fn module_line(module: &Module<'_>) -> String {
    let id = safe(&module.id);
    let Some(title) = &module.title else {
        return format!("{id} · not available");
    };
    let version = module.version.as_deref().unwrap_or_default();
    let mut line = format!("{} ({id} {})", safe(title), safe(version));
    if let Some(j) = &module.jurisdiction {
        let _ = write!(line, " · {} {}", safe(&j.family), safe(&j.edition));
        let place = [&j.country, &j.state, &j.county, &j.city];
        let place: Vec<_> = place
            .into_iter()
            .filter(|p| !p.is_empty())
            .map(|p| safe(p))
            .collect();
        if !place.is_empty() {
            let _ = write!(line, " · {}", place.join("/"));
        }
    }
    line
}

/// `space 101 Office · …`, `door D117 · 0aBc… · Level 1 · #1757`
pub(super) fn element(element: &Element<'_>) -> String {
    let noun = noun(&safe(&element.class), 1);
    let name = match element.name.as_deref().map(safe) {
        None => noun,
        // A name that says what it is needs no more.
        Some(name)
            if noun
                .split(' ')
                .any(|word| name.to_lowercase().contains(word)) =>
        {
            name.into_owned()
        }
        Some(name) => format!("{noun} {name}"),
    };
    let mut line = name;
    if let Some(long_name) = &element.long_name {
        let _ = write!(line, " {}", safe(long_name));
    }
    let _ = write!(line, " · {}", safe(&element.global_id));
    if let Some(storey) = &element.storey {
        let _ = write!(line, " · {}", safe(storey));
    }
    if let Some(record) = element.record {
        let _ = write!(line, " · #{record}");
    }
    line
}

/// `measured 26 in (0.66 m), required at least 32 in (0.813 m), off by 6 in`
pub(super) fn comparison(finding: &Finding<'_>) -> Option<String> {
    let required = finding.required.as_ref()?;
    let limit = match finding.comparison.as_deref() {
        Some("at_least") => "at least ",
        Some("at_most") => "at most ",
        _ => "",
    };
    let required_text = format!("required {limit}{}", safe(&required.display));
    let Some(measured) = &finding.measured else {
        return Some(required_text);
    };
    let mut line = format!("measured {}, {required_text}", safe(&measured.display));
    if finding.verdict == "fail"
        && !limit.is_empty()
        && let Some(off) = off_by(measured, required)
    {
        let _ = write!(line, ", off by {off}");
    }
    Some(line)
}

/// Whether the message says no more than [`comparison`] does: the engine's own wording.
pub(super) fn is_standard_wording(finding: &Finding<'_>) -> bool {
    let (Some(measured), Some(required)) = (&finding.measured, &finding.required) else {
        return false;
    };
    let limit = if finding.verdict == "fail" {
        "is required"
    } else {
        "as required"
    };
    [&*measured.display, &*required.display, limit]
        .iter()
        .all(|part| finding.message.contains(part))
}

/// How far apart two numbers of one unit are; nothing where one of them is a range.
fn off_by(measured: &Quantity<'_>, required: &Quantity<'_>) -> Option<String> {
    // 1:10 against 1:12 is no distance that anybody names.
    let plain = measured.unit == required.unit && !measured.display.contains(':');
    if !plain || measured.tolerance_si.is_some() {
        return None;
    }
    let off = (measured.value - required.value).abs();
    let text = format!("{off:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // Counted things have no unit that people write.
    let unit = if measured.unit == "each" {
        String::new()
    } else {
        format!(" {}", safe(&measured.unit))
    };
    (text != "0").then(|| format!("{text}{unit}"))
}

/// `clear width: 0.66 m, geometry: overall width − lining (#123); a note`
///
/// Without the record where the line stands for several elements.
pub(super) fn provenance(fact: &Fact<'_>, record: bool) -> String {
    let mut line = format!("{}: ", safe(&fact.title));
    if let Some(why) = &fact.absent {
        let _ = write!(line, "not known: {}", safe(why));
        return line;
    }
    line.push_str(&safe(fact.value.as_deref().unwrap_or("known")));
    let source = fact.source.as_deref().unwrap_or_default();
    let provenance = fact.provenance.as_deref().unwrap_or_default();
    // Some sources are named after their kind: "quantity Width".
    let kind = if source.starts_with(provenance) {
        ""
    } else {
        provenance
    };
    for part in [kind, source]
        .into_iter()
        .filter(|part| !part.is_empty())
        .enumerate()
    {
        let _ = write!(
            line,
            "{}{}",
            if part.0 == 0 { ", " } else { " " },
            safe(part.1)
        );
    }
    if let Some(record) = fact.record.filter(|_| record) {
        let _ = write!(line, ", record #{record}");
    }
    if let Some(note) = &fact.note {
        let _ = write!(line, "; {}", safe(note));
    }
    line
}

pub(super) fn diagnostic(one: &Diagnostic<'_>) -> String {
    let mut place = Vec::new();
    if let Some(line) = one.line {
        place.push(format!("line {line}"));
    }
    if let Some(record) = one.record {
        place.push(format!("#{record}"));
    }
    let place = if place.is_empty() {
        String::new()
    } else {
        format!("{}: ", place.join(", "))
    };
    format!("{place}{} ({})", safe(&one.message), safe(&one.code))
}

/// `1 rule`, `2 rules`, `12 345 rules`
#[must_use]
pub fn counted(number: u64, noun: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {noun}{end}", thousands(number))
}

/// `12345` → `12 345`
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
