//! Tokens to trees.
//!
//! ```text
//! expression = "if" expression "then" expression "else" expression | either
//! either     = both { "or" both }
//! both       = contrary { "and" contrary }
//! contrary   = "not" contrary | comparison
//! comparison = sum { ("<" | "<=" | "==" | "!=" | ">=" | ">") sum }
//!            | sum ["not"] "in" "[" sum { "," sum } "]"
//!            | sum ["not"] question ( text | "any" "[" text { "," text } "]" )
//! question   = "starts_with" | "ends_with" | "contains" | "mentions" | "matches"
//! sum        = product { ("+" | "-") product }
//! product    = sign { ("*" | "/") sign }
//! sign       = "-" sign | typed
//! typed      = primary [ "as" kind ]
//! primary    = number [ unit ] | text | "true" | "false" | "(" expression ")"
//!            | function "(" expression { "," expression } ")" | table "[" expression "]" | path
//! ```
//!
//! A path is what docs/facts.md says, taken as it stands: the engine understands it.

use plancheck_contract::Dimension;
use plancheck_engine::rules::nearest;
use plancheck_rulebook_interpreter::text::Question;

use super::lexer::{Kind, Token, tokens};
use super::tree::{Arithmetic, Comparator, Expression, Literal, Node, Wanted};
use crate::diagnostic::{Diagnostic, Span};
use crate::document::Text;

/// Parentheses in parentheses, and operators in a row: more cannot be read by people either, and
/// each costs stack.
const MAX_DEPTH: usize = 60;
/// Bytes of an expression.
const MAX_LENGTH: usize = 10_000;

const QUESTIONS: [(&str, Question); 5] = [
    ("starts_with", Question::StartsWith),
    ("ends_with", Question::EndsWith),
    ("contains", Question::Contains),
    ("mentions", Question::Mentions),
    ("matches", Question::Matches),
];

/// Words that cannot be names.
pub(crate) const KEYWORDS: &[&str] = &[
    "and",
    "or",
    "not",
    "in",
    "if",
    "then",
    "else",
    "as",
    "true",
    "false",
    "starts_with",
    "ends_with",
    "contains",
    "mentions",
    "matches",
];

/// The tree of an expression.
pub(crate) fn parse(text: &Text) -> Result<Expression, Box<Diagnostic>> {
    let mut parser = Parser::new(text)?;
    let expression = parser.expression()?;
    parser.end()?;
    Ok(expression)
}

/// A text that is a number with its unit, and nothing else.
pub(crate) fn literal(text: &Text) -> Result<Literal, Box<Diagnostic>> {
    let mut parser = Parser::new(text)?;
    let negative = parser.peek_symbol("-");
    if negative {
        parser.advance();
    }
    let Some(Kind::Number(value)) = parser.kind_at(0) else {
        return Err(Diagnostic::new(
            "no-number",
            text.whole(),
            format!("{:?} is not a number with its unit", text.value),
        )
        .help("for example \"32 in\", \"7 ft 6 in\", \"1:12\", \"150 ft²/person\""));
    };
    parser.advance();
    let literal = parser.literal_after(value)?;
    parser.end()?;
    Ok(Literal {
        value: if negative {
            -literal.value
        } else {
            literal.value
        },
        ..literal
    })
}

/// Makes one expression of two.
type Join = fn(Box<Expression>, Box<Expression>) -> Node;

