//! Comparisons: which side is measured, which is required, and in which unit.

use plancheck_rulebook_interpreter::format::Op;
use plancheck_rulebook_interpreter::text::Question;

use super::names::Compiler;
use super::value::{Number, Value};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::{Comparator, Expression, Node, Wanted};

impl Compiler<'_> {
    /// `a <= b`, or `a <= b <= c`.
    pub(super) fn comparison(
        &mut self,
        first: &Expression,
        chain: &[(Comparator, Span, Expression)],
    ) -> Option<Value> {
        let mut truths = Vec::new();
        let mut left = first;
        for (comparator, span, right) in chain {
            truths.push(self.compare(left, *comparator, span, right));
            left = right;
        }
        let truths: Vec<u32> = truths.into_iter().collect::<Option<_>>()?;
        match (truths.as_slice(), chain) {
            ([one], _) => Some(Value::Truth(*one)),
            ([low, high], [(a, _, _), (b, span, _)]) => {
                let up = |c: &Comparator| matches!(c, Comparator::AtMost | Comparator::Below);
                let down = |c: &Comparator| matches!(c, Comparator::AtLeast | Comparator::Above);
                if !(up(a) && up(b) || down(a) && down(b)) {
                    self.wrong.push(
                        Diagnostic::new(
                            "mixed-chain",
                            span.clone(),
                            "the comparisons of a chain point different ways",
                        )
                        .help("write `4 in <= riser_height <= 7 in`, or join two comparisons with `and`"),
                    );
                    return None;
                }
                let op =
                    |register: &u32| self.code.instructions.get(*register as usize).map(|i| i.op);
                let both = match (op(low), op(high)) {
                    (Some(Op::AtLeast), Some(Op::AtMost)) => [*low, *high, 0],
                    (Some(Op::AtMost), Some(Op::AtLeast)) => [*high, *low, 0],
                    _ => {
                        let and = self.code.emit(Op::And, 0, [*low, *high, 0]);
                        return Some(Value::Truth(and));
                    }
                };
                Some(Value::Truth(self.code.emit(Op::Between, 0, both)))
            }
            _ => None,
        }
    }

    fn compare(
        &mut self,
        left: &Expression,
        comparator: Comparator,
        span: &Span,
        right: &Expression,
    ) -> Option<u32> {
        // The side whose type is open takes that of the other.
        let (one, other) = if self.is_open(left) {
            let other = self.expression(right, None);
            let one = self.expression(left, other.map(|value| value.wanted()));
            (one?, other?)
        } else {
            let one = self.expression(left, None);
            let other = self.expression(right, one.map(|value| value.wanted()));
            (one?, other?)
        };
        match (one, other) {
            (Value::Number(a), Value::Number(b)) => {
                self.compare_numbers((left, a), comparator, span, (right, b))
            }
            (Value::Text(a), Value::Text(b)) => {
                let same = match (&left.node, &right.node) {
                    (_, Node::Text(text)) => self.is_one_of(a, std::slice::from_ref(text)),
                    (Node::Text(text), _) => self.is_one_of(b, std::slice::from_ref(text)),
                    _ => self.code.emit(Op::SameText, 0, [a, b, 0]),
                };
                self.equality(comparator, span, same, "texts")
            }
            (Value::Truth(a), Value::Truth(b)) => {
                let same = self.code.emit(Op::Same, 0, [a, b, 0]);
                self.equality(comparator, span, same, "truths")
            }
            _ => {
                let (a, b) = (one.wanted().describe(), other.wanted().describe());
                let message = format!("{a} is compared with {b}");
                self.wrong.push(
                    Diagnostic::new("different-kinds", span.clone(), message)
                        .related(left.span.clone(), a)
                        .related(right.span.clone(), b),
                );
                None
            }
        }
    }

    fn is_one_of(&mut self, text: u32, texts: &[String]) -> u32 {
        let test = self.pool.test(Question::Is as u32, texts);
        self.code.emit(Op::Test, 0, [text, test, 0])
    }

    fn equality(
        &mut self,
        comparator: Comparator,
        span: &Span,
        same: u32,
        what: &str,
    ) -> Option<u32> {
        match comparator {
            Comparator::Equal => Some(same),
            Comparator::Differs => Some(self.code.emit(Op::Not, 0, [same, 0, 0])),
            other => {
                let message = format!("{what} have no order: `{}`", other.symbol());
                let wrong = Diagnostic::new("no-order", span.clone(), message);
                self.wrong
                    .push(wrong.help("they can be compared with `==` and `!=`"));
                None
            }
        }
    }

    /// What depends on the model is measured, what the code says is required; where both depend on
    /// the model, the side that has a unit of the code.
    fn compare_numbers(
        &mut self,
        left: (&Expression, Number),
        comparator: Comparator,
        span: &Span,
        right: (&Expression, Number),
    ) -> Option<u32> {
        let dimension = self.agree(span, "is compared with", left, right)?;
        let (a, b) = (left.1, right.1);
        let flip = match (a.reads, b.reads) {
            (false, true) => true,
            (true, true) => a.unit.is_some() && b.unit.is_none(),
            _ => false,
        };
        let (measured, required, comparator) = if flip {
            (b, a, comparator.flipped())
        } else {
            (a, b, comparator)
        };
        let unit = Self::unit_of(required, dimension, measured.unit);
        let operands = [self.si(measured), self.in_unit(required, unit), 0];
        let op = match comparator {
            Comparator::AtLeast => Op::AtLeast,
            Comparator::AtMost => Op::AtMost,
            Comparator::Equal => Op::Equal,
            Comparator::Differs => Op::Differs,
            Comparator::Above => Op::Above,
            Comparator::Below => Op::Below,
        };
        Some(self.code.emit(op, unit as u8, operands))
    }

    /// `use in ["office", "shop"]`, `number_of_risers in [3, 5]`.
    pub(super) fn member(&mut self, left: &Expression, members: &[Expression]) -> Option<Value> {
        let like = match members.first().map(|m| &m.node) {
            Some(Node::Text(_)) => Some(Wanted::Text),
            Some(Node::Number(literal)) => Some(Wanted::Number(literal.unit.dimension())),
            _ => None,
        };
        let value = self.expression(left, like)?;
        let mut texts = Vec::new();
        let mut found: Option<u32> = None;
        for member in members {
            match (value, &member.node) {
                (Value::Text(_), Node::Text(text)) => texts.push(text.clone()),
                (Value::Number(number), _) => {
                    let other = self.number(member, Some(value.wanted()))?;
                    let equal = self.compare_numbers(
                        (left, number),
                        Comparator::Equal,
                        &member.span,
                        (member, other),
                    )?;
                    found = Some(match found {
                        None => equal,
                        Some(before) => self.code.emit(Op::Or, 0, [before, equal, 0]),
                    });
                }
                _ => {
                    let message =
                        format!("{} is looked for among these", value.wanted().describe());
                    self.wrong.push(
                        Diagnostic::new("wrong-member", member.span.clone(), message)
                            .help("a list has texts in quotes, or numbers with their unit"),
                    );
                    return None;
                }
            }
        }
        match (value, found) {
            (Value::Text(register), _) => Some(Value::Truth(self.is_one_of(register, &texts))),
            (_, Some(found)) => Some(Value::Truth(found)),
            _ => None,
        }
    }
}
