#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::*;

fn check(pattern: &str, yes: &[&str], no: &[&str]) {
    let compiled = Pattern::new(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
    for _ in 0..2 {
        for value in yes {
            assert!(compiled.is_match(value), "{pattern} ~ {value:?}");
        }
        for value in no {
            assert!(!compiled.is_match(value), "{pattern} !~ {value:?}");
        }
    }
}

#[test]
fn whole_values_match() {
    check("", &[""], &["a"]);
    check("DT[0-9]{2}", &["DT01"], &["DT1", "DT011", "xDT01", "dt01"]);
    check(".*DT.*", &["DT", "aDTb", "DTDT"], &["D T", "D\nT", ""]);
    check("a|bc|", &["a", "bc", ""], &["abc", "b"]);
    check("(a|b)*c+d?", &["c", "ababcc", "acd"], &["", "abd", "cdd"]);
    check(
        "a{2,3}b{2}c{1,}",
        &["aabbc", "aaabbccc"],
        &["abbc", "aaaabbc", "aabb"],
    );
    check("(ab){0,2}", &["", "ab", "abab"], &["aba", "ababab"]);
    check("a{0}b", &["b"], &["ab"]);
    check("^a$", &["^a$"], &["a"]);
    check("(()|a)*", &["", "aaa"], &["b"]);
}

#[test]
fn classes() {
    check("[A-Z]+", &["AZ"], &["a", ""]);
    check("[^A-Z]", &["a", "é"], &["A", "ab"]);
    check("[a-z-[aeiou]]+", &["xyz"], &["xay"]);
    check("[\\w-[\\d]]+", &["aé"], &["a1", "_"]);
    check("[^a-c-[x]]", &["d"], &["x", "a"]);
    check("[-a]+", &["-a"], &["b"]);
    check("[a-]+", &["-a"], &["b"]);
    check("[+\\-*/]", &["-", "/"], &[","]);
    check("\\p{Lu}\\p{Ll}*", &["Ärger", "A"], &["ärger"]);
    check("\\P{L}+", &["123"], &["1a"]);
    check("\\p{IsBasicLatin}*", &["abc!"], &["é"]);
    check("\\i\\c*", &["_a-1", "é:x"], &["-a", "1"]);
    check("\\d{4}-\\d{2}", &["2024-01"], &["24-01"]);
    check("\\S+\\s\\S+", &["a b"], &["ab", "a  b"]);
    check("a.c", &["abc", "a♫c"], &["a\nc"]);
    check("[\\n\\t]x\\.", &["\nx."], &["nx.", "\nxy"]);
    check("\\[\\]\\(\\)\\{\\}\\|\\\\", &["[](){}|\\"], &["[]"]);
}

#[test]
fn what_is_lenient_is_said() {
    let slash = Pattern::new("[0-9]{2}\\/(-|A)").unwrap();
    assert!(slash.is_match("30/A") && slash.lenient().unwrap().contains("\\/"));
    assert!(Pattern::new("a\\.b").unwrap().lenient().is_none());
}

#[test]
fn errors_say_where() {
    for (pattern, at, what) in [
        ("(?=a)", 2, "look-around"),
        ("(?i)a", 2, "flags"),
        ("a**", 3, "lazy"),
        ("a+?", 3, "lazy"),
        ("*a", 2, "repeats nothing"),
        ("(a", 3, "not closed"),
        ("a)", 2, "closes nothing"),
        ("[a", 4, "not closed"),
        ("[]", 3, "no character"),
        ("[z-a]", 5, "more to less"),
        ("a{3,2}", 7, "more to less"),
        ("a{x}", 3, "expected"),
        ("\\1", 3, "back references"),
        ("\\bx", 3, "whole value"),
        ("\\p{Xx}", 7, "category"),
        ("a]", 3, "alone"),
        ("a\\", 4, "backslash"),
    ] {
        let error = Pattern::new(pattern).unwrap_err();
        let PatternError::Syntax {
            at: found,
            what: text,
        } = &error
        else {
            panic!("{pattern}: {error}")
        };
        assert!(text.contains(what), "{pattern}: {error}");
        assert!(found.abs_diff(at) <= 1, "{pattern}: {error}, expected {at}");
    }
}

#[test]
fn hostile_patterns_are_refused_or_cheap() {
    for pattern in [
        "(a{1000}){1000}",
        "((a{1000}){1000}){1000}",
        "a{4000000000}",
        "a{99999999999}",
        "(a{0,100}){0,100}",
        "((){1000}){100000}",
        &"(".repeat(5_000),
        &"[a-[".repeat(5_000),
        &"a".repeat(30_000),
        "(((((((((a?){9}){9}){9}){9}){9}){9}){9}){9}){9}",
    ] {
        assert!(Pattern::new(pattern).is_err(), "{:.40}", pattern);
    }
    let long = "a".repeat(50_000);
    for pattern in [
        "(a*)*b",
        "(a|a)*b",
        "(a|aa)+b",
        "(.*)*(.*)*c",
        "(a?){500}a{500}b",
        "(a*){900}b",
    ] {
        assert!(!Pattern::new(pattern).unwrap().is_match(&long), "{pattern}");
    }
    // More deterministic states than are kept.
    let many = Pattern::new("(a|b)*a(a|b){400}").unwrap();
    let text: String = (0..20_000u32)
        .map(|i| {
            if i.wrapping_mul(2_654_435_761) >> 31 == 0 {
                'a'
            } else {
                'b'
            }
        })
        .collect();
    let expected = text.as_bytes()[text.len() - 401] == b'a';
    assert_eq!(many.is_match(&text), expected);
    assert_eq!(many.is_match(&text), expected);
}
