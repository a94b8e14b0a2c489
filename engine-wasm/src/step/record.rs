//! One record of a file, a borrowed view.

use super::keyword::KeywordId;
use super::lex::{at, between, from, is_space, is_word, list_end, skip_blank, word_end};
use super::value::{Value, Values};
use super::{RecordIx, Step};

/// A record: `#12=IFCWALL('…',$);`. Cheap to copy, decoded when asked.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    step: &'a Step,
    ix: RecordIx,
}

impl<'a> Record<'a> {
    pub(super) fn new(step: &'a Step, ix: RecordIx) -> Self {
        Self { step, ix }
    }

    /// Its position among the good records.
    #[must_use]
    pub fn ix(&self) -> RecordIx {
        self.ix
    }

    /// Its instance number.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.step.number(self.ix)
    }

    /// Its keyword; [`KeywordId::COMPLEX`] for a complex instance.
    #[must_use]
    pub fn keyword(&self) -> KeywordId {
        self.step.keyword(self.ix)
    }

    /// Its keyword in capitals; `()` for a complex instance, as written for
    /// [`KeywordId::OTHER`].
    #[must_use]
    pub fn name(&self) -> &'a str {
        let keyword = self.keyword();
        if keyword != KeywordId::OTHER {
            return self.step.keyword_name(keyword);
        }
        let Some(place) = self.place() else { return "" };
        let bytes = self.step.bytes.as_slice();
        let mut end = place.saturating_sub(1);
        while end > 0 && is_space(at(bytes, end - 1)) {
            end -= 1;
        }
        let mut start = end;
        while start > 0 && (is_word(at(bytes, start - 1)) || at(bytes, start - 1) == b'!') {
            start -= 1;
        }
        std::str::from_utf8(between(bytes, start, end)).unwrap_or_default()
    }

    /// Its attributes; none for a complex instance, see [`Record::parts`].
    #[must_use]
    pub fn args(&self) -> Values<'a> {
        match self.place() {
            Some(place) if self.keyword() != KeywordId::COMPLEX => {
                Values::new(from(&self.step.bytes, place))
            }
            _ => Values::default(),
        }
    }

    /// The attribute at position `n` from 0; [`Value::Null`] when there are fewer.
    #[must_use]
    pub fn arg(&self, n: usize) -> Value<'a> {
        self.args().nth(n).unwrap_or(Value::Null)
    }

    /// The instances that the attribute at position `n` refers to: one, or those of a list.
    pub fn refs(&self, n: usize) -> impl Iterator<Item = u64> + use<'a> {
        let value = self.arg(n);
        let list = value.as_list().unwrap_or_default();
        value
            .as_ref()
            .into_iter()
            .chain(list.filter_map(Value::as_ref))
    }

    /// Names (in capitals for a simple record, as written for a complex one) with their
    /// attributes: one part for a simple record, several for a complex one.
    #[must_use]
    pub fn parts(&self) -> Parts<'a> {
        match self.place() {
            Some(place) if self.keyword() == KeywordId::COMPLEX => Parts {
                simple: None,
                rest: from(&self.step.bytes, place),
            },
            Some(_) => Parts {
                simple: Some((self.name(), self.args())),
                rest: &[],
            },
            None => Parts {
                simple: None,
                rest: &[],
            },
        }
    }

    fn place(&self) -> Option<usize> {
        self.step
            .places
            .get(self.ix.0 as usize)
            .map(|&place| place as usize)
    }
}

/// The parts of a record, see [`Record::parts`].
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    simple: Option<(&'a str, Values<'a>)>,
    /// What follows the outer parenthesis or the last part of a complex instance.
    rest: &'a [u8],
}

impl<'a> Iterator for Parts<'a> {
    type Item = (&'a str, Values<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(simple) = self.simple.take() {
            return Some(simple);
        }
        let start = skip_blank(self.rest, 0);
        let end = word_end(self.rest, start + usize::from(at(self.rest, start) == b'!'));
        let open = skip_blank(self.rest, end);
        if end == start || at(self.rest, open) != b'(' {
            self.rest = &[];
            return None;
        }
        let name = std::str::from_utf8(between(self.rest, start, end)).unwrap_or_default();
        let values = Values::new(from(self.rest, open + 1));
        self.rest = from(self.rest, list_end(self.rest, open + 1));
        Some((name, values))
    }
}
