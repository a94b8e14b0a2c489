//! Lines of text, indented and wrapped.

use anstyle::Style;

use super::palette::paint;
use super::table::wrap;

/// Appends a line.
pub(super) fn line(out: &mut String, indent: usize, text: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(text);
    out.push('\n');
}

/// Appends a text that may need several lines. Painted line by line.
pub(super) fn wrapped(out: &mut String, width: usize, indent: usize, style: Style, text: &str) {
    for part in wrap(text, width.saturating_sub(indent).max(30)) {
        line(out, indent, &paint(style, part));
    }
}
