//! Messages: `The door is {clear_width} wide` as the engine wants it, `The door is {0} in wide`.

use plancheck_contract::{Dimension, Unit};
use plancheck_rulebook_interpreter::format::MAX_ARGUMENTS;

use super::names::Compiler;
use super::value::Value;
use crate::diagnostic::Diagnostic;
use crate::document::{Text, unit_text};
use crate::units::unit_for;

impl Compiler<'_> {
    /// The text for the manifest, and the registers of its arguments. `unit`: that of the rule's
    /// comparison.
    pub(super) fn message(&mut self, say: &Text, unit: Option<Unit>) -> Option<(String, Vec<u32>)> {
        let template = say.value.as_str();
        let (mut out, mut arguments) = (String::new(), Vec::new());
        let mut at = 0;
        while let Some(open) = template.get(at..).and_then(|rest| rest.find(['{', '}'])) {
            let start = at + open;
            out += template.get(at..start).unwrap_or_default();
            let rest = template.get(start..).unwrap_or_default();
            let end = rest.find('}').filter(|_| rest.starts_with('{'));
            let Some(end) = end else {
                let span = say.at(start..start + 1);
                self.wrong.push(Diagnostic::new(
                    "open-brace",
                    span,
                    "a brace without its partner",
                ));
                return None;
            };
            let (text, register) = self.argument(&say.part(start + 1..start + end), unit)?;
            if arguments.len() == MAX_ARGUMENTS {
                self.wrong.push(Diagnostic::new(
                    "many-arguments",
                    say.at(start..start + end + 1),
                    format!("more than {MAX_ARGUMENTS} numbers in one message"),
                ));
                return None;
            }
            out += &format!("{{{}}}{text}", arguments.len());
            arguments.push(register);
            at = start + end + 1;
        }
        out += template.get(at..).unwrap_or_default();
        Some((out, arguments))
    }

    /// What stands in braces: a number, perhaps with the unit to say it in. Gives what follows the
    /// number in the text, and its register.
    fn argument(&mut self, inside: &Text, rule: Option<Unit>) -> Option<(String, u32)> {
        let mut expression = inside.clone();
        let mut said = None;
        if let Some(at) = inside.value.rfind(" in ") {
            let unit = inside.part(at + 4..inside.value.len());
            if !unit.value.trim_start().starts_with('[') {
                expression = inside.part(0..at);
                match unit_text(&trimmed(&unit)) {
                    Ok(unit) => said = Some(unit),
                    Err(error) => {
                        self.wrong.push(error);
                        return None;
                    }
                }
            }
        }
        let (span, value) = self.text(&expression, None)?;
        let Value::Number(number) = value else {
            let message = format!("{} in a message", value.wanted().describe());
            self.wrong.push(
                Diagnostic::new("no-number-in-message", span, message)
                    .help("a message has numbers; the finding lists the other facts beside it"),
            );
            return None;
        };
        let same = rule.filter(|unit| unit.dimension() == number.dimension);
        let unit = match said {
            Some(said) => unit_for(number.dimension, said),
            None => Self::unit_of(number, number.dimension, same),
        };
        if unit.dimension() != number.dimension {
            let message = format!(
                "{} is not measured in {}",
                value.wanted().describe(),
                unit.symbol()
            );
            self.wrong
                .push(Diagnostic::new("wrong-unit", inside.whole(), message));
            return None;
        }
        // 1:n is not how a number can be put into a text.
        let unit = if unit == Unit::Slope {
            Unit::SlopePercent
        } else {
            unit
        };
        let symbol = match unit {
            Unit::One | Unit::Each => String::new(),
            Unit::SlopePercent => " %".to_owned(),
            Unit::Degree => "°".to_owned(),
            other => format!(" {}", other.symbol()),
        };
        let register = if number.dimension == Dimension::Number && unit == Unit::One {
            self.si(number)
        } else {
            self.said_in(number, unit)
        };
        Some((symbol, register))
    }
}

fn trimmed(text: &Text) -> Text {
    let start = text.value.len() - text.value.trim_start().len();
    let end = text.value.trim_end().len().max(start);
    text.part(start..end)
}
