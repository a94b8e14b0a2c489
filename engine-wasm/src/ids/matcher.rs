//! A constraint of a document, made ready for matching many values.

use std::collections::HashSet;

use super::document::{Bound, Constraint, Restriction};
use super::hash::Texts;
use super::pattern::{Pattern, PatternError};
use super::scalar::{self, Scalar, is_near};
use super::time;

/// Shorter lists are searched one by one.
const LIST: usize = 8;

/// A constraint, compiled.
#[derive(Debug)]
pub(super) enum Matcher {
    Simple(Wanted),
    Restriction(Box<Compiled>),
}

/// A value as written, in the ways that a value of the model may be compared with it.
#[derive(Debug)]
pub(super) struct Wanted {
    pub text: String,
    number: Option<f64>,
    integer: Option<i64>,
    boolean: Option<bool>,
}

impl Wanted {
    fn new(text: &str) -> Wanted {
        Wanted {
            text: text.to_owned(),
            number: scalar::number(text),
            integer: scalar::integer(text),
            boolean: scalar::boolean(text),
        }
    }

    fn is(&self, value: &Scalar<&str>) -> bool {
        match value {
            Scalar::Text(text) => *text == self.text,
            Scalar::Real(found) => self.number.is_some_and(|wanted| is_near(*found, wanted)),
            // Whole numbers are not rounded.
            Scalar::Integer(found) => match self.integer {
                Some(wanted) => *found == wanted,
                None => self.number == Some(*found as f64),
            },
            Scalar::Boolean(found) => self.boolean == Some(*found),
        }
    }
}

#[derive(Debug)]
pub(super) struct Compiled {
    list: Vec<Wanted>,
    /// The texts of a long list.
    set: HashSet<String, Texts>,
    patterns: Vec<Pattern>,
    least: Option<End>,
    most: Option<End>,
    length: Option<u64>,
    min_length: Option<u64>,
    max_length: Option<u64>,
}

#[derive(Debug)]
struct End {
    text: String,
    number: Option<f64>,
    inclusive: bool,
}

impl End {
    fn new(bound: &Bound) -> End {
        End {
            number: scalar::number(&bound.text),
            text: bound.text.trim().to_owned(),
            inclusive: bound.inclusive,
        }
    }

    /// Whether a value is on the allowed side; `below` for an upper end. No tolerance.
    fn allows(&self, value: &Scalar<&str>, below: bool) -> bool {
        let order = match (value, self.number) {
            (Scalar::Text(text), _) => match time::order(text.trim(), &self.text) {
                Some(order) => order,
                None => return false,
            },
            (_, Some(end)) => match value.number().and_then(|v| v.partial_cmp(&end)) {
                Some(order) => order,
                None => return false,
            },
            _ => return false,
        };
        match order {
            std::cmp::Ordering::Equal => self.inclusive,
            order => order.is_lt() == below,
        }
    }
}

impl Matcher {
    /// Compiles a constraint.
    ///
    /// # Errors
    /// A pattern is not one of XSD or too large.
    pub(super) fn new(constraint: &Constraint) -> Result<Matcher, (String, PatternError)> {
        match constraint {
            Constraint::Simple(text) => Ok(Matcher::Simple(Wanted::new(text))),
            Constraint::Restriction(all) => {
                Compiled::new(all).map(Box::new).map(Matcher::Restriction)
            }
        }
    }

    pub(super) fn is_match(&self, value: Scalar<&str>) -> bool {
        match self {
            Matcher::Simple(wanted) => wanted.is(&value),
            Matcher::Restriction(all) => all.is_match(&value),
        }
    }

    /// Whether it bounds a range, which every value of a list has to keep.
    pub(super) fn is_range(&self) -> bool {
        self.has_least() || self.has_most()
    }

    pub(super) fn has_least(&self) -> bool {
        matches!(self, Matcher::Restriction(all) if all.least.is_some())
    }

    pub(super) fn has_most(&self) -> bool {
        matches!(self, Matcher::Restriction(all) if all.most.is_some())
    }

    /// How many patterns it has.
    pub(super) fn patterns(&self) -> usize {
        match self {
            Matcher::Simple(_) => 0,
            Matcher::Restriction(all) => all.patterns.len(),
        }
    }

    /// See [`Pattern::share`].
    pub(super) fn share(&mut self, patterns: usize) {
        if let Matcher::Restriction(all) = self {
            all.patterns.iter_mut().for_each(|p| p.share(patterns));
        }
    }

    /// The one number that it wants.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Matcher::Simple(wanted) => wanted.number,
            Matcher::Restriction(_) => None,
        }
    }

    /// The one text that it wants.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Matcher::Simple(wanted) => Some(&wanted.text),
            Matcher::Restriction(_) => None,
        }
    }
}

impl Compiled {
    fn new(all: &Restriction) -> Result<Compiled, (String, PatternError)> {
        let mut patterns = Vec::new();
        for pattern in &all.patterns {
            patterns.push(Pattern::new(pattern).map_err(|error| (pattern.clone(), error))?);
        }
        let set = if all.enumeration.len() > LIST {
            all.enumeration.iter().cloned().collect()
        } else {
            HashSet::default()
        };
        Ok(Compiled {
            list: all
                .enumeration
                .iter()
                .map(|text| Wanted::new(text))
                .collect(),
            set,
            patterns,
            least: all.least.as_ref().map(End::new),
            most: all.most.as_ref().map(End::new),
            length: all.length,
            min_length: all.min_length,
            max_length: all.max_length,
        })
    }

    fn is_match(&self, value: &Scalar<&str>) -> bool {
        if !self.list.is_empty() {
            let found = match value {
                Scalar::Text(text) if !self.set.is_empty() => self.set.contains(*text),
                _ => self.list.iter().any(|wanted| wanted.is(value)),
            };
            if !found {
                return false;
            }
        }
        let bounded = self
            .least
            .as_ref()
            .is_none_or(|end| end.allows(value, false))
            && self.most.as_ref().is_none_or(|end| end.allows(value, true));
        if !bounded {
            return false;
        }
        let on_text =
            (self.length.is_some() || self.min_length.is_some() || self.max_length.is_some())
                || !self.patterns.is_empty();
        if !on_text {
            return true;
        }
        // Patterns and lengths are for texts alone.
        let Scalar::Text(text) = value else {
            return false;
        };
        let length = text.chars().count() as u64;
        self.length.is_none_or(|wanted| length == wanted)
            && self.min_length.is_none_or(|least| length >= least)
            && self.max_length.is_none_or(|most| length <= most)
            && (self.patterns.is_empty() || self.patterns.iter().any(|p| p.is_match(text)))
    }
}
