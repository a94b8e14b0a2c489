//! The file as it is written: TOML to tables with places. Knows which keys there are, not what
//! expressions mean.

mod read;
mod table;

pub(crate) use read::{NOT_PERMITTED, not_permitted, read, unit_text};
pub(crate) use table::Table;

use plancheck_contract::fixture::Case;
use plancheck_contract::{Amends, Jurisdiction, ModuleInfo, Severity, Stage};

use crate::diagnostic::Span;

/// A text of the file and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) value: String,
    /// Of the whole value, with its quotes.
    span: Span,
    /// Where the first byte of the text stands; none where escapes make the two differ.
    first: Option<usize>,
}

impl Text {
    /// A text whose value has this span, quotes included.
    pub(crate) fn new(source: &str, span: Span, value: &str) -> Text {
        let written = source.get(span.clone()).unwrap_or_default();
        let first = written.find(value).filter(|_| !value.is_empty());
        Text {
            value: value.to_owned(),
            first: first.map(|at| span.start + at),
            span,
        }
    }

    /// Where these bytes of the text stand.
    pub(crate) fn at(&self, range: Span) -> Span {
        match self.first {
            Some(first) => first + range.start..first + range.end,
            None => self.span.clone(),
        }
    }

    /// Where it stands.
    pub(crate) fn whole(&self) -> Span {
        self.span.clone()
    }

    /// A part of it, with its own places.
    pub(crate) fn part(&self, range: Span) -> Text {
        Text {
            value: self.value.get(range.clone()).unwrap_or_default().to_owned(),
            span: self.at(range.clone()),
            first: self.first.map(|first| first + range.start),
        }
    }
}

/// Something with a name.
#[derive(Clone, Debug)]
pub(crate) struct Named<T> {
    pub(crate) name: Text,
    pub(crate) value: T,
}

/// A file, read.
#[derive(Default)]
pub(crate) struct Document {
    pub(crate) module: ModuleInfo,
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) parameters: Vec<Named<Parameter>>,
    pub(crate) definitions: Vec<Named<Text>>,
    pub(crate) facts: Vec<Named<Fact>>,
    pub(crate) rules: Vec<Named<Rule>>,
    pub(crate) amends: Option<Amends>,
}

/// A parameter: its cells with their keys, or one without.
pub(crate) struct Parameter {
    pub(crate) title: String,
    pub(crate) citation: String,
    pub(crate) unit: Option<Text>,
    pub(crate) cells: Vec<(Option<Text>, Text)>,
    pub(crate) is_table: bool,
}

/// A derived fact.
pub(crate) struct Fact {
    pub(crate) subject: Text,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) value: Text,
    pub(crate) lets: Vec<Named<Text>>,
    pub(crate) fixtures: Vec<Fixture>,
}

/// A rule.
pub(crate) struct Rule {
    pub(crate) title: String,
    pub(crate) citation: String,
    pub(crate) severity: Severity,
    pub(crate) category: String,
    pub(crate) subject: Text,
    pub(crate) lets: Vec<Named<Text>>,
    pub(crate) when: Option<Text>,
    pub(crate) require: Text,
    /// Those with a condition, then the one without.
    pub(crate) messages: Vec<(Option<Text>, Text)>,
    pub(crate) page: String,
    pub(crate) since: String,
    pub(crate) stage: Stage,
    pub(crate) verified: bool,
    pub(crate) fixtures: Vec<Fixture>,
}

/// A case, and the keys that it gives.
pub(crate) struct Fixture {
    pub(crate) case: Case,
    pub(crate) name: Span,
    pub(crate) given: Vec<Text>,
    pub(crate) parameters: Vec<Text>,
    pub(crate) expect: Option<Span>,
}
