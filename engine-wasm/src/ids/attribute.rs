//! Explicit attributes of a record.

use super::check::{Checker, Outcome, Why, is_logical};
use super::plan::ConstraintId;
use super::scalar::Scalar;
use super::symbols::Sym;
use crate::step::Value;

/// What is at one attribute.
struct At {
    name: Sym,
    outcome: Outcome,
    /// The value, where it has one to compare.
    value: Option<Scalar<Sym>>,
}

impl Checker<'_, '_> {
    /// Whether one of the attributes of a name has a value, and one that satisfies a constraint.
    pub(super) fn attribute(&mut self, name: ConstraintId, value: Option<ConstraintId>) -> Outcome {
        let mut worst = Outcome::Absent(Why::NoAttribute);
        for place in self.places(name) {
            let Some(At { outcome, .. }) = self.at(place, name, value) else {
                continue;
            };
            match (outcome, worst) {
                (Outcome::Pass, _) => return Outcome::Pass,
                (Outcome::Fail(_), Outcome::Absent(_)) => worst = outcome,
                (Outcome::Absent(_), Outcome::Absent(Why::NoAttribute)) => worst = outcome,
                _ => {}
            }
        }
        worst
    }

    /// The attribute because of which [`Checker::attribute`] passes, and its value.
    pub(super) fn attribute_found(
        &mut self,
        name: ConstraintId,
        value: Option<ConstraintId>,
    ) -> Option<(Sym, Option<Scalar<Sym>>)> {
        let places = self.places(name);
        places.into_iter().find_map(|place| {
            let at = self.at(place, name, value)?;
            matches!(at.outcome, Outcome::Pass).then_some((at.name, at.value))
        })
    }

    /// Places of the attributes that may have a name.
    fn places(&self, name: ConstraintId) -> Vec<usize> {
        let schema = self.file.schema();
        let Some(class) = self.file.class(self.subject) else {
            return Vec::new();
        };
        match self.plan.constraint(name).map(|m| m.text()) {
            Some(Some(name)) => schema.attribute_index(class, name).into_iter().collect(),
            _ => (0..schema.attributes(class).len()).collect(),
        }
    }

    /// What is at a place; none where the attribute has another name.
    fn at(&mut self, place: usize, name: ConstraintId, value: Option<ConstraintId>) -> Option<At> {
        let class = self.file.class(self.subject)?;
        let attribute = self.file.schema().attributes(class).get(place)?;
        let own = self.symbols.borrowed(attribute.name);
        if !self.satisfies(name, Scalar::Text(own)) {
            return None;
        }
        let written = self.file.step().record(self.subject).arg(place);
        let measure = attribute.measure;
        let mut found = None;
        let outcome = match written.untyped() {
            Value::Null | Value::Malformed => Outcome::Absent(Why::AttributeAbsent(own)),
            Value::Derived => Outcome::Absent(Why::AttributeDerived(own)),
            Value::List(list) if list.is_empty() => Outcome::Fail(Why::AttributeEmpty(own)),
            Value::Enum(item)
                if is_logical(measure) && matches!(item, b"U" | b"u" | b"X" | b"x") =>
            {
                Outcome::Fail(Why::AttributeEmpty(own))
            }
            Value::Ref(_) | Value::List(_) | Value::Binary(_) => match value {
                Some(_) => Outcome::Fail(Why::AttributeObject(own)),
                None => Outcome::Pass,
            },
            _ => {
                found = self.scalar(written, measure, Value::Null);
                match (found, value) {
                    (None, _) => Outcome::Fail(Why::AttributeEmpty(own)),
                    (Some(_), None) => Outcome::Pass,
                    (Some(found), Some(wanted)) if self.satisfies(wanted, found) => Outcome::Pass,
                    (Some(found), Some(_)) => Outcome::Fail(Why::AttributeValue(own, found)),
                }
            }
        };
        Some(At {
            name: own,
            outcome,
            value: found,
        })
    }
}
