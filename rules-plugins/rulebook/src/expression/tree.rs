//! Expressions as trees. Every node knows where it stands in the rulebook.

use plancheck_contract::{Dimension, Unit};
use plancheck_rulebook_interpreter::text::Question;

use crate::diagnostic::Span;

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) span: Span,
    pub(crate) node: Node,
}

/// A number of the code.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Literal {
    /// In `unit`.
    pub(crate) value: f64,
    pub(crate) unit: Unit,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Number(Literal),
    Text(String),
    Truth(bool),
    /// A fact, a parameter, or something that the rulebook gives a name.
    Name(String),
    /// A fact path of more than a name.
    Path(String),
    Call(Function, Vec<Expression>),
    /// A table and the text that names its cell.
    Lookup(String, Span, Box<Expression>),
    As(Box<Expression>, Wanted),
    Negate(Box<Expression>),
    Not(Box<Expression>),
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
    /// `a <= b < c`: a chain.
    Compare(Box<Expression>, Vec<(Comparator, Span, Expression)>),
    In(Box<Expression>, Vec<Expression>),
    Ask(Question, Box<Expression>, String),
    If(Box<Expression>, Box<Expression>, Box<Expression>),
}

/// What a fact is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Number(Dimension),
    Truth,
    Text,
}

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Min,
    Max,
    Abs,
    Ceil,
    Floor,
    Round,
    Known,
}

impl Function {
    pub(crate) const ALL: [(&'static str, Function); 7] = [
        ("min", Function::Min),
        ("max", Function::Max),
        ("abs", Function::Abs),
        ("ceil", Function::Ceil),
        ("floor", Function::Floor),
        ("round", Function::Round),
        ("known", Function::Known),
    ];

    pub(crate) fn named(name: &str) -> Option<Function> {
        Function::ALL.iter().find(|f| f.0 == name).map(|f| f.1)
    }

    pub(crate) fn name(self) -> &'static str {
        Function::ALL
            .iter()
            .find(|f| f.1 == self)
            .map_or("", |f| f.0)
    }
}

/// `+ - * /`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// `< <= == != >= >`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparator {
    Below,
    AtMost,
    Equal,
    Differs,
    AtLeast,
    Above,
}

impl Comparator {
    /// The same said from the other side.
    pub(crate) fn flipped(self) -> Comparator {
        match self {
            Comparator::Below => Comparator::Above,
            Comparator::AtMost => Comparator::AtLeast,
            Comparator::AtLeast => Comparator::AtMost,
            Comparator::Above => Comparator::Below,
            same => same,
        }
    }

    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Comparator::Below => "<",
            Comparator::AtMost => "<=",
            Comparator::Equal => "==",
            Comparator::Differs => "!=",
            Comparator::AtLeast => ">=",
            Comparator::Above => ">",
        }
    }
}
