//! Arithmetic, with what comes of it.

use plancheck_contract::{Dimension, Unit};
use plancheck_rulebook_interpreter::format::Op;

use super::names::Compiler;
use super::value::{At, Number, Value, computed_unit};
use crate::diagnostic::{Diagnostic, Span};
use crate::expression::{Arithmetic, Expression, Function, Wanted};
use crate::units::{common, product, quotient, unit_for};

impl Compiler<'_> {
    fn constant(&mut self, value: f64) -> u32 {
        let constant = self.pool.constant(value);
        self.code.emit(Op::Constant, 0, [constant, 0, 0])
    }

    fn scale(&mut self, register: u32, factor: f64) -> u32 {
        if factor == 1.0 {
            return register;
        }
        let constant = self.pool.constant(factor);
        self.code.emit(Op::Scale, 0, [register, constant, 0])
    }

    /// The register of a number in SI.
    pub(super) fn si(&mut self, number: Number) -> u32 {
        match number.at {
            At::Si(register) => register,
            At::In(register, unit) => {
                let scaled = self.scale(register, unit.factor());
                self.shift(scaled, unit.offset())
            }
            At::Literal(value, unit) => self.constant(unit.to_si(value)),
        }
    }

    fn shift(&mut self, register: u32, by: f64) -> u32 {
        if by == 0.0 {
            return register;
        }
        let constant = self.constant(by);
        self.code.emit(Op::Add, 0, [register, constant, 0])
    }

    /// The register of a number in a unit, as messages say it.
    pub(super) fn said_in(&mut self, number: Number, unit: Unit) -> u32 {
        let register = self.in_unit(number, unit);
        self.shift(register, -unit.offset() / unit.factor())
    }

    /// The register of a number in a unit, as it is compared: degrees count from absolute zero.
    pub(super) fn in_unit(&mut self, number: Number, unit: Unit) -> u32 {
        let same = |own: Unit| {
            own.factor().to_bits() == unit.factor().to_bits()
                && own.offset() == 0.0
                && unit.offset() == 0.0
        };
        match number.at {
            At::In(register, own) if same(own) => register,
            At::Literal(value, own) if same(own) => self.constant(value),
            At::Literal(value, own) => self.constant(own.to_si(value) / unit.factor()),
            At::Si(_) | At::In(..) => {
                let si = self.si(number);
                self.scale(si, 1.0 / unit.factor())
            }
        }
    }

    /// Compiles something that has to be a number.
    pub(super) fn number(&mut self, e: &Expression, wanted: Option<Wanted>) -> Option<Number> {
        match self.expression(e, wanted)? {
            Value::Number(number) => Some(number),
            other => {
                let message = format!(
                    "this is {}, and a number is wanted",
                    other.wanted().describe()
                );
                self.wrong
                    .push(Diagnostic::new("not-a-number", e.span.clone(), message));
                None
            }
        }
    }

    /// What two numbers measure together; complains where they do not measure the same.
    pub(super) fn agree(
        &mut self,
        span: &Span,
        what: &str,
        a: (&Expression, Number),
        b: (&Expression, Number),
    ) -> Option<Dimension> {
        let found = common(a.1.dimension, b.1.dimension);
        if found.is_none() {
            let describe = |number: Number| Wanted::Number(number.dimension).describe();
            let message = format!("{} {what} {}", describe(a.1), describe(b.1));
            let mut wrong = Diagnostic::new("different-dimensions", span.clone(), message)
                .related(a.0.span.clone(), describe(a.1))
                .related(b.0.span.clone(), describe(b.1));
            let plain = |n: Number| matches!(n.at, At::Literal(_, Unit::One));
            if plain(a.1) || plain(b.1) {
                wrong = wrong.help("a number needs its unit: `32 in`, `2.1 m`, `150 ft²/person`");
            }
            self.wrong.push(wrong);
        }
        found
    }

    pub(super) fn negate(&mut self, inner: &Expression, wanted: Option<Wanted>) -> Option<Value> {
        let number = self.number(inner, wanted)?;
        let at = match number.at {
            At::Literal(value, unit) => At::Literal(-value, unit),
            _ if number.dimension == Dimension::Temperature => {
                let message = "the contrary of a temperature is no temperature";
                self.wrong.push(
                    Diagnostic::new("no-such-dimension", inner.span.clone(), message)
                        .help("temperatures can be compared, not added"),
                );
                return None;
            }
            _ => {
                let si = self.si(number);
                At::Si(self.scale(si, -1.0))
            }
        };
        Some(Value::Number(Number { at, ..number }))
    }

    /// Both operands, each giving the other its type where that is open.
    fn pair(
        &mut self,
        a: &Expression,
        b: &Expression,
        wanted: Option<Wanted>,
    ) -> Option<(Number, Number)> {
        if self.is_open(a) {
            let right = self.number(b, wanted);
            let like = right.map(|n| Wanted::Number(n.dimension));
            let left = self.number(a, wanted.or(like));
            return Some((left?, right?));
        }
        let left = self.number(a, wanted);
        let like = left.map(|n| Wanted::Number(n.dimension));
        let right = self.number(b, wanted.or(like));
        Some((left?, right?))
    }

    pub(super) fn arithmetic(
        &mut self,
        operator: Arithmetic,
        span: &Span,
        a: &Expression,
        b: &Expression,
        wanted: Option<Wanted>,
    ) -> Option<Value> {
        let (op, what, linear) = match operator {
            Arithmetic::Add => (Op::Add, "plus", true),
            Arithmetic::Subtract => (Op::Subtract, "minus", true),
            Arithmetic::Multiply => (Op::Multiply, "times", false),
            Arithmetic::Divide => (Op::Divide, "divided by", false),
        };
        let (x, y) = if linear {
            self.pair(a, b, wanted)?
        } else {
            let (x, y) = (self.number(a, None), self.number(b, None));
            (x?, y?)
        };
        if linear && [x, y].iter().any(|n| n.dimension == Dimension::Temperature) {
            let message = format!("a temperature {what} another number is no temperature");
            self.wrong.push(
                Diagnostic::new("no-such-dimension", span.clone(), message)
                    .help("temperatures can be compared, not added"),
            );
            return None;
        }
        let dimension = match operator {
            Arithmetic::Add | Arithmetic::Subtract => self.agree(span, what, (a, x), (b, y))?,
            Arithmetic::Multiply | Arithmetic::Divide => {
                let found = match operator {
                    Arithmetic::Multiply => product(x.dimension, y.dimension),
                    _ => quotient(x.dimension, y.dimension),
                };
                let Some(found) = found else {
                    let describe = |n: Number| Wanted::Number(n.dimension).describe();
                    let message = format!(
                        "{} {what} {} is nothing that codes measure",
                        describe(x),
                        describe(y)
                    );
                    self.wrong.push(
                        Diagnostic::new("no-such-dimension", span.clone(), message)
                            .related(a.span.clone(), describe(x))
                            .related(b.span.clone(), describe(y)),
                    );
                    return None;
                };
                found
            }
        };
        let unit = computed_unit(dimension, [x.unit, y.unit]);
        // Two numbers of the rulebook are one, known now.
        if let (At::Literal(p, u), At::Literal(q, v)) = (x.at, y.at)
            && linear
            && u == v
        {
            let value = if operator == Arithmetic::Add {
                p + q
            } else {
                p - q
            };
            return Some(Value::Number(Number {
                at: At::Literal(value, u),
                dimension,
                unit: x.unit,
                reads: false,
            }));
        }
        let registers = [self.si(x), self.si(y), 0];
        Some(Value::Number(Number {
            at: At::Si(self.code.emit(op, 0, registers)),
            dimension,
            unit,
            reads: x.reads || y.reads,
        }))
    }

    pub(super) fn choose_number(
        &mut self,
        span: &Span,
        decided: u32,
        yes: (&Expression, Number),
        no: (&Expression, Number),
    ) -> Option<Value> {
        let dimension = self.agree(span, "or", yes, no)?;
        let (a, b) = (yes.1, no.1);
        let own = |n: Number| match n.at {
            At::Si(_) => None,
            At::In(_, unit) | At::Literal(_, unit) => Some(unit),
        };
        // Numbers of the code stay in its unit.
        let at = match (own(a), own(b)) {
            (Some(unit), Some(other)) if unit == other && unit.offset() == 0.0 => {
                let operands = [decided, self.in_unit(a, unit), self.in_unit(b, unit)];
                At::In(self.code.emit(Op::ChooseNumber, 0, operands), unit)
            }
            _ => {
                let operands = [decided, self.si(a), self.si(b)];
                At::Si(self.code.emit(Op::ChooseNumber, 0, operands))
            }
        };
        Some(Value::Number(Number {
            at,
            dimension,
            unit: a.unit.or(b.unit),
            reads: a.reads || b.reads,
        }))
    }

    pub(super) fn call(
        &mut self,
        function: Function,
        span: &Span,
        arguments: &[Expression],
        wanted: Option<Wanted>,
    ) -> Option<Value> {
        let name = function.name();
        if matches!(function, Function::Min | Function::Max) {
            let op = if function == Function::Min {
                Op::Min
            } else {
                Op::Max
            };
            return self.extreme(op, name, span, arguments, wanted);
        }
        let [argument] = arguments else {
            let message = format!("`{name}` takes one number");
            self.wrong
                .push(Diagnostic::new("wrong-arguments", span.clone(), message));
            return None;
        };
        let number = self.number(argument, wanted)?;
        let op = match function {
            Function::Ceil => Op::Ceil,
            Function::Floor => Op::Floor,
            Function::Round => Op::Round,
            _ => Op::Absolute,
        };
        let whole = matches!(number.dimension, Dimension::Count | Dimension::Number);
        if op != Op::Absolute && !whole {
            let kind = Wanted::Number(number.dimension).describe();
            let message = format!("`{name}` of {kind}: in which unit should it be whole?");
            self.wrong.push(
                Diagnostic::new("no-whole", argument.span.clone(), message).help(format!(
                    "divide by the unit first: `{name}(clear_width / 1 in) * 1 in`"
                )),
            );
            return None;
        }
        let si = self.si(number);
        Some(Value::Number(Number {
            at: At::Si(self.code.emit(op, 0, [si, 0, 0])),
            ..number
        }))
    }

    fn extreme(
        &mut self,
        op: Op,
        name: &str,
        span: &Span,
        arguments: &[Expression],
        wanted: Option<Wanted>,
    ) -> Option<Value> {
        let Some((first, rest)) = arguments.split_first().filter(|(_, rest)| !rest.is_empty())
        else {
            let message = format!("`{name}` takes two numbers or more");
            self.wrong
                .push(Diagnostic::new("wrong-arguments", span.clone(), message));
            return None;
        };
        let mut so_far = self.number(first, wanted)?;
        for next in rest {
            let like = Some(Wanted::Number(so_far.dimension));
            let number = self.number(next, wanted.or(like))?;
            let dimension = self.agree(span, "beside", (first, so_far), (next, number))?;
            let operands = [self.si(so_far), self.si(number), 0];
            so_far = Number {
                at: At::Si(self.code.emit(op, 0, operands)),
                dimension,
                unit: so_far.unit.or(number.unit),
                reads: so_far.reads || number.reads,
            };
        }
        Some(Value::Number(so_far))
    }

    /// The unit in which a number of this dimension is said or compared.
    pub(super) fn unit_of(number: Number, dimension: Dimension, other: Option<Unit>) -> Unit {
        let unit = number.unit.or(other).unwrap_or(dimension.si_unit());
        unit_for(dimension, unit)
    }
}
