//! Formulas: the arithmetic of Python with its functions. What is no formula gives nothing, what
//! may be more than arithmetic is said to be.

use super::number::Number;

/// A formula may be more than arithmetic.
#[derive(Debug)]
pub(crate) struct MoreThanArithmetic;

/// Words of Python that are no variables.
const KEYWORDS: [&str; 10] = [
    "and", "or", "not", "if", "else", "for", "in", "is", "lambda", "None",
];
/// Parentheses within parentheses.
const MAX_DEPTH: usize = 100;

/// The value of a formula; none where the original gives 0.
pub(crate) fn value(
    formula: &str,
    variable: &dyn Fn(&str) -> Option<f64>,
) -> Result<Option<f64>, MoreThanArithmetic> {
    let known = |c: char| c.is_ascii_alphanumeric() || " \t_.+-*/%(),[]".contains(c);
    if !formula.chars().all(known) {
        return Err(MoreThanArithmetic);
    }
    let words = formula.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    if words.into_iter().any(|word| KEYWORDS.contains(&word)) {
        return Err(MoreThanArithmetic);
    }
    let mut parser = Parser {
        rest: formula,
        variable,
        depth: 0,
    };
    let value = parser.sum().filter(|_| {
        parser.blank();
        parser.rest.is_empty()
    });
    Ok(match value {
        Some(Value::Number(number)) => Some(number.real()),
        _ => None,
    })
}

enum Value {
    Number(Number),
    List(Vec<Number>),
}

impl Value {
    fn number(self) -> Option<Number> {
        match self {
            Value::Number(number) => Some(number),
            Value::List(_) => None,
        }
    }
}

struct Parser<'f> {
    rest: &'f str,
    variable: &'f dyn Fn(&str) -> Option<f64>,
    depth: usize,
}

impl<'f> Parser<'f> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    fn eat(&mut self, token: &str) -> bool {
        self.blank();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take(&mut self, is: impl Fn(char) -> bool) -> &'f str {
        let end = self.rest.find(|c| !is(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn sum(&mut self) -> Option<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut left = self.product()?;
        loop {
            let with = match () {
                () if self.eat("+") => Number::add,
                () if self.eat("-") => Number::subtract,
                () => break,
            };
            let right = self.product()?.number()?;
            left = Value::Number(with(left.number()?, right)?);
        }
        self.depth -= 1;
        Some(left)
    }

    fn product(&mut self) -> Option<Value> {
        let mut left = self.signed()?;
        loop {
            let with = match () {
                () if self.eat("//") => Number::floor,
                () if self.eat("/") => Number::divide,
                () if self.eat("%") => Number::remainder,
                () if self.eat("*") => Number::multiply,
                () => return Some(left),
            };
            let right = self.signed()?.number()?;
            left = Value::Number(with(left.number()?, right)?);
        }
    }

    fn signed(&mut self) -> Option<Value> {
        self.blank();
        let signs = self.take(|c| matches!(c, '+' | '-' | ' ' | '\t'));
        let mut value = self.power()?;
        for sign in signs.chars() {
            value = match sign {
                '-' => Value::Number(value.number()?.negate()?),
                '+' => Value::Number(value.number()?),
                _ => value,
            };
        }
        Some(value)
    }

    fn power(&mut self) -> Option<Value> {
        let base = self.atom()?;
        if !self.eat("**") {
            return Some(base);
        }
        let exponent = self.signed()?.number()?;
        Some(Value::Number(base.number()?.power(exponent)?))
    }

    fn atom(&mut self) -> Option<Value> {
        if self.eat("(") {
            let inner = self.sum()?;
            return self.eat(")").then_some(inner);
        }
        if self.eat("[") {
            let list = self.list("]")?;
            let numbers: Option<Vec<Number>> = list.into_iter().map(Value::number).collect();
            return numbers.map(Value::List);
        }
        self.blank();
        if self
            .rest
            .starts_with(|c: char| c.is_ascii_digit() || c == '.')
        {
            return self.literal().map(Value::Number);
        }
        let name = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
        if self.eat("(") {
            let arguments = self.list(")")?;
            return call(name, arguments);
        }
        let value = (self.variable)(name)?;
        Some(Value::Number(Number::Real(value)))
    }

    /// Values up to a closing token; a comma may follow the last.
    fn list(&mut self, end: &str) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        while !self.eat(end) {
            if !values.is_empty() && !self.eat(",") {
                return None;
            }
            if !values.is_empty() && self.eat(end) {
                break;
            }
            values.push(self.sum()?);
        }
        Some(values)
    }

