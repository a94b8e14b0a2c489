//! Anything may be given to the compiler: it says what is wrong, and never panics or runs for long.

mod support;

use plancheck_rulebook::Rulebook;
use support::Random;

const EXAMPLE: &str = include_str!("../examples/door-widths.toml");

/// Reads it and has what is wrong rendered, whatever that is.
fn read(source: &str) {
    match Rulebook::parse(source, "any.toml") {
        Ok(rulebook) => assert!(!rulebook.program().is_empty()),
        Err(errors) => assert!(!errors.render(false).is_empty()),
    }
}

#[test]
fn random_bytes() {
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    for _ in 0..300 {
        let bytes: Vec<u8> = (0..random.below(400))
            .map(|_| random.below(256) as u8)
            .collect();
        read(&String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn rulebooks_with_random_changes() {
    const SCRAPS: [&str; 24] = [
        "\"", "'", "[", "]", "{", "}", "(", ")", ".", "=", "\n", "²", "1e9", "if", "in", "and",
        "-", "width", "'''", "\\", "°", "[[", "0", "\u{2028}",
    ];
    let mut random = Random(0x0FED_CBA9_8765_4321);
    let ends: Vec<usize> = EXAMPLE.char_indices().map(|(at, _)| at).collect();
    for _ in 0..400 {
        let mut source = EXAMPLE.to_owned();
        for _ in 0..1 + random.below(3) {
            let at = ends[random.below(ends.len())];
            if !source.is_char_boundary(at) {
                continue;
            }
            let scrap = SCRAPS[random.below(SCRAPS.len())];
            if random.below(2) == 0 {
                source.insert_str(at, scrap);
            } else if let Some(c) = source.get(at..).and_then(|rest| rest.chars().next()) {
                source.replace_range(at..at + c.len_utf8(), scrap);
            }
        }
        read(&source);
    }
}

#[test]
fn expressions_of_random_tokens() {
    const TOKENS: [&str; 34] = [
        "clear_width",
        "is_exit",
        "operation",
        "width",
        "factor",
        "32",
        "in",
        "ft²",
        "/",
        "person",
        "%",
        ":",
        "12",
        "<=",
        "==",
        "!=",
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "(",
        ")",
        "[",
        "]",
        ",",
        "as",
        "length",
        "spaces",
        ".",
        "count",
        "property",
        "'a'",
    ];
    let mut random = Random(0x5555_1234_8765_AAAB);
    for _ in 0..2_000 {
        let count = 1 + random.below(14);
        let words: Vec<&str> = (0..count)
            .map(|_| TOKENS[random.below(TOKENS.len())])
            .collect();
        read(&with_require(&words.join(" ")));
    }
}

fn with_require(require: &str) -> String {
    format!(
        "[module]\nid = \"a\"\ntitle = \"A\"\nversion = \"0.1.0\"\npublisher = \"P\"\nlimits = \"L\"\n\
         [jurisdiction]\ncountry = \"us\"\n\
         [parameters]\nwidth = {{ title = \"W\", citation = \"C\", value = \"32 in\" }}\n\
         factor = {{ title = \"F\", citation = \"C\", cells = {{ a = \"1 m\" }} }}\n\
         [rules.r]\ntitle = \"R\"\ncitation = \"C\"\nseverity = \"error\"\ncategory = \"general\"\n\
         subject = \"door\"\nrequire = \"{require}\"\nmessage = \"{{width}}\"\npage = \"P\"\n"
    )
}

fn codes(source: &str) -> Vec<&'static str> {
    let errors = Rulebook::parse(source, "any.toml").err();
    errors.map_or_else(Vec::new, |e| e.list().iter().map(|d| d.code).collect())
}

#[test]
fn what_is_too_deep_or_too_long_is_refused() {
    for (require, code) in [
        (
            format!("{}is_exit{}", "(".repeat(5_000), ")".repeat(4_000)),
            "too-deep",
        ),
        (format!("{}is_exit", "not ".repeat(2_400)), "too-deep"),
        (format!("{}1 m <= width", "-".repeat(9_000)), "too-deep"),
        (format!("is_exit{}", " and is_exit".repeat(800)), "too-deep"),
        (
            format!("width >= 1 m{}", " + 1 m".repeat(1_000)),
            "too-deep",
        ),
        (
            format!("{}is_exit", "if is_exit then ".repeat(600)),
            "too-deep",
        ),
        (format!("is_exit{}", " ".repeat(20_000)), "too-long"),
        (format!("factor[{}]", "factor[".repeat(1_000)), "too-deep"),
    ] {
        let found = codes(&with_require(&require));
        assert!(found.contains(&code), "{found:?}: {}…", &require[..20]);
    }
}

#[test]
fn definitions_of_definitions_cost_no_stack() {
    let inner = |name: &str| format!("{}{name}{}", "(not ".repeat(28), ")".repeat(28));
    let mut definitions = "[definitions]\nd0 = \"is_exit\"\n".to_owned();
    for at in 1..200 {
        definitions += &format!("d{at} = \"{}\"\n", inner(&format!("d{}", at - 1)));
    }
    let found = codes(&(definitions + &with_require("d199")));
    assert_eq!(found, ["circle"]);
}

#[test]
fn tables_in_tables_are_refused() {
    let deep = format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(!codes(&deep).is_empty());
    let inline = format!("a = {}1{}", "{ a = ".repeat(20_000), "}".repeat(20_000));
    assert!(!codes(&inline).is_empty());
}

#[test]
fn sizes_are_bounded() {
    assert_eq!(codes(&"#".repeat(3 << 20)), ["too-large"]);
    let many: String = (0..3_000)
        .map(|at| format!("[rules.r{at}]\nrequire = \"nothing{at} >= 1 m\"\nsubject = \"door\"\n"))
        .collect();
    let errors = Rulebook::parse(&many, "many.toml").unwrap_err();
    assert!(errors.list().len() > 3_000);
    assert!(errors.render(false).contains("more\n"));
}
