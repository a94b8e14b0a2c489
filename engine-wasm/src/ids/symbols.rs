//! Texts of a model by number, so that equal ones are compared and judged once.

use std::borrow::Cow;
use std::collections::HashMap;

use super::hash::Texts;
use crate::step::Text;

/// A text of the model.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub(super) struct Sym(pub u32);

#[derive(Default)]
pub(super) struct Symbols<'m> {
    texts: Vec<Cow<'m, str>>,
    known: HashMap<Cow<'m, [u8]>, Sym, Texts>,
}

impl<'m> Symbols<'m> {
    /// A text of the file.
    #[inline(never)]
    pub(super) fn text(&mut self, text: Text<'m>) -> Sym {
        let raw = text.raw();
        let plain = raw
            .iter()
            .all(|byte| byte.is_ascii() && !matches!(byte, b'\\' | b'\''));
        if plain && let Ok(text) = std::str::from_utf8(raw) {
            return self.borrowed(text);
        }
        match text.decode() {
            Cow::Borrowed(text) => self.borrowed(text),
            Cow::Owned(text) => self.owned(text),
        }
    }

    pub(super) fn borrowed(&mut self, text: &'m str) -> Sym {
        if let Some(known) = self.known.get(text.as_bytes()) {
            return *known;
        }
        self.add(Cow::Borrowed(text), Cow::Borrowed(text.as_bytes()))
    }

    pub(super) fn owned(&mut self, text: String) -> Sym {
        if let Some(known) = self.known.get(text.as_bytes()) {
            return *known;
        }
        let key = text.clone().into_bytes();
        self.add(Cow::Owned(text), Cow::Owned(key))
    }

    /// A keyword or an enumeration item, in capitals.
    pub(super) fn upper(&mut self, word: &'m [u8]) -> Sym {
        match std::str::from_utf8(word) {
            Ok(word) if !word.bytes().any(|b| b.is_ascii_lowercase()) => self.borrowed(word),
            _ => self.owned(String::from_utf8_lossy(word).to_ascii_uppercase()),
        }
    }

    #[inline(never)]
    fn add(&mut self, text: Cow<'m, str>, key: Cow<'m, [u8]>) -> Sym {
        let sym = Sym(self.texts.len() as u32);
        self.texts.push(text);
        self.known.insert(key, sym);
        sym
    }

    pub(super) fn get(&self, sym: Sym) -> &str {
        self.texts.get(sym.0 as usize).map_or("", |text| text)
    }
}
