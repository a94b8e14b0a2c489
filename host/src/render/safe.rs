//! Text from strangers, made fit for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with everything escaped that a terminal acts on or that hides what is written:
/// control characters (escape sequences begin with one), and characters that turn the direction
/// of writing. A line break becomes `\n`: one text stays on one line.
#[must_use]
pub fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push(' '),
            c if is_unsafe(c) => {
                // Writing to a String does not fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Characters of what a caller wrote that are enough to know it again.
const BRIEF: usize = 100;

/// What a caller wrote, for a message that names it: in quotes, with everything escaped, and cut
/// after 100 characters, with how many there were.
#[must_use]
pub fn brief(text: &str) -> String {
    let mut out = String::from("\"");
    out.extend(text.chars().take(BRIEF).flat_map(char::escape_debug));
    let left = text.chars().skip(BRIEF).count();
    if left == 0 {
        out.push('"');
    } else {
        // Writing to a String does not fail.
        let _ = write!(out, "…\" ({} characters)", left + BRIEF);
    }
    out
}

/// A message that quotes what strangers wrote, cut after so many characters.
#[must_use]
pub fn cut(message: &str, characters: usize) -> Cow<'_, str> {
    match message.char_indices().nth(characters) {
        None => Cow::Borrowed(message),
        Some((end, _)) => Cow::Owned(format!("{}…", message.get(..end).unwrap_or_default())),
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{brief, cut, safe};

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(brief("us\u{1b}/\"x"), "\"us\\u{1b}/\\\"x\"");
        let long = brief(&"ä".repeat(60_000));
        assert_eq!(long, format!("\"{}…\" (60000 characters)", "ä".repeat(100)));
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("größer", 3), "grö…");
    }

    #[test]
    fn what_a_terminal_acts_on_is_escaped() {
        assert_eq!(safe("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(safe("\u{9b}2J"), "\\u{9b}2J");
        assert_eq!(safe("a\nb\r\tc"), "a\\nb\\r c");
        assert_eq!(safe("door\u{202e}roomed"), "door\\u{202e}roomed");
    }

    #[test]
    fn names_of_all_languages_stay() {
        for name in ["Tür 12", "出口", "باب", "Façade ½″"] {
            assert_eq!(safe(name), name);
        }
    }
}
