//! The grammar of XSD regular expressions (XML Schema part 2, appendix F), by recursive descent.

use super::class::Class;
use super::{PatternError, unicode};

/// Parentheses and class subtractions within each other: keeps the parser's recursion far from the
/// end of the stack; patterns of naming rules nest three or four deep.
const MAX_NESTING: usize = 100;

/// Ranges of all character classes together. `\w` has about 700; the bound keeps one pattern under
/// a megabyte.
const MAX_RANGES: usize = 100_000;

/// A piece of a pattern.
#[derive(Debug)]
pub enum Node {
    /// One character of a class: an index into [`Parsed::classes`].
    Class(usize),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    /// At least, at most (none: any number).
    Repeat(Box<Node>, u32, Option<u32>),
}

/// A pattern as read.
#[derive(Debug)]
pub struct Parsed {
    pub root: Node,
    /// Each different class once.
    pub classes: Vec<Class>,
    /// Something that other dialects allow and XSD does not, but whose meaning is plain.
    pub lenient: Option<String>,
}

pub fn parse(text: &str) -> Result<Parsed, PatternError> {
    let mut parser = Parser {
        rest: text.chars(),
        at: 0,
        depth: 0,
        classes: Vec::new(),
        ranges: 0,
        lenient: None,
    };
    let root = parser.choice()?;
    match parser.peek() {
        None => Ok(Parsed {
            root,
            classes: parser.classes,
            lenient: parser.lenient,
        }),
        Some(c) => Err(parser.wrong(&format!("{c:?} closes nothing"))),
    }
}

