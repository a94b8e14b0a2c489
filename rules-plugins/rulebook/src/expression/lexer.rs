//! Texts to tokens.

use crate::diagnostic::Diagnostic;
use crate::document::Text;

/// A token and its bytes in the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Number(f64),
    Word(String),
    Text(String),
    Symbol(&'static str),
}

/// Longest first.
const SYMBOLS: &[(&str, &str)] = &[
    ("<=", "<="),
    (">=", ">="),
    ("==", "=="),
    ("!=", "!="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("×", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("<", "<"),
    (">", ">"),
    ("=", "="),
    ("+", "+"),
    ("-", "-"),
    ("*", "*"),
    ("/", "/"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    (".", "."),
    (":", ":"),
    ("%", "%"),
    ("°", "°"),
];

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '²' || c == '³'
}

/// The tokens of a text.
pub(crate) fn tokens(text: &Text) -> Result<Vec<Token>, Box<Diagnostic>> {
    let source = text.value.as_str();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(c) = source.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = source.get(at..).unwrap_or_default();
        let length = |good: &dyn Fn(char) -> bool| {
            rest.char_indices()
                .find(|(_, c)| !good(*c))
                .map_or(rest.len(), |(end, _)| end)
        };
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (kind, used) = if c.is_ascii_digit() {
            number(text, rest, at)?
        } else if c.is_alphabetic() || c == '_' {
            let used = length(&in_word);
            (
                Kind::Word(rest.get(..used).unwrap_or_default().to_owned()),
                used,
            )
        } else if c == '"' || c == '\'' {
            let inside = rest.get(1..).unwrap_or_default();
            let Some(end) = inside.find(c) else {
                let span = text.at(at..source.len());
                return Err(Diagnostic::new("open-text", span, "a text is not closed")
                    .label(format!("the closing {c} is missing")));
            };
            let value = inside.get(..end).unwrap_or_default().to_owned();
            (Kind::Text(value), end + 2)
        } else if let Some((symbol, meant)) = SYMBOLS.iter().find(|s| rest.starts_with(s.0)) {
            (Kind::Symbol(meant), symbol.len())
        } else {
            let span = text.at(at..at + c.len_utf8());
            let wrong = Diagnostic::new(
                "unknown-character",
                span,
                format!("{c:?} means nothing in an expression"),
            );
            let wrong = match c {
                '&' => wrong.help("both: `and`"),
                '|' => wrong.help("either: `or`"),
                '!' => wrong.help("the contrary: `not`"),
                '^' => wrong.help("a square is written as a product: `a * a`"),
                _ => wrong,
            };
            return Err(wrong);
        };
        out.push(Token {
            kind,
            start: at,
            end: at + used,
        });
        at += used;
    }
    Ok(out)
}

/// A number: digits, perhaps a point and more digits.
fn number(text: &Text, rest: &str, at: usize) -> Result<(Kind, usize), Box<Diagnostic>> {
    let digits = |from: usize| {
        let tail = rest.get(from..).unwrap_or_default();
        tail.bytes().take_while(u8::is_ascii_digit).count()
    };
    let mut used = digits(0);
    if rest.get(used..used + 1) == Some(".") && digits(used + 1) > 0 {
        used += 1 + digits(used + 1);
    }
    let value = rest.get(..used).and_then(|n| n.parse::<f64>().ok());
    match value.filter(|value| value.is_finite()) {
        Some(value) => Ok((Kind::Number(value), used)),
        None => Err(Diagnostic::new(
            "number-too-large",
            text.at(at..at + used),
            "this number is too large",
        )),
    }
}
