//! A report in the order in which a plan checker reads it: by clause, worst first.

use std::collections::HashMap;

use super::phrase::provenance;
use super::report::{Fact, Finding, Quantity, Report, Rule};

/// The rules under one citation.
pub(super) struct Clause<'r, 'a> {
    pub(super) citation: &'r str,
    /// What it is about, and where it can be read; both may be empty.
    pub(super) section: [&'r str; 2],
    pub(super) rules: Vec<RuleFindings<'r, 'a>>,
}

/// A rule with its findings.
pub(super) struct RuleFindings<'r, 'a> {
    pub(super) rule: &'r Rule<'a>,
    pub(super) findings: Vec<&'r Finding<'a>>,
}

/// How bad something is; greater is worse.
type Badness = (u8, u64, u64);

/// Clauses, worst first; those that are equally bad stay in the order of the report.
pub(super) fn clauses<'r, 'a>(
    report: &'r Report<'a>,
    wanted: impl Fn(&Rule<'a>) -> bool,
) -> Vec<Clause<'r, 'a>> {
    let mut findings: HashMap<(&str, &str), Vec<&Finding<'a>>> = HashMap::new();
    for finding in &report.findings {
        findings
            .entry((&finding.module, &finding.rule))
            .or_default()
            .push(finding);
    }
    let mut clauses: Vec<Clause<'_, '_>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for rule in report.rules.iter().filter(|rule| wanted(rule)) {
        let mine = findings
            .remove(&(&*rule.module, &*rule.rule))
            .unwrap_or_default();
        let entry = RuleFindings {
            rule,
            findings: mine,
        };
        let place = *places.entry(&rule.citation).or_insert(clauses.len());
        match clauses.get_mut(place) {
            Some(clause) => clause.rules.push(entry),
            None => clauses.push(Clause {
                citation: &rule.citation,
                section: [&rule.section, &rule.link],
                rules: vec![entry],
            }),
        }
    }
    for clause in &mut clauses {
        clause
            .rules
            .sort_by_key(|entry| std::cmp::Reverse(badness(entry.rule)));
    }
    clauses.sort_by_key(|clause| {
        std::cmp::Reverse(clause.rules.iter().map(|entry| badness(entry.rule)).max())
    });
    clauses
}

fn badness(rule: &Rule<'_>) -> Badness {
    let class = match (rule.counts.fail, rule.counts.undetermined, &*rule.severity) {
        (1.., _, "error") => 4,
        (1.., _, "warning") => 3,
        (1.., ..) => 2,
        (0, 1.., _) => 1,
        _ => 0,
    };
    (class, rule.counts.fail, rule.counts.undetermined)
}

/// Findings with the same message, together: "12 doors: clear width not known".
pub(super) fn by_reason<'r, 'a>(
    findings: &[&'r Finding<'a>],
) -> Vec<(&'r str, Vec<&'r Finding<'a>>)> {
    let mut groups: Vec<(&str, Vec<&Finding<'a>>)> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for finding in findings {
        let key = (&*finding.message, &*finding.element.class);
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, group)) => group.push(finding),
            None => groups.push((&finding.message, vec![finding])),
        }
    }
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.len()));
    groups
}

/// Findings that differ in nothing but the element and where in the file its values stand; those
/// of one kind together, in the order of the first of each.
pub(super) fn alike<'r, 'a>(findings: &[&'r Finding<'a>]) -> Vec<Vec<&'r Finding<'a>>> {
    let mut groups: Vec<Vec<&Finding<'a>>> = Vec::new();
    let mut places = HashMap::new();
    for finding in findings {
        let shown = |quantity: &'r Option<Quantity<'a>>| quantity.as_ref().map(|q| &*q.display);
        let key = (
            &*finding.element.class,
            &*finding.message,
            shown(&finding.measured),
            shown(&finding.required),
            without_records(&finding.facts),
        );
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// Facts and what they were computed from, a line each, as they are shown of several elements.
pub(super) fn without_records(facts: &[Fact<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for fact in facts {
        lines.push(provenance(fact, false));
        let from = without_records(&fact.from);
        lines.extend(from.iter().map(|line| format!("from {line}")));
    }
    lines
}

/// `IfcStairFlight` → `stair flight`, or with an s where there are several.
pub(super) fn noun(class: &str, count: usize) -> String {
    let name = match class {
        "IfcBuildingStorey" => "Storey",
        _ => class.strip_prefix("Ifc").unwrap_or(class),
    };
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        if c.is_uppercase() && at > 0 {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    if count != 1 {
        out.push('s');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::noun;

    #[test]
    fn classes_read_as_words() {
        assert_eq!(noun("IfcDoor", 12), "doors");
        assert_eq!(noun("IfcStairFlight", 1), "stair flight");
        assert_eq!(noun("IfcBuildingStorey", 2), "storeys");
    }
}
