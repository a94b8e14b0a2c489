//! Explicit attributes of a record.

use super::check::{Checker, Outcome, Why, is_logical};
use super::plan::ConstraintId;
use super::scalar::Scalar;
use crate::step::Value;

impl Checker<'_, '_> {
    /// Whether one of the attributes of a name has a value, and one that satisfies a constraint.
    pub(super) fn attribute(&mut self, name: ConstraintId, value: Option<ConstraintId>) -> Outcome {
        let schema = self.file.schema();
        let Some(class) = self.file.class(self.subject) else {
            return Outcome::Absent(Why::NoAttribute);
        };
        let attributes = schema.attributes(class);
        let places: Vec<usize> = match self.plan.constraint(name).map(|m| m.text()) {
            Some(Some(name)) => schema.attribute_index(class, name).into_iter().collect(),
            _ => (0..attributes.len()).collect(),
        };
        let mut worst = Outcome::Absent(Why::NoAttribute);
        for place in places {
            let Some(attribute) = attributes.get(place) else {
                continue;
            };
            let own = self.symbols.borrowed(attribute.name);
            if !self.satisfies(name, Scalar::Text(own)) {
                continue;
            }
            let written = self.file.step().record(self.subject).arg(place);
            let measure = attribute.measure;
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
                _ => match (self.scalar(written, measure, Value::Null), value) {
                    (None, _) => Outcome::Fail(Why::AttributeEmpty(own)),
                    (Some(_), None) => Outcome::Pass,
                    (Some(found), Some(wanted)) => {
                        if self.satisfies(wanted, found) {
                            Outcome::Pass
                        } else {
                            Outcome::Fail(Why::AttributeValue(own, found))
                        }
                    }
                },
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
}
