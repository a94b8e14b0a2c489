//! Patterns as Python's `re` writes them, to the steps that the runner takes.

use std::iter::Peekable;
use std::str::Chars;

use plancheck_rule_files_runner::pattern::{Class, Pattern, Step};

/// Steps of a pattern: repetitions are written out.
const MAX_STEPS: usize = 2_000;
/// Groups within groups.
const MAX_DEPTH: usize = 50;
const UNBALANCED: &str = "a parenthesis or bracket without its other half";

/// Compiles a pattern.
///
/// # Errors
/// Why it is not one that can be compiled.
pub(crate) fn compile(pattern: &str) -> Result<Pattern, String> {
    let mut reader = Reader {
        rest: pattern.chars().peekable(),
        depth: 0,
    };
    let tree = reader.choice()?;
    if reader.rest.next().is_some() {
        return Err(UNBALANCED.to_owned());
    }
    let mut steps = Vec::new();
    write(&tree, &mut steps)?;
    steps.push(Step::Match);
    Ok(Pattern { steps })
}

enum Tree {
    Step(Step),
    Set(bool, Vec<Step>),
    Chain(Vec<Tree>),
    Choice(Vec<Tree>),
    Repeat(Box<Tree>, u32, Option<u32>),
}

struct Reader<'p> {
    rest: Peekable<Chars<'p>>,
    depth: usize,
}

impl Reader<'_> {
    fn choice(&mut self) -> Result<Tree, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("groups nest too deep".to_owned());
        }
        let mut branches = vec![self.chain()?];
        while self.rest.next_if_eq(&'|').is_some() {
            branches.push(self.chain()?);
        }
        self.depth -= 1;
        Ok(Tree::Choice(branches))
    }

    fn chain(&mut self) -> Result<Tree, String> {
        let mut parts = Vec::new();
        while let Some(c) = self.rest.next_if(|c| !matches!(c, '|' | ')')) {
            let part = match c {
                '.' => Tree::Set(true, vec![Step::Range('\n', '\n')]),
                '^' => Tree::Step(Step::Start),
                '$' => Tree::Step(Step::End),
                '(' => {
                    if self.rest.next_if_eq(&'?').is_some() && self.rest.next() != Some(':') {
                        return Err("of groups with ? only (?:…) is understood".to_owned());
                    }
                    let inner = self.choice()?;
                    if self.rest.next() != Some(')') {
                        return Err(UNBALANCED.to_owned());
                    }
                    inner
                }
                '[' => self.set()?,
                '*' | '+' | '?' => return Err("there is nothing to repeat".to_owned()),
                '\\' => Tree::Step(self.escape()?),
                c => Tree::Step(Step::Range(c, c)),
            };
            parts.push(self.repeated(part)?);
        }
        Ok(Tree::Chain(parts))
    }

    /// A part with the repetition that follows it.
    fn repeated(&mut self, part: Tree) -> Result<Tree, String> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let Some((least, most, length)) = bounds(self.rest.clone()) else {
                    // Python takes it for a character then.
                    return Ok(part);
                };
                for _ in 1..length {
                    self.rest.next();
                }
                (least, most)
            }
            _ => return Ok(part),
        };
        self.rest.next();
        // Whether a text is met does not depend on which of several ways is tried first.
        self.rest.next_if_eq(&'?');
        if matches!(self.rest.peek(), Some('*' | '+' | '?')) {
            return Err("a repetition of a repetition".to_owned());
        }
        if matches!(part, Tree::Step(Step::Start | Step::End)) {
            return Err("a repeated ^ or $".to_owned());
        }
        Ok(Tree::Repeat(Box::new(part), least, most))
    }

    fn escape(&mut self) -> Result<Step, String> {
        let Some(c) = self.rest.next() else {
            return Err("it ends with a backslash".to_owned());
        };
        let literal = |c| Ok(Step::Range(c, c));
        match c {
            'd' => Ok(Step::Named(Class::Digit, false)),
            'D' => Ok(Step::Named(Class::Digit, true)),
            'w' => Ok(Step::Named(Class::Word, false)),
            'W' => Ok(Step::Named(Class::Word, true)),
            's' => Ok(Step::Named(Class::Space, false)),
            'S' => Ok(Step::Named(Class::Space, true)),
            'n' => literal('\n'),
            't' => literal('\t'),
            'r' => literal('\r'),
            c if !c.is_ascii_alphanumeric() => literal(c),
            c => Err(format!("\\{c} is not understood")),
        }
    }

    fn set(&mut self) -> Result<Tree, String> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut items = Vec::new();
        loop {
            let c = self.rest.next().ok_or(UNBALANCED)?;
            if c == ']' && !items.is_empty() {
                return Ok(Tree::Set(negated, items));
            }
            let first = match c {
                '\\' => self.escape()?,
                c => Step::Range(c, c),
            };
            let mut ahead = self.rest.clone();
            let is_range = ahead.next() == Some('-') && !matches!(ahead.next(), Some(']') | None);
            let (Step::Range(first, _), true) = (first, is_range) else {
                items.push(first);
                continue;
            };
            self.rest.next();
            let last = match self.rest.next().ok_or(UNBALANCED)? {
                '\\' => self.escape()?,
                c => Step::Range(c, c),
            };
            match last {
                Step::Range(last, _) if first <= last => items.push(Step::Range(first, last)),
                _ => return Err("a range in brackets that is none".to_owned()),
            }
        }
    }
}