    fn literal(&mut self) -> Option<Number> {
        let mut text = self.take(|c| c.is_ascii_digit()).to_owned();
        let mut whole = true;
        if self.rest.starts_with('.') {
            whole = false;
            text.push_str(self.take(|c| c == '.'));
            text.push_str(self.take(|c| c.is_ascii_digit()));
        }
        if self.rest.starts_with(['e', 'E']) {
            whole = false;
            text.push_str(self.take(|c| matches!(c, 'e' | 'E')));
            if self.rest.starts_with(['+', '-']) {
                let (sign, rest) = self.rest.split_at(1);
                text.push_str(sign);
                self.rest = rest;
            }
            text.push_str(self.take(|c| c.is_ascii_digit()));
        }
        if self
            .rest
            .starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        {
            return None;
        }
        if !whole {
            return text.parse().ok().map(Number::Real);
        }
        let is_octal = text.len() > 1 && text.starts_with('0') && text.contains(|c| c != '0');
        (!is_octal).then(|| text.parse().ok().map(Number::Whole))?
    }
}

fn call(name: &str, arguments: Vec<Value>) -> Option<Value> {
    let arguments = arguments.as_slice();
    let all = || -> Option<Vec<Number>> {
        match arguments {
            [Value::List(list)] => Some(list.clone()),
            [_] | [] => None,
            several => several
                .iter()
                .map(|value| match value {
                    Value::Number(number) => Some(*number),
                    Value::List(_) => None,
                })
                .collect(),
        }
    };
    let extreme = |better: fn(f64, f64) -> bool| {
        let mut best: Option<Number> = None;
        for number in all()? {
            if best.is_none_or(|best| better(number.real(), best.real())) {
                best = Some(number);
            }
        }
        best
    };
    let number = match (name, arguments) {
        ("abs", [Value::Number(x)]) if x.real() < 0.0 => x.negate()?,
        ("abs", [Value::Number(x)]) => *x,
        ("round", [Value::Number(x)]) => x.round(None)?,
        ("round", [Value::Number(x), Value::Number(Number::Whole(decimals))]) => {
            x.round(Some(usize::try_from(*decimals).ok().filter(|d| *d < 400)?))?
        }
        ("min", _) => extreme(|a, b| a < b)?,
        ("max", _) => extreme(|a, b| a > b)?,
        ("sum", [Value::List(list)]) => list
            .iter()
            .try_fold(Number::Whole(0), |sum, number| sum.add(*number))?,
        ("len", [Value::List(list)]) => Number::Whole(list.len() as i128),
        _ => return None,
    };
    Some(Value::Number(number))
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn formulas_are_pythons() {
        let variable = |name: &str| (name == "load").then_some(12.5);
        for (formula, wanted) in [
            ("load / 12", Some(12.5 / 12.0)),
            ("1500 * 2", Some(3000.0)),
            ("-load ** 2", Some(-156.25)),
            ("2 ** -1", Some(0.5)),
            ("7 // -2", Some(-4.0)),
            ("-7 % 3", Some(2.0)),
            ("7.5 // 2", Some(3.0)),
            ("min(load, 5) + max([1, 2, 3])", Some(8.0)),
            ("round(2.5) + round(3.5)", Some(6.0)),
            ("round(2.675, 2)", Some(2.67)),
            ("sum([1, 2]) + len([1, 2,]) - -1", Some(6.0)),
            ("abs(-3)", Some(3.0)),
            ("(1 + 2) * 3 - 1e1", Some(-1.0)),
            ("unknown + 1", None),
            ("1 / 0", None),
            ("1 +", None),
            ("[1]", None),
            ("012", None),
        ] {
            assert_eq!(value(formula, &variable).unwrap(), wanted, "{formula}");
        }
        for formula in ["1 if load else 2", "load > 3", "'5'", "not load"] {
            assert!(value(formula, &variable).is_err(), "{formula}");
        }
    }
}
