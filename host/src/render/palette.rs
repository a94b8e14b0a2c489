//! The colours of the terminal output. Colour never says what words do not.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

/// Styles by meaning; all empty where there is no colour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Palette {
    /// A failure.
    pub fail: Style,
    /// Not decided.
    pub undetermined: Style,
    /// Passed.
    pub pass: Style,
    /// A heading.
    pub heading: Style,
    /// What may be skipped while reading.
    pub faint: Style,
    /// What was said about the check itself.
    pub problem: Style,
}

impl Palette {
    /// Colours.
    #[must_use]
    pub fn colour() -> Palette {
        let of = |colour: AnsiColor| colour.on_default();
        Palette {
            fail: of(AnsiColor::Red).bold(),
            undetermined: of(AnsiColor::Yellow),
            pass: of(AnsiColor::Green),
            heading: Style::new().bold(),
            faint: Style::new().dimmed(),
            problem: of(AnsiColor::Magenta).bold(),
        }
    }

    /// No colours.
    #[must_use]
    pub fn plain() -> Palette {
        Palette::default()
    }

    /// What suits standard output: colours on a terminal, unless `NO_COLOR` is set.
    #[must_use]
    pub fn of_stdout() -> Palette {
        match anstream::AutoStream::choice(&std::io::stdout()) {
            anstream::ColorChoice::Never => Palette::plain(),
            _ => Palette::colour(),
        }
    }
}

/// A text in a style.
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