/// `{m}`, `{m,}`, `{,n}`, `{m,n}`: the bounds and how many characters they take.
fn bounds(rest: Peekable<Chars<'_>>) -> Option<(u32, Option<u32>, usize)> {
    let inside: String = rest.skip(1).take_while(|c| *c != '}').take(20).collect();
    let length = inside.chars().count() + 2;
    let number = |text: &str| text.parse::<u32>().ok();
    match inside.split_once(',') {
        None => {
            let count = number(&inside)?;
            Some((count, Some(count), length))
        }
        Some(("", "")) => None,
        Some((least, "")) => Some((number(least)?, None, length)),
        Some(("", most)) => Some((0, Some(number(most)?), length)),
        Some((least, most)) => {
            let (least, most) = (number(least)?, number(most)?);
            (least <= most).then_some((least, Some(most), length))
        }
    }
}

fn write(tree: &Tree, out: &mut Vec<Step>) -> Result<(), String> {
    if out.len() > MAX_STEPS {
        return Err(format!("it comes to more than {MAX_STEPS} steps"));
    }
    match tree {
        Tree::Step(step) => out.push(*step),
        Tree::Set(negated, items) => {
            out.push(Step::Set(*negated, items.len() as u32));
            out.extend(items);
        }
        Tree::Chain(parts) => {
            for part in parts {
                write(part, out)?;
            }
        }
        Tree::Choice(branches) => {
            let mut jumps = Vec::new();
            for (index, branch) in branches.iter().enumerate() {
                if index + 1 == branches.len() {
                    write(branch, out)?;
                    break;
                }
                let split = out.len();
                out.push(Step::Match);
                write(branch, out)?;
                jumps.push(out.len());
                out.push(Step::Match);
                split_here(out, split);
            }
            for jump in jumps {
                let end = Step::Jump(out.len() as u32);
                set(out, jump, end);
            }
        }
        Tree::Repeat(part, least, most) => {
            for _ in 0..*least {
                write(part, out)?;
            }
            let Some(most) = most else {
                let split = out.len();
                out.push(Step::Match);
                write(part, out)?;
                out.push(Step::Jump(split as u32));
                split_here(out, split);
                return Ok(());
            };
            let mut splits = Vec::new();
            for _ in *least..*most {
                splits.push(out.len());
                out.push(Step::Match);
                write(part, out)?;
            }
            for split in splits {
                split_here(out, split);
            }
        }
    }
    Ok(())
}

/// Makes a step go on after itself, or with what comes next.
fn split_here(out: &mut [Step], at: usize) {
    let step = Step::Split(at as u32 + 1, out.len() as u32);
    set(out, at, step);
}

fn set(out: &mut [Step], at: usize, step: Step) {
    if let Some(slot) = out.get_mut(at) {
        *slot = step;
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn patterns_are_met_at_the_start() {
        for (pattern, text, is_met) in [
            ("93.", "93.58", true),
            ("93.", "193.58", false),
            ("Fal", "False", true),
            ("a|bc", "bcd", true),
            ("a|bc", "b", false),
            ("^ab$", "ab", true),
            ("^ab$", "ab\n", true),
            ("^ab$", "abc", false),
            ("[a-c]+x", "abcabcx", true),
            ("[^a-c]x", "ax", false),
            ("[^a-c]x", "dx", true),
            ("[]x]", "]", true),
            ("[a-]", "-", true),
            (r"\d{2,3}$", "1234", false),
            (r"\d{2,3}$", "123", true),
            (r"\w+ \S", "wörd x", true),
            ("(ab){2}c?", "abab", true),
            ("(?:ab)*", "", true),
            ("x{a", "x{a", true),
            ("a.c", "a\nc", false),
            (r"a\.c", "abc", false),
        ] {
            let compiled = compile(pattern).unwrap();
            assert_eq!(compiled.begins(text), is_met, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for pattern in [
            "(", "a)", "*a", "[a", r"\b", "(?=a)", "a**", "a{9999}", r"a\", "[b-a]",
        ] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
        assert!(compile(&"(".repeat(1000)).is_err());
    }
}
