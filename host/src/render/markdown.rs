//! A rule's page (Markdown) as text for a terminal.
//!
//! Knows what rule pages use: headings, paragraphs, lists, tables, fenced code, emphasis and code
//! spans. What it does not know stays as it was written.

use super::palette::{Palette, paint};
use super::safe::safe;
use super::table::wrap;

/// The page, wrapped to `width`.
#[must_use]
pub fn page(markdown: &str, palette: Palette, width: usize) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    for line in markdown.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            flush(&mut paragraph, &mut out, width);
            in_code = !in_code;
        } else if in_code || trimmed.starts_with('|') {
            flush(&mut paragraph, &mut out, width);
            out.push_str(&format!(
                "    {}\n",
                paint(palette.faint, safe(line.trim_end()))
            ));
        } else if let Some(heading) = trimmed.strip_prefix('#') {
            flush(&mut paragraph, &mut out, width);
            let heading = inline(heading.trim_start_matches('#').trim());
            out.push_str(&format!("{}\n", paint(palette.heading, safe(&heading))));
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut out, width);
            if !out.is_empty() && !out.ends_with("\n\n") {
                out.push('\n');
            }
        } else {
            if is_item(trimmed) {
                flush(&mut paragraph, &mut out, width);
            }
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(trimmed);
        }
    }
    flush(&mut paragraph, &mut out, width);
    format!("{}\n", out.trim_end())
}

fn is_item(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
        || (number.len() < line.len() && number.starts_with(". "))
}

fn flush(paragraph: &mut String, out: &mut String, width: usize) {
    if paragraph.is_empty() {
        return;
    }
    let indent = if is_item(paragraph) { "  " } else { "" };
    for (at, line) in wrap(&safe(&inline(paragraph)), width.saturating_sub(2).max(30))
        .iter()
        .enumerate()
    {
        if at > 0 {
            out.push_str(indent);
        }
        out.push_str(line);
        out.push('\n');
    }
    paragraph.clear();
}

/// Without the marks of emphasis and code.
fn inline(text: &str) -> String {
    text.replace("**", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::page;
    use crate::render::Palette;

    #[test]
    fn a_page_reads_as_text() {
        let markdown = "# Width\n\nPeople leave\nthrough **doors**.\n\n- one `fact`\n- two\n\n```\nx = 1\n```\n\u{1b}[2J\n";
        assert_eq!(
            page(markdown, Palette::plain(), 80),
            "Width\n\nPeople leave through doors.\n\n- one fact\n- two\n\n    x = 1\n\\u{1b}[2J\n"
        );
    }
}
