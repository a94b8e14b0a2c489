//! What is shown first, and what is shown together.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::summary::Shown;
use super::{Document, Failing, Specification};

/// Worst first: what could not be checked, what fails by how many elements, what passes and what
/// applies to nothing in the order of the file.
pub(super) fn worst_first<'r, 'a>(document: &'r Document<'a>) -> Vec<&'r Specification<'a>> {
    let mut all: Vec<_> = document.specifications.iter().collect();
    all.sort_by_key(|s| (Shown::of(s), Reverse(s.failed)));
    all
}

/// Failing elements that were found to have the same, largest group first.
pub(super) struct Group<'r, 'a> {
    /// `found no such property set`
    pub(super) reason: String,
    pub(super) failing: Vec<&'r Failing<'a>>,
}

/// Groups by what was found. Two that differ in nothing but the number of a record are the same.
pub(super) fn by_reason<'r, 'a>(failing: &'r [Failing<'a>], asks: &str) -> Vec<Group<'r, 'a>> {
    let mut groups: Vec<Group<'r, 'a>> = Vec::new();
    let mut places: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for one in failing {
        let key = without_records(&one.reason);
        let place = *places.entry(key.to_string()).or_insert_with(|| {
            groups.push(Group {
                reason: String::new(),
                failing: Vec::new(),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.failing.push(one);
        }
    }
    for group in &mut groups {
        let Some(first) = group.failing.first() else {
            continue;
        };
        let reason = match group.failing.len() {
            1 => Cow::Borrowed(&*first.reason),
            _ => without_records(&first.reason),
        };
        group.reason = found(&reason, asks).to_owned();
    }
    groups.sort_by_key(|group| Reverse(group.failing.len()));
    groups
}

/// What was found: what is expected stands above it already, in full.
pub(super) fn found<'r>(reason: &'r str, asks: &str) -> &'r str {
    let rest = reason.strip_prefix("expected ").unwrap_or(reason);
    let rest = rest.strip_prefix("no ").unwrap_or(rest);
    // The reason has no more than the beginning of a long demand.
    let same = rest
        .char_indices()
        .zip(asks.chars())
        .take_while(|((_, a), b)| a == b)
        .last()
        .map_or(0, |((at, c), _)| at + c.len_utf8());
    let after = rest.get(same..).unwrap_or("");
    let after = after.strip_prefix('…').unwrap_or(after);
    after.strip_prefix(", ").unwrap_or(reason)
}

/// Without `(#71)` and `of type #12`, outside of quoted texts or not: for comparing only.
fn without_records(reason: &str) -> Cow<'_, str> {
    if !reason.contains('#') {
        return Cow::Borrowed(reason);
    }
    let mut out = String::with_capacity(reason.len());
    let mut rest = reason;
    while let Some(at) = rest.find('#') {
        let (before, after) = rest.split_at(at);
        let digits = after
            .get(1..)
            .unwrap_or("")
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let after = after.get(1 + digits..).unwrap_or("");
        if digits == 0 {
            out.push_str(before);
            out.push('#');
            rest = after;
            continue;
        }
        match (before.strip_suffix(" ("), after.strip_prefix(')')) {
            (Some(before), Some(after)) => {
                out.push_str(before);
                rest = after;
            }
            _ => {
                out.push_str(before.strip_suffix(' ').unwrap_or(before));
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{found, without_records};

    #[test]
    fn what_is_expected_is_not_repeated() {
        let long = "A".repeat(400);
        for (reason, asks, shown) in [
            ("expected Name, found no Name", "Name", "found no Name"),
            (
                "expected no material, found material \"x\"",
                "material",
                "found material \"x\"",
            ),
            (
                &format!("expected {}…, found no A", "A".repeat(300)),
                &long,
                "found no A",
            ),
            ("something else", "Name", "something else"),
        ] {
            assert_eq!(found(reason, asks), shown);
        }
    }

    #[test]
    fn numbers_of_records_are_taken_out() {
        assert_eq!(
            without_records("found \"Room # 3\" in Set.Name (#71) of type #12"),
            "found \"Room # 3\" in Set.Name of type"
        );
        assert_eq!(without_records("part of IfcWall #9"), "part of IfcWall");
    }
}
