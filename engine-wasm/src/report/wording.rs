//! How a verdict is said. Modules return numbers and message keys; the words are made here, so
//! that judging a row costs no text.

use plancheck_contract::{Comparison, Kind, Unit};

use super::finding::Quantity;
use crate::facts::text::{plain, show, within};
use crate::rules::explain::FactUse;

/// What there is to say.
pub struct Said<'a> {
    pub kind: Kind,
    pub comparison: Comparison,
    pub measured: Option<&'a Quantity>,
    pub required: Option<&'a Quantity>,
    pub template: Option<&'a str>,
    pub arguments: &'a [f64],
    pub facts: &'a [FactUse],
    /// Of the fact that was measured.
    pub title: Option<&'a str>,
}

/// `31.5 in (0.8 m)`, with its range where it has a tolerance.
pub fn quantity(si: f64, tolerance: f64, unit: Unit) -> String {
    let si_unit = unit.dimension().si_unit();
    let in_code = range(si, tolerance, unit);
    if si_unit == unit
        || matches!(
            unit,
            Unit::Person
                | Unit::Each
                | Unit::Percent
                | Unit::SlopePercent
                | Unit::Minute
                | Unit::Hour
        )
    {
        in_code
    } else {
        format!("{in_code} ({})", range(si, tolerance, si_unit))
    }
}

/// A number with its unit, or from where to where it lies.
pub fn range(si: f64, tolerance: f64, unit: Unit) -> String {
    if tolerance > 0.0 && matches!(unit, Unit::Person | Unit::Each) {
        let (low, high) = (plain(si - tolerance, 3), plain(si + tolerance, 3));
        return match unit {
            _ if low == high => show(si, unit),
            Unit::Person => format!("{low} to {high} persons"),
            _ => format!("{low} to {high}"),
        };
    }
    if tolerance > 0.0 {
        let (low, high) = (show(si - tolerance, unit), show(si + tolerance, unit));
        if low == high {
            low
        } else if si - tolerance == 0.0 {
            format!("up to {high}")
        } else {
            format!("{low} to {high}")
        }
    } else {
        show(si, unit)
    }
}

/// The message of a finding.
pub fn message(said: &Said<'_>) -> String {
    if let Some(template) = said.template {
        let filled = fill(template, said.arguments);
        return match said.kind {
            Kind::Undetermined => with_missing(&filled, said.facts),
            _ => filled,
        };
    }
    let title = || match (said.title, said.facts) {
        (Some(title), _) => title.to_owned(),
        (None, [only]) => only.title.clone(),
        (None, facts) => {
            let known = facts.iter().filter(|f| f.value.is_some());
            let names: Vec<String> = known.map(|f| within(&f.title)).collect();
            format!("The value from {}", names.join(" and "))
        }
    };
    let limit = |required: &Quantity| match said.comparison {
        Comparison::AtLeast => format!("at least {}", required.display),
        Comparison::AtMost => format!("at most {}", required.display),
        Comparison::Equal | Comparison::None => required.display.clone(),
    };
    match (said.kind, said.measured, said.required) {
        (Kind::Fail, Some(measured), Some(required)) => {
            format!(
                "{} is {}; {} is required",
                title(),
                measured.display,
                limit(required)
            )
        }
        (Kind::Pass, Some(measured), Some(required)) => {
            format!(
                "{} is {}, as required: {}",
                title(),
                measured.display,
                limit(required)
            )
        }
        (Kind::Undetermined, Some(measured), Some(required)) => format!(
            "{} is {}; {} is required, which is within that range",
            title(),
            measured.display,
            limit(required)
        ),
        (Kind::Undetermined, _, Some(required)) => with_missing(
            &format!("Whether it is {} is not known", limit(required)),
            said.facts,
        ),
        (Kind::Undetermined, ..) => with_missing("Not known", said.facts),
        (Kind::Fail, ..) => "The requirement is not met".to_owned(),
        (Kind::Pass | Kind::NotApplicable, ..) => "The requirement is met".to_owned(),
    }
}

/// Adds which facts are missing, and why.
fn with_missing(text: &str, facts: &[FactUse]) -> String {
    let missing: Vec<String> = facts
        .iter()
        .filter_map(|f| {
            f.absent
                .as_ref()
                .map(|why| format!("{} ({why})", f.asked()))
        })
        .collect();
    let text = text.trim_end_matches('.');
    if !missing.is_empty() {
        return format!("{text}: missing {}", missing.join("; "));
    }
    let known: Vec<String> = facts
        .iter()
        .filter_map(|f| {
            f.value
                .as_ref()
                .map(|v| format!("{} {v}", within(&f.title)))
        })
        .collect();
    if known.is_empty() {
        text.to_owned()
    } else {
        format!(
            "{text}: the model says {}, which does not decide",
            known.join(", ")
        )
    }
}

/// Puts numbers in place of `{0}`, `{1}`, …
fn fill(template: &str, arguments: &[f64]) -> String {
    let mut text = template.to_owned();
    for (i, argument) in arguments.iter().enumerate() {
        text = text.replace(&format!("{{{i}}}"), &plain(*argument, 2));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_units_are_said() {
        assert_eq!(quantity(0.8001, 0.0, Unit::Inch), "31.5 in (0.8 m)");
        assert_eq!(
            quantity(0.83, 0.03, Unit::Inch),
            "31.5 in to 33.86 in (0.8 m to 0.86 m)"
        );
        assert_eq!(quantity(60.0, 0.0, Unit::Person), "60 persons");
        assert_eq!(quantity(0.1, 0.0, Unit::Slope), "1:10");
        assert_eq!(quantity(1800.0, 0.0, Unit::Minute), "30 min");
        assert_eq!(quantity(1.25, 1.25, Unit::Metre), "up to 2.5 m",);
    }

    #[test]
    fn templates_are_filled() {
        assert_eq!(
            fill("{0} exits for {1} persons", &[1.0, 62.0]),
            "1 exits for 62 persons"
        );
    }
}