struct Parser<'a> {
    rest: std::str::Chars<'a>,
    /// Characters read.
    at: usize,
    depth: usize,
    classes: Vec<Class>,
    ranges: usize,
    lenient: Option<String>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    fn next(&mut self) -> Option<char> {
        self.at += 1;
        self.rest.next()
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    fn wrong(&self, what: &str) -> PatternError {
        PatternError::Syntax {
            at: self.at + 1,
            what: what.to_owned(),
        }
    }

    fn deeper(&mut self) -> Result<(), PatternError> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(PatternError::TooLarge {
                what: "levels of parentheses",
                limit: MAX_NESTING,
            });
        }
        Ok(())
    }

    fn choice(&mut self) -> Result<Node, PatternError> {
        self.deeper()?;
        let mut branches = vec![self.branch()?];
        while self.eat('|') {
            branches.push(self.branch()?);
        }
        self.depth -= 1;
        Ok(match branches.len() {
            1 => branches.pop().unwrap_or(Node::Sequence(Vec::new())),
            _ => Node::Choice(branches),
        })
    }

    fn branch(&mut self) -> Result<Node, PatternError> {
        let mut pieces = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom()?;
            pieces.push(self.quantified(atom)?);
        }
        Ok(Node::Sequence(pieces))
    }

    fn atom(&mut self) -> Result<Node, PatternError> {
        let Some(c) = self.next() else {
            return Err(self.wrong("the pattern ends early"));
        };
        let class = match c {
            '(' => {
                if self.peek() == Some('?') {
                    return Err(self
                        .wrong("\"(?\" is not in XSD: no look-around, no flags, no named groups"));
                }
                let inner = self.choice()?;
                if !self.eat(')') {
                    return Err(self.wrong("a parenthesis is not closed"));
                }
                return Ok(inner);
            }
            '[' => self.bracket()?,
            '.' => Class::new(vec![(10, 10), (13, 13)]).negated(),
            '\\' => self.escape()?.0,
            '?' | '*' | '+' | '{' => {
                return Err(self.wrong(&format!("{c:?} repeats nothing")));
            }
            ']' | '}' => return Err(self.wrong(&format!("{c:?} stands alone; write \"\\{c}\""))),
            _ => Class::of(c),
        };
        self.class(class)
    }

    fn class(&mut self, class: Class) -> Result<Node, PatternError> {
        if let Some(index) = self.classes.iter().position(|known| *known == class) {
            return Ok(Node::Class(index));
        }
        self.ranges += class.ranges().len();
        if self.ranges > MAX_RANGES {
            return Err(PatternError::TooLarge {
                what: "ranges of characters",
                limit: MAX_RANGES,
            });
        }
        self.classes.push(class);
        Ok(Node::Class(self.classes.len() - 1))
    }

    fn quantified(&mut self, atom: Node) -> Result<Node, PatternError> {
        let (least, most) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                self.next();
                let (least, most) = self.counts()?;
                return self.once(Node::Repeat(Box::new(atom), least, most));
            }
            _ => return Ok(atom),
        };
        self.next();
        self.once(Node::Repeat(Box::new(atom), least, most))
    }

    /// A quantifier after a quantifier is a lazy or possessive one, that XSD does not have.
    fn once(&mut self, node: Node) -> Result<Node, PatternError> {
        match self.peek() {
            Some(c @ ('?' | '*' | '+' | '{')) => Err(self.wrong(&format!(
                "{c:?} after a quantifier: XSD has no lazy or possessive ones"
            ))),
            _ => Ok(node),
        }
    }

    /// `2}`, `2,}` or `2,3}`; `,3}` is read as `0,3}`.
    fn counts(&mut self) -> Result<(u32, Option<u32>), PatternError> {
        let least = self.number()?;
        if self.eat('}') {
            return match least {
                Some(count) => Ok((count, Some(count))),
                None => Err(self.wrong("a number of repetitions is missing")),
            };
        }
        if !self.eat(',') {
            return Err(self.wrong("expected a number, ',' or '}'"));
        }
        let most = self.number()?;
        if !self.eat('}') {
            return Err(self.wrong("expected '}'"));
        }
        if least.is_none() {
            self.lenient = Some("\"{,n}\" is not in XSD: write \"{0,n}\"".to_owned());
        }
        let least = least.unwrap_or(0);
        if most.is_some_and(|most| most < least) {
            return Err(self.wrong("the repetitions go from more to less"));
        }
        Ok((least, most))
    }

    fn number(&mut self) -> Result<Option<u32>, PatternError> {
        let mut value: Option<u32> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.next();
            let next = value
                .unwrap_or(0)
                .checked_mul(10)
                .and_then(|v| v.checked_add(digit));
            value = Some(next.ok_or(PatternError::TooLarge {
                what: "repetitions",
                limit: u32::MAX as usize,
            })?);
        }
        Ok(value)
    }

    /// What follows a backslash, and the one character it is, where it is one.
    fn escape(&mut self) -> Result<(Class, Option<char>), PatternError> {
        let Some(c) = self.next() else {
            return Err(self.wrong("the pattern ends in a backslash"));
        };
        let one = match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'p' | 'P' => {
                let class = self.property()?;
                return Ok((if c == 'P' { class.negated() } else { class }, None));
            }
            's' | 'i' | 'c' | 'd' | 'w' | 'S' | 'I' | 'C' | 'D' | 'W' => {
                let class = unicode::escape(c.to_ascii_lowercase()).unwrap_or_default();
                let class = if c.is_ascii_uppercase() {
                    class.negated()
                } else {
                    class
                };
                return Ok((class, None));
            }
            _ if "\\|.?*+(){}-[]^".contains(c) => c,
            _ if c.is_ascii_punctuation() || c == ' ' => {
                self.lenient = Some(format!("\"\\{c}\" is not in XSD: write {c:?}"));
                c
            }
            _ => {
                let hint = match c {
                    'b' | 'B' | 'A' | 'Z' => "; a pattern always matches the whole value",
                    '0'..='9' => "; there are no back references",
                    _ => "",
                };
                return Err(self.wrong(&format!("\"\\{c}\" is not in XSD{hint}")));
            }
        };
        Ok((Class::of(one), Some(one)))
    }

    fn property(&mut self) -> Result<Class, PatternError> {
        if !self.eat('{') {
            return Err(self.wrong("expected '{' after \\p"));
        }
        let mut name = String::new();
        loop {
            match self.next() {
                Some('}') => break,
                Some(c) if name.len() < 60 => name.push(c),
                _ => return Err(self.wrong("\\p{ is not closed")),
            }
        }
        unicode::property(&name).ok_or_else(|| {
            self.wrong(&format!(
                "{name:?} is no category (Lu) and no block (IsBasicLatin) of Unicode"
            ))
        })
    }

    /// A bracket expression after its `[`, subtraction included.
    fn bracket(&mut self) -> Result<Class, PatternError> {
        self.deeper()?;
        let negative = self.eat('^');
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut minus: Option<Class> = None;
        let mut empty = true;
        loop {
            let Some(c) = self.next() else {
                return Err(self.wrong("\"[\" is not closed"));
            };
            match c {
                ']' if !empty => break,
                ']' => return Err(self.wrong("\"[]\" holds no character")),
                '[' => return Err(self.wrong("\"[\" within brackets; write \"\\[\"")),
                '-' if !empty && self.peek() == Some('[') => {
                    self.next();
                    minus = Some(self.bracket()?);
                    if !self.eat(']') {
                        return Err(self.wrong("a subtraction ends the brackets: expected ']'"));
                    }
                    break;
                }
                _ => {
                    empty = false;
                    let (class, single) = match c {
                        '\\' => self.escape()?,
                        _ => (Class::of(c), Some(c)),
                    };
                    match single {
                        Some(first) if self.is_range() => {
                            self.next();
                            let last = self.range_end()?;
                            if last < first {
                                return Err(self.wrong("a range goes from more to less"));
                            }
                            ranges.push((first as u32, last as u32));
                        }
                        _ => ranges.extend_from_slice(class.ranges()),
                    }
                    if ranges.len() > MAX_RANGES {
                        ranges = Class::new(ranges).ranges().to_vec();
                    }
                }
            }
        }
        self.depth -= 1;
        let mut class = Class::new(ranges);
        if negative {
            class = class.negated();
        }
        Ok(match minus {
            Some(minus) => class.without(&minus),
            None => class,
        })
    }

    /// Whether a `-` follows that makes a range: not the last of the brackets, not a subtraction.
    fn is_range(&self) -> bool {
        let mut ahead = self.rest.clone();
        ahead.next() == Some('-') && !matches!(ahead.next(), Some(']' | '[') | None)
    }

    fn range_end(&mut self) -> Result<char, PatternError> {
        match self.next() {
            Some('\\') => match self.escape()?.1 {
                Some(c) => Ok(c),
                None => Err(self.wrong("a range ends in a set of characters")),
            },
            Some(c) => Ok(c),
            None => Err(self.wrong("\"[\" is not closed")),
        }
    }
}
