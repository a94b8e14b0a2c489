//! The file as it is written: TOML to tables with places. Knows which keys there are, not what
//! expressions mean.

mod amends;
mod cases;
mod knowledge;
mod read;
mod table;

use knowledge::{Heading, Redirect};
pub(crate) use read::{NOT_PERMITTED, not_permitted, read, unit_text};
pub(crate) use table::Table;

use plancheck_contract::fixture::Case;
use plancheck_contract::{Amends, Jurisdiction, ModuleInfo, Severity, Stage, Stricter};

use crate::diagnostic::Span;

/// A text of the file and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) value: String,
    /// Of the whole value, with its quotes.
    span: Span,
    places: Places,
}

/// Where the bytes of a text stand.
#[derive(Clone, Debug, Default)]
enum Places {
    /// One after the other, from here.
    From(usize),
    /// Each somewhere, because of escapes; and where the text ends.
    Each(Vec<usize>),
    /// Nobody knows.
    #[default]
    Unknown,
}

impl Text {
    /// A text whose value has this span, quotes included.
    pub(crate) fn new(source: &str, span: Span, value: &str) -> Text {
        let written = source.get(span.clone()).unwrap_or_default();
        let places = match written.find(value).filter(|_| !value.is_empty()) {
            Some(at) => Places::From(span.start + at),
            None => escaped(written, span.start, value).map_or(Places::Unknown, Places::Each),
        };
        Text {
            value: value.to_owned(),
            span,
            places,
        }
    }

    /// Where these bytes of the text stand.
    pub(crate) fn at(&self, range: Span) -> Span {
        match &self.places {
            Places::From(first) => first + range.start..first + range.end,
            Places::Each(places) => match (places.get(range.start), places.get(range.end)) {
                (Some(start), Some(end)) => *start..*end,
                _ => self.span.clone(),
            },
            Places::Unknown => self.span.clone(),
        }
    }

    /// Where it stands.
    pub(crate) fn whole(&self) -> Span {
        self.span.clone()
    }

    /// A part of it, with its own places.
    pub(crate) fn part(&self, range: Span) -> Text {
        let places = match &self.places {
            Places::From(first) => Places::From(first + range.start),
            Places::Each(places) => places
                .get(range.start..=range.end)
                .map_or(Places::Unknown, |places| Places::Each(places.to_vec())),
            Places::Unknown => Places::Unknown,
        };
        Text {
            value: self.value.get(range.clone()).unwrap_or_default().to_owned(),
            span: self.at(range),
            places,
        }
    }
}

/// Where each byte of a value stands that is written in double quotes with escapes. None: it is
/// written in some other way.
fn escaped(written: &str, start: usize, value: &str) -> Option<Vec<usize>> {
    let quotes = if written.starts_with("\"\"\"") { 3 } else { 1 };
    let mut at = quotes;
    // A line break right after the quotes is no part of the text.
    if quotes == 3 && !value.starts_with(['\n', '\r']) {
        let rest = written.get(at..)?;
        at += rest.len() - rest.trim_start_matches('\r').trim_start_matches('\n').len();
    }
    let mut places = Vec::with_capacity(value.len() + 1);
    for c in value.chars() {
        loop {
            let rest = written.get(at..)?;
            let next = rest.strip_prefix('\\').and_then(|rest| rest.chars().next());
            // A backslash at the end of a line takes the white space after it away.
            match next {
                Some(next) if next.is_whitespace() => {
                    let rest = rest.get(1..)?;
                    at += 1 + rest.len() - rest.trim_start().len();
                }
                _ => break,
            }
        }
        let rest = written.get(at..)?;
        let length = match rest.strip_prefix('\\').map(|rest| rest.chars().next()) {
            Some(Some('u')) => 6,
            Some(Some('U')) => 10,
            Some(Some('x')) => 4,
            Some(_) => 2,
            None if rest.starts_with(c) => c.len_utf8(),
            None => return None,
        };
        places.extend(std::iter::repeat_n(start + at, c.len_utf8()));
        at += length;
    }
    places.push(start + at);
    Some(places)
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
    pub(crate) sections: Vec<Heading>,
    pub(crate) redirects: Vec<Redirect>,
}

/// A parameter: its cells with their keys, or one without.
pub(crate) struct Parameter {
    pub(crate) title: String,
    pub(crate) citation: String,
    pub(crate) unit: Option<Text>,
    pub(crate) cells: Vec<(Option<Text>, Text)>,
    pub(crate) is_table: bool,
    pub(crate) stricter: Option<Stricter>,
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
    pub(crate) unless: Option<Text>,
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
