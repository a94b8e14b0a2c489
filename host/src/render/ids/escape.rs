//! Writing HTML so that nothing gets in unescaped.

/// A page that is being written. Markup is only taken from the program itself (`&'static str`);
/// every other text goes through [`Markup::text`], which escapes it.
#[derive(Default)]
pub(super) struct Markup {
    out: String,
}

impl Markup {
    /// Markup of our own.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Markup {
        self.out.push_str(markup);
        self
    }

    /// Any text, in an element or in an attribute in double quotes.
    pub(super) fn text(&mut self, text: &str) -> &mut Markup {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                '\n' | '\t' => self.out.push(c),
                '\r' => {}
                // Controls, and what turns the direction of writing: shown, not obeyed.
                c if c.is_control()
                    || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                        | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}') =>
                {
                    self.out.push('\u{fffd}');
                }
                c => self.out.push(c),
            }
        }
        self
    }

    /// What was written elsewhere in the same way.
    pub(super) fn append(&mut self, other: Markup) {
        self.out.push_str(&other.out);
    }

    /// The markup written so far.
    pub(super) fn into_string(self) -> String {
        self.out
    }
}
