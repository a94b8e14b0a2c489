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
    /// Whether one of some texts fits.
    Ask(Question, Box<Expression>, Vec<String>),
    If(Box<Expression>, Box<Expression>, Box<Expression>),
}

impl Expression {
    /// Visits the expressions that this one is made of.
    pub(crate) fn each_part(&self, visit: &mut impl FnMut(&Expression)) {
        match &self.node {
            Node::Number(_) | Node::Text(_) | Node::Truth(_) | Node::Name(_) | Node::Path(_) => {}
            Node::Call(_, parts) => parts.iter().for_each(visit),
            Node::Lookup(_, _, inner)
            | Node::As(inner, _)
            | Node::Negate(inner)
            | Node::Not(inner)
            | Node::Ask(_, inner, _) => visit(inner),
            Node::Arithmetic(_, a, b) | Node::And(a, b) | Node::Or(a, b) => {
                visit(a);
                visit(b);
            }
            Node::Compare(first, chain) => {
                visit(first);
                chain.iter().for_each(|(_, _, part)| visit(part));
            }
            Node::In(first, members) => {
                visit(first);
                members.iter().for_each(visit);
            }
            Node::If(a, b, c) => {
                visit(a);
                visit(b);
                visit(c);
            }
        }
    }
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