/// A reader of tokens.
pub(crate) struct Parser<'t> {
    pub(super) text: &'t Text,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t Text) -> Result<Parser<'t>, Box<Diagnostic>> {
        if text.value.len() > MAX_LENGTH {
            return Err(Diagnostic::new(
                "too-long",
                text.whole(),
                format!("an expression of more than {MAX_LENGTH} bytes"),
            )
            .help("give its parts names under `let` or `[definitions]`"));
        }
        if text.value.trim().is_empty() {
            return Err(Diagnostic::new(
                "empty-expression",
                text.whole(),
                "the expression is empty",
            ));
        }
        Ok(Parser {
            text,
            tokens: tokens(text)?,
            at: 0,
            depth: 0,
        })
    }

    pub(super) fn kind_at(&self, ahead: usize) -> Option<Kind> {
        self.tokens.get(self.at + ahead).map(|t| t.kind.clone())
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Whether nothing stands between a token and the next one.
    pub(super) fn touches(&self, ahead: usize) -> bool {
        let at = self.at + ahead;
        match (self.tokens.get(at), self.tokens.get(at + 1)) {
            (Some(one), Some(next)) => one.end == next.start,
            _ => false,
        }
    }

    pub(super) fn peek_symbol(&self, symbol: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token { kind: Kind::Symbol(s), .. }) if *s == symbol)
    }

    fn peek_word(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token { kind: Kind::Word(w), .. }) if w == word)
    }

    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek_word(word);
        self.at += usize::from(found);
        found
    }

    /// Of some tokens ahead.
    pub(super) fn span_of(&self, first: usize, last: usize) -> Span {
        let end = self.text.value.len();
        let start = self.tokens.get(self.at + first).map_or(end, |t| t.start);
        let stop = self.tokens.get(self.at + last).map_or(end, |t| t.end);
        self.text.at(start..stop.max(start))
    }

    /// Bytes in the text where the next token starts.
    fn start(&self) -> usize {
        let end = self.text.value.len();
        self.tokens.get(self.at).map_or(end, |t| t.start)
    }

    /// From a byte of the text to the end of the last token.
    pub(super) fn since(&self, start: usize) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        self.text
            .at(start..last.map_or(start, |t| t.end).max(start))
    }

    /// Something wrong with the last token.
    pub(super) fn wrong_before(
        &self,
        code: &'static str,
        message: impl Into<String>,
    ) -> Box<Diagnostic> {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let span = last.map_or_else(|| self.text.whole(), |t| self.text.at(t.start..t.end));
        Diagnostic::new(code, span, message)
    }

    pub(super) fn expected(&self, what: &str) -> Box<Diagnostic> {
        match self.tokens.get(self.at) {
            None => {
                let end = self.text.value.len();
                Diagnostic::new(
                    "unexpected-end",
                    self.text.at(end..end),
                    format!("the expression ends where {what} is expected"),
                )
            }
            Some(token) => {
                let found = self
                    .text
                    .value
                    .get(token.start..token.end)
                    .unwrap_or_default();
                let wrong = Diagnostic::new(
                    "unexpected",
                    self.text.at(token.start..token.end),
                    format!("`{found}` stands where {what} is expected"),
                );
                match token.kind {
                    Kind::Symbol("=") => wrong.help("to compare, write `==`").suggest(Some("==")),
                    _ => wrong,
                }
            }
        }
    }

    fn end(&self) -> Result<(), Box<Diagnostic>> {
        if self.tokens.get(self.at).is_none() {
            return Ok(());
        }
        let wrong = self.expected("the end of the expression");
        Err(match self.kind_at(0) {
            Some(Kind::Word(word)) => {
                let known = KEYWORDS
                    .iter()
                    .copied()
                    .filter(|k| !matches!(*k, "true" | "false"));
                let near = nearest(&word, known).filter(|near| *near != word);
                wrong.suggest(near)
            }
            _ => wrong,
        })
    }

    /// One level deeper, if that is not too deep.
    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Box<Diagnostic>>,
    ) -> Result<T, Box<Diagnostic>> {
        if self.depth >= MAX_DEPTH {
            return Err(Diagnostic::new(
                "too-deep",
                self.span_of(0, 0),
                format!("more than {MAX_DEPTH} levels deep"),
            )
            .help("give parts of the expression names under `let` or `[definitions]`"));
        }
        self.depth += 1;
        let out = read(self);
        self.depth -= 1;
        out
    }

    pub(super) fn expression(&mut self) -> Result<Expression, Box<Diagnostic>> {
        self.deeper(|p| {
            let start = p.start();
            if !p.take_word("if") {
                return p.either();
            }
            let condition = p.expression()?;
            if !p.take_word("then") {
                return Err(p.expected("`then`"));
            }
            let yes = p.expression()?;
            if !p.take_word("else") {
                return Err(p.expected("`else`"));
            }
            let no = p.expression()?;
            let node = Node::If(Box::new(condition), Box::new(yes), Box::new(no));
            Ok(p.node(start, node))
        })
    }

    pub(super) fn node(&self, start: usize, node: Node) -> Expression {
        Expression {
            span: self.since(start),
            node,
        }
    }

    /// Operators of one rank in a row, from the left.
    fn row(
        &mut self,
        operand: fn(&mut Self) -> Result<Expression, Box<Diagnostic>>,
        operator: fn(&mut Self) -> Option<Join>,
    ) -> Result<Expression, Box<Diagnostic>> {
        let start = self.start();
        let mut left = operand(self)?;
        let mut count = 0;
        while let Some(make) = operator(self) {
            count += 1;
            if count > MAX_DEPTH {
                return Err(self
                    .wrong_before(
                        "too-deep",
                        format!("more than {MAX_DEPTH} operators in a row"),
                    )
                    .help("give parts of the expression names under `let` or `[definitions]`"));
            }
            let right = operand(self)?;
            left = self.node(start, make(Box::new(left), Box::new(right)));
        }
        Ok(left)
    }

    fn either(&mut self) -> Result<Expression, Box<Diagnostic>> {
        self.row(Self::both, |p| p.take_word("or").then_some(Node::Or as _))
    }

    fn both(&mut self) -> Result<Expression, Box<Diagnostic>> {
        self.row(Self::contrary, |p| {
            p.take_word("and").then_some(Node::And as _)
        })
    }

    fn contrary(&mut self) -> Result<Expression, Box<Diagnostic>> {
        let start = self.start();
        if self.take_word("not") {
            let inner = self.deeper(Self::contrary)?;
            return Ok(self.node(start, Node::Not(Box::new(inner))));
        }
        self.comparison()
    }

    fn comparator(&mut self) -> Option<Comparator> {
        let found = [
            ("<=", Comparator::AtMost),
            (">=", Comparator::AtLeast),
            ("==", Comparator::Equal),
            ("!=", Comparator::Differs),
            ("<", Comparator::Below),
            (">", Comparator::Above),
        ]
        .into_iter()
        .find(|(symbol, _)| self.peek_symbol(symbol))?;
        self.advance();
        Some(found.1)
    }

    fn comparison(&mut self) -> Result<Expression, Box<Diagnostic>> {
        let start = self.start();
        let first = self.sum()?;
        let mut chain = Vec::new();
        loop {
            let span = self.span_of(0, 0);
            let Some(comparator) = self.comparator() else {
                break;
            };
            chain.push((comparator, span, self.sum()?));
            if chain.len() > 2 {
                return Err(self
                    .wrong_before("long-chain", "more than two comparisons in a chain")
                    .help("join them with `and`"));
            }
        }
        if !chain.is_empty() {
            return Ok(self.node(start, Node::Compare(Box::new(first), chain)));
        }
        let contrary = self.peek_word("not");
        let ahead = usize::from(contrary);
        let Some(Kind::Word(word)) = self.kind_at(ahead) else {
            return Ok(first);
        };
        let question = QUESTIONS.iter().find(|q| q.0 == word).map(|q| q.1);
        if word != "in" && question.is_none() {
            return Ok(first);
        }
        self.at += ahead + 1;
        let inner = match question {
            Some(question) => {
                let texts = if self.take_word("any") {
                    self.texts()?
                } else {
                    let wanted = "a text in quotes, or `any` and a list of texts,";
                    vec![self.quoted(wanted)?]
                };
                Node::Ask(question, Box::new(first), texts)
            }
            None => Node::In(Box::new(first), self.list()?),
        };
        let inner = self.node(start, inner);
        if contrary {
            return Ok(self.node(start, Node::Not(Box::new(inner))));
        }
        Ok(inner)
    }

    /// A text in quotes.
    fn quoted(&mut self, wanted: &str) -> Result<String, Box<Diagnostic>> {
        match self.kind_at(0) {
            Some(Kind::Text(text)) => {
                self.advance();
                Ok(text)
            }
            _ => Err(self.expected(wanted)),
        }
    }

    fn texts(&mut self) -> Result<Vec<String>, Box<Diagnostic>> {
        self.members(|p| p.quoted("a text in quotes"))
    }

    fn list(&mut self) -> Result<Vec<Expression>, Box<Diagnostic>> {
        self.members(Self::sum)
    }

    /// A list in brackets.
    fn members<T>(
        &mut self,
        read: impl Fn(&mut Self) -> Result<T, Box<Diagnostic>>,
    ) -> Result<Vec<T>, Box<Diagnostic>> {
        if !self.take_symbol("[") {
            return Err(self.expected("a list in brackets"));
        }
        let mut members = Vec::new();
        loop {
            members.push(read(self)?);
            if self.take_symbol("]") {
                return Ok(members);
            }
            if !self.take_symbol(",") {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn sum(&mut self) -> Result<Expression, Box<Diagnostic>> {
        self.row(Self::product, |p| {
            if p.take_symbol("+") {
                Some(|a, b| Node::Arithmetic(Arithmetic::Add, a, b))
            } else if p.take_symbol("-") {
                Some(|a, b| Node::Arithmetic(Arithmetic::Subtract, a, b))
            } else {
                None
            }
        })
    }

    fn product(&mut self) -> Result<Expression, Box<Diagnostic>> {
        self.row(Self::sign, |p| {
            if p.take_symbol("*") {
                Some(|a, b| Node::Arithmetic(Arithmetic::Multiply, a, b))
            } else if p.take_symbol("/") {
                Some(|a, b| Node::Arithmetic(Arithmetic::Divide, a, b))
            } else {
                None
            }
        })
    }

    fn sign(&mut self) -> Result<Expression, Box<Diagnostic>> {
        let start = self.start();
        if self.take_symbol("-") {
            let inner = self.deeper(Self::sign)?;
            return Ok(self.node(start, Node::Negate(Box::new(inner))));
        }
        let inner = self.primary()?;
        if !self.take_word("as") {
            return Ok(inner);
        }
        let wanted = self.wanted()?;
        Ok(self.node(start, Node::As(Box::new(inner), wanted)))
    }

    fn wanted(&mut self) -> Result<Wanted, Box<Diagnostic>> {
        const KINDS: [(&str, Wanted); 17] = [
            ("text", Wanted::Text),
            ("boolean", Wanted::Truth),
            ("number", Wanted::Number(Dimension::Number)),
            ("length", Wanted::Number(Dimension::Length)),
            ("area", Wanted::Number(Dimension::Area)),
            ("volume", Wanted::Number(Dimension::Volume)),
            ("angle", Wanted::Number(Dimension::Angle)),
            ("slope", Wanted::Number(Dimension::Slope)),
            ("time", Wanted::Number(Dimension::Time)),
            ("count", Wanted::Number(Dimension::Count)),
            ("area_per_person", Wanted::Number(Dimension::AreaPerPerson)),
            (
                "length_per_person",
                Wanted::Number(Dimension::LengthPerPerson),
            ),
            ("pressure", Wanted::Number(Dimension::Pressure)),
            ("flow", Wanted::Number(Dimension::Flow)),
            ("temperature", Wanted::Number(Dimension::Temperature)),
            ("power", Wanted::Number(Dimension::Power)),
            ("current", Wanted::Number(Dimension::Current)),
        ];
        let Some(Kind::Word(word)) = self.kind_at(0) else {
            return Err(self.expected("a kind of fact, such as `text` or `length`,"));
        };
        if let Some((_, wanted)) = KINDS.iter().find(|k| k.0 == word) {
            self.advance();
            return Ok(*wanted);
        }
        let names = KINDS.iter().map(|k| k.0);
        let known: Vec<&str> = names.clone().collect();
        Err(Diagnostic::new(
            "unknown-kind",
            self.span_of(0, 0),
            format!("`{word}` is no kind of fact"),
        )
        .help(format!("kinds: {}", known.join(", ")))
        .suggest(nearest(&word, names)))
    }

    fn primary(&mut self) -> Result<Expression, Box<Diagnostic>> {
        let start = self.start();
        match self.kind_at(0) {
            Some(Kind::Number(value)) => {
                self.advance();
                let literal = self.literal_after(value)?;
                Ok(self.node(start, Node::Number(literal)))
            }
            Some(Kind::Text(value)) => {
                self.advance();
                Ok(self.node(start, Node::Text(value)))
            }
            Some(Kind::Symbol("(")) => {
                self.advance();
                let inner = self.expression()?;
                if !self.take_symbol(")") {
                    return Err(self.expected("`)`"));
                }
                Ok(Expression {
                    span: self.since(start),
                    ..inner
                })
            }
            Some(Kind::Word(word)) if word == "true" || word == "false" => {
                self.advance();
                Ok(self.node(start, Node::Truth(word == "true")))
            }
            Some(Kind::Word(word)) if !KEYWORDS.contains(&word.as_str()) => {
                self.advance();
                self.named(start, word)
            }
            _ => Err(self.expected("a value")),
        }
    }
}
