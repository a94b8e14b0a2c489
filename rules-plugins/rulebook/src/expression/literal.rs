//! Numbers with their units: `32 in`, `7 ft 6 in`, `1:12`, `8.33 %`, `150 ft²/person`.

use plancheck_contract::Unit;
use plancheck_engine::rules::nearest;

use super::lexer::Kind;
use super::parser::Parser;
use super::tree::Literal;
use crate::diagnostic::Diagnostic;
use crate::units;

/// Words that may follow a number and are no unit.
const AFTER_NUMBER: &[&str] = &["and", "or", "then", "else", "not", "as"];

impl Parser<'_> {
    /// After a number: its unit, and what belongs to it.
    pub(super) fn literal_after(&mut self, value: f64) -> Result<Literal, Box<Diagnostic>> {
        if self.peek_symbol(":")
            && let Some(Kind::Number(run)) = self.kind_at(1)
        {
            self.advance();
            self.advance();
            if run == 0.0 {
                let wrong = self.wrong_before("slope", "a slope of one in nothing");
                return Err(wrong.help("a slope is written as 1:12"));
            }
            return Ok(Literal {
                value: value / run,
                unit: Unit::Slope,
            });
        }
        let Some(unit) = self.unit()? else {
            return Ok(Literal {
                value,
                unit: Unit::One,
            });
        };
        let mut literal = Literal { value, unit };
        // `7 ft 6 in`: kept in the last, smaller unit.
        while let Some(Kind::Number(more)) = self.kind_at(0) {
            self.advance();
            let Some(unit) = self.unit()? else {
                return Err(self
                    .wrong_before(
                        "missing-unit",
                        "a number with a unit is followed by one without",
                    )
                    .help("feet and inches are written as `7 ft 6 in`"));
            };
            if unit.dimension() != literal.unit.dimension() {
                return Err(self.wrong_before(
                    "mixed-units",
                    format!(
                        "{} and {} do not measure the same",
                        literal.unit.symbol(),
                        unit.symbol()
                    ),
                ));
            }
            literal = Literal {
                value: (literal.value * literal.unit.factor() / unit.factor()).round_off() + more,
                unit,
            };
        }
        Ok(literal)
    }

    /// The unit that comes next, if one does.
    pub(super) fn unit(&mut self) -> Result<Option<Unit>, Box<Diagnostic>> {
        if let (true, true, Some(Kind::Word(scale))) =
            (self.peek_symbol("°"), self.touches(0), self.kind_at(1))
            && let Some(unit) = units::unit(&format!("°{scale}"))
        {
            self.advance();
            self.advance();
            return Ok(Some(unit));
        }
        for symbol in ["%", "°"] {
            if self.peek_symbol(symbol) {
                self.advance();
                return Ok(units::unit(symbol));
            }
        }
        let Some(Kind::Word(word)) = self.kind_at(0) else {
            return Ok(None);
        };
        let is_operator = AFTER_NUMBER.contains(&word.as_str())
            || (word == "in" && self.kind_at(1) == Some(Kind::Symbol("[")));
        if is_operator {
            return Ok(None);
        }
        // `ft²/person` is one unit, where nothing stands between.
        if self.touches(0)
            && self.touches(1)
            && self.kind_at(1) == Some(Kind::Symbol("/"))
            && let Some(Kind::Word(per)) = self.kind_at(2)
        {
            let both = format!("{word}/{per}");
            if let Some(unit) = units::unit(&both) {
                self.advance();
                self.advance();
                self.advance();
                return Ok(Some(unit));
            }
            if per == "person" {
                let span = self.span_of(0, 2);
                return Err(unknown_unit(span, &both));
            }
        }
        if let Some(unit) = units::unit(&word) {
            self.advance();
            return Ok(Some(unit));
        }
        Err(unknown_unit(self.span_of(0, 0), &word))
    }
}

fn unknown_unit(span: crate::diagnostic::Span, symbol: &str) -> Box<Diagnostic> {
    let wrong = Diagnostic::new("unknown-unit", span, format!("unknown unit `{symbol}`"))
        .suggest(nearest(symbol, units::spellings()));
    if wrong.suggestion.is_some() {
        wrong
    } else {
        let known: Vec<&str> = Unit::all().map(Unit::symbol).collect();
        wrong.help(format!("known units: {}", known.join(", ")))
    }
}

/// 7 ft are 84 in, not 84.00000000000001.
trait RoundOff {
    fn round_off(self) -> Self;
}

impl RoundOff for f64 {
    fn round_off(self) -> f64 {
        let near = self.round();
        if (self - near).abs() < 1e-9 * near.abs() {
            near
        } else {
            self
        }
    }
}
