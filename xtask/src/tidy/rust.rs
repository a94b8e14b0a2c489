//! Reads just enough of Rust sources for the rules: which lines are comments, which are tests.

/// A line of code: its number from 1, and its text without a trailing comment.
pub struct CodeLine<'a> {
    pub number: usize,
    pub text: &'a str,
}

/// The lines that are code: no comments, and no modules under `#[cfg(test)]`.
///
/// Follows the layout of rustfmt: a test module ends with a `}` as far left as its `mod`.
pub fn code_outside_tests(source: &str) -> Vec<CodeLine<'_>> {
    let mut lines = Vec::new();
    let mut test_module: Option<&str> = None;
    let mut after_cfg_test = false;
    for (index, line) in source.lines().enumerate() {
        let trimmed = line.trim_start();
        let indent = line.get(..line.len() - trimmed.len()).unwrap_or_default();
        if let Some(start) = test_module {
            if trimmed.starts_with('}') && indent == start {
                test_module = None;
            }
            continue;
        }
        if after_cfg_test {
            // Further attributes may follow.
            after_cfg_test = trimmed.starts_with("#[");
            if trimmed.contains("mod ") && trimmed.ends_with('{') {
                test_module = Some(indent);
            }
            continue;
        }
        if trimmed.starts_with("#[cfg(test)]") || trimmed.starts_with("#[cfg(all(test") {
            after_cfg_test = true;
            continue;
        }
        let text = without_comment(line);
        if !text.trim().is_empty() {
            lines.push(CodeLine {
                number: index + 1,
                text,
            });
        }
    }
    lines
}

/// A line up to its `//`, unless that stands in a text or an address such as `https://`.
pub fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line
        .get(from..)
        .and_then(|rest| rest.find("//"))
        .map(|at| at + from)
    {
        let before = line.get(..at).unwrap_or_default();
        let in_text = before.matches('"').count() % 2 == 1;
        if !in_text && !before.ends_with(':') {
            return before;
        }
        from = at + 2;
    }
    line
}

/// Whether a path is one of tests, benches or examples.
pub fn is_test_path(path: &str) -> bool {
    path.split('/')
        .any(|part| matches!(part, "tests" | "benches" | "examples" | "tests.rs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        code_outside_tests(source)
            .iter()
            .map(|line| line.text.trim())
            .collect()
    }

    #[test]
    fn comments_and_test_modules_are_left_out() {
        let source =
            "//! head\nuse a; // why\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\nuse c;\n";
        assert_eq!(texts(source), ["use a;", "use c;"]);
    }

    #[test]
    fn a_test_helper_is_one_item_and_a_test_file_is_named_not_written() {
        assert_eq!(texts("#[cfg(test)]\nmod tests;\nuse c;\n"), ["use c;"]);
    }

    #[test]
    fn slashes_in_texts_are_no_comments() {
        assert_eq!(
            without_comment(r#"let a = "//"; // b"#),
            r#"let a = "//"; "#
        );
        assert_eq!(
            without_comment(r#"("https://a.org")"#),
            r#"("https://a.org")"#
        );
    }
}
