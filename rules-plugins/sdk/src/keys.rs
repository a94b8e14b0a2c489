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

    /// The key whose word or phrase occurs in the text. The longest one wins, so that "library
    /// stacks" is not a "library"; among equals the first.
    #[must_use]
    fn of_text(text: &str) -> Option<Self> {
        let text = words(text);
        let mut best: Option<(usize, usize)> = None;
        for (place, (_, phrases)) in Self::WORDS.iter().enumerate() {
            for phrase in *phrases {
                let longer = best.is_none_or(|(length, _)| phrase.len() > length);
                if longer && contains(&text, &words(phrase)) {
                    best = Some((phrase.len(), place));
                }
            }
        }
        best.and_then(|(_, place)| Self::at(place))
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

/// Does the phrase occur, as whole words, the last one perhaps in the plural? A single letter
/// must be the whole text: `B` is an occupancy group, the `a` of `a school` is not.
fn contains(text: &str, phrase: &str) -> bool {
    if phrase.len() <= 3 {
        return text == phrase;
    }
    let stem = phrase.trim_end();
    text.match_indices(stem).any(|(at, _)| {
        let after = text.get(at + stem.len()..).unwrap_or_default();
        after.starts_with(' ') || after.starts_with("s ") || after.starts_with("es ")
    })
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
