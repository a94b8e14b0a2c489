//! What begins with a name: functions, tables, and fact paths, which are taken as they stand.

use plancheck_engine::rules::nearest;

use super::lexer::Kind;
use super::parser::Parser;
use super::tree::{Expression, Function, Node};
use crate::diagnostic::Diagnostic;

/// Access past the catalogue; see the engine's fact paths.
const RAW: [&str; 4] = ["property", "quantity", "attribute", "classification"];

impl Parser<'_> {
    /// What begins with a name.
    pub(super) fn named(
        &mut self,
        start: usize,
        word: String,
    ) -> Result<Expression, Box<Diagnostic>> {
        if let (Some(function), true) = (Function::named(&word), self.peek_symbol("(")) {
            self.advance();
            let arguments = self.arguments()?;
            return Ok(self.node(start, Node::Call(function, arguments)));
        }
        if self.peek_symbol("[") {
            let span = self.since(start);
            self.advance();
            let key = self.expression()?;
            if !self.take_symbol("]") {
                return Err(self.expected("`]`"));
            }
            return Ok(self.node(start, Node::Lookup(word, span, Box::new(key))));
        }
        let is_call = self.peek_symbol("(");
        if is_call && !RAW.contains(&word.as_str()) {
            let names = Function::ALL.iter().map(|f| f.0).chain(RAW);
            let known: Vec<&str> = names.clone().collect();
            let unknown = Diagnostic::new(
                "unknown-function",
                self.since(start),
                format!("there is no function `{word}`"),
            );
            return Err(match nearest(&word, names) {
                Some(near) => unknown.suggest(Some(near)),
                None => unknown.help(format!("functions: {}", known.join(", "))),
            });
        }
        if !is_call && !self.peek_symbol(".") {
            return Ok(self.node(start, Node::Name(word)));
        }
        let path = self.path(start)?;
        Ok(self.node(start, Node::Path(path)))
    }

    fn arguments(&mut self) -> Result<Vec<Expression>, Box<Diagnostic>> {
        let mut arguments = Vec::new();
        if self.take_symbol(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if self.take_symbol(")") {
                return Ok(arguments);
            }
            if !self.take_symbol(",") {
                return Err(self.expected("`,` or `)`"));
            }
        }
    }

    /// The rest of a fact path, as it stands.
    fn path(&mut self, start: usize) -> Result<String, Box<Diagnostic>> {
        loop {
            if self.take_symbol("(") {
                let mut depth = 1_usize;
                while depth > 0 {
                    match self.kind_at(0) {
                        None => return Err(self.expected("`)`")),
                        Some(Kind::Symbol("(")) => depth += 1,
                        Some(Kind::Symbol(")")) => depth -= 1,
                        Some(_) => {}
                    }
                    self.advance();
                }
                break;
            }
            if !self.take_symbol(".") {
                break;
            }
            match self.kind_at(0) {
                Some(Kind::Word(_)) => self.advance(),
                _ => return Err(self.expected("a name after the dot")),
            }
        }
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let end = last.map_or(start, |t| t.end);
        Ok(canonical(
            self.text.value.get(start..end).unwrap_or_default(),
        ))
    }
}

/// The names of facts and relations in a path. What a raw access such as `property(…)` names is the
/// model's own and no fact.
pub(crate) fn path_names(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(|c: char| c.is_alphanumeric() || c == '_')?;
            let word = rest.get(start..)?;
            let end = word.find(|c: char| !(c.is_alphanumeric() || c == '_'));
            let (name, after) = word.split_at_checked(end.unwrap_or(word.len()))?;
            rest = after;
            if !RAW.contains(&name) || !after.starts_with('(') {
                return Some(name);
            }
            rest = after.find(')').and_then(|close| after.get(close..))?;
        }
    })
}

/// A path with one way of writing spaces.
fn canonical(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        if c.is_whitespace() {
            if !out.ends_with(['(', ',', '.', ' ']) {
                out.push(' ');
            }
            continue;
        }
        if matches!(c, '(' | ')' | ',' | '.') {
            while out.ends_with(' ') {
                out.pop();
            }
        } else if out.ends_with(',') {
            out.push(' ');
        }
        out.push(c);
    }
    out
}
