//! Keys: the rows of a table of the code, and the words by which a model's texts are sorted into
//! them.

/// The keys of a table, or a set of classes; [`crate::keys!`] writes it.
pub trait Key: Copy + 'static {
    /// How many there are.
    const COUNT: usize;
    /// Every key as the manifest writes it, with its words.
    const WORDS: &'static [(&'static str, &'static [&'static str])];
    /// Its place in the list.
    fn place(self) -> usize;
    /// The key at this place.
    fn at(place: usize) -> Option<Self>;

    /// The key whose word or phrase the text is, or else the only key of which one occurs in it.
    ///
    /// A phrase inside a longer one does not count, so that "library stacks" is not a "library". A
    /// text with phrases of two keys ("office storage"), or that says what something is not or no
    /// longer is ("former office"), has none: no row of the table would be sure.
    #[must_use]
    fn of_text(text: &str) -> Option<Self> {
        let folded = words(text);
        let mut found: Vec<Occurrence> = Vec::new();
        for (place, (_, phrases)) in Self::WORDS.iter().enumerate() {
            for phrase in *phrases {
                occurrences(text, &folded, &words(phrase), place, &mut found);
            }
        }
        let whole = |o: &&Occurrence| o.start == 0 && o.end == folded.len();
        if let Some(whole) = found.iter().find(whole) {
            return Self::at(whole.place);
        }
        if denies(&folded) {
            return None;
        }
        let mut only = None;
        let mut named = false;
        let counted = |o: &&Occurrence| !found.iter().any(|other| o.is_inside(other));
        for occurrence in found.iter().filter(counted) {
            if *only.get_or_insert(occurrence.place) != occurrence.place {
                return None;
            }
            named |= !occurrence.alone;
        }
        only.filter(|_| named).and_then(Self::at)
    }
}

/// Where a phrase of a key stands in the words of a text.
struct Occurrence {
    start: usize,
    end: usize,
    place: usize,
    /// A single letter among other words: it names no key, but it speaks against another one.
    alone: bool,
}

impl Occurrence {
    fn is_inside(&self, other: &Occurrence) -> bool {
        other.start <= self.start
            && self.end <= other.end
            && other.end - other.start > self.end - self.start
    }
}

/// Words after which a text is about something else.
const DENIALS: &[&str] = &[
    "not", "no", "non", "former", "formerly", "ex", "except", "without", "near", "beside", "future",
];

/// Does the text say what something is not, or not now? `No. 12` is a number.
fn denies(text: &str) -> bool {
    let mut rest = text.split(' ').filter(|word| !word.is_empty()).peekable();
    while let Some(word) = rest.next() {
        let number = word == "no"
            && rest
                .peek()
                .is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        if DENIALS.contains(&word) && !number {
            return true;
        }
    }
    false
}

/// Where the phrase stands in the text, as whole words, the last one perhaps in the plural. A
/// single letter must be the whole text: `B` is an occupancy group, the `a` of `a school` is not;
/// in capitals it counts against other keys, as in `B, R-3`.
fn occurrences(written: &str, text: &str, phrase: &str, place: usize, found: &mut Vec<Occurrence>) {
    if phrase.len() <= 3 {
        let whole = text == phrase;
        let letter = phrase.trim().to_ascii_uppercase();
        let capital = !whole
            && written
                .split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric())
                .any(|word| word == letter);
        if whole || capital {
            for (start, _) in text.match_indices(phrase) {
                found.push(Occurrence {
                    start,
                    end: start + phrase.len(),
                    place,
                    alone: !whole,
                });
            }
        }
        return;
    }
    let stem = phrase.trim_end();
    for (start, _) in text.match_indices(stem) {
        let after = text.get(start + stem.len()..).unwrap_or_default();
        let plural = [" ", "s ", "es "]
            .iter()
            .find(|end| after.starts_with(**end));
        if let Some(plural) = plural {
            found.push(Occurrence {
                start,
                end: start + stem.len() + plural.len(),
                place,
                alone: false,
            });
        }
    }
}

/// The words of a text in lower case, each with a space before and after: `Office-12` is
/// ` office 12 `. Anything but ASCII punctuation counts as part of a word.
fn words(text: &str) -> String {
    #[derive(Clone, Copy, PartialEq)]
    enum Sort {
        Space,
        Letter,
        Digit,
    }
    let mut out = String::with_capacity(text.len() + 8);
    let mut last = Sort::Space;
    out.push(' ');
    for c in text.chars() {
        let sort = if c.is_ascii_digit() {
            Sort::Digit
        } else if c.is_ascii_alphabetic() || !c.is_ascii() {
            Sort::Letter
        } else {
            Sort::Space
        };
        if sort != last && last != Sort::Space {
            out.push(' ');
        }
        if sort != Sort::Space {
            out.push(c.to_ascii_lowercase());
        }
        last = sort;
    }
    if last != Sort::Space {
        out.push(' ');
    }
    out
}

/// Declares keys: the rows of a table, or a set of classes, with the words that stand for each.
///
/// ```
/// use plancheck_sdk::prelude::*;
///
/// keys! {
///     /// What a room is used for.
///     pub enum Use {
///         /// Desk work.
///         Office = "office": ["office", "open plan"],
///         /// Books on shelves.
///         Stacks = "library stacks": ["library stacks", "book stacks"],
///         /// Reading.
///         Reading = "library reading room": ["library", "reading room"],
///     }
/// }
///
/// assert_eq!(Use::of_text("Open-plan OFFICES 2.14"), Some(Use::Office));
/// assert_eq!(Use::of_text("Library stacks"), Some(Use::Stacks));
/// assert_eq!(Use::of_text("Officer's mess"), None);
/// assert_eq!(Use::of_text("Office, library"), None);
/// assert_eq!(Use::of_text("Former office"), None);
/// ```
#[macro_export]
macro_rules! keys {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$key_doc:meta])* $key:ident = $text:literal: [$($word:literal),* $(,)?]),+ $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$key_doc])* $key,)+
        }

        impl $name {
            /// As the manifest writes it.
            #[must_use]
            pub const fn text(self) -> &'static str {
                <$name as $crate::Key>::WORDS[self as usize].0
            }
        }

        impl $crate::Key for $name {
            const COUNT: usize = [$($text),+].len();
            const WORDS: &'static [(&'static str, &'static [&'static str])] =
                &[$(($text, &[$($word),*])),+];

            #[inline]
            fn place(self) -> usize {
                self as usize
            }

            fn at(place: usize) -> Option<Self> {
                [$($name::$key),+].get(place).copied()
            }
        }
    };
}
