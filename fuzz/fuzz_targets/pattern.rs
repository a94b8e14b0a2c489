//! Any text as an XSD pattern, before the first line break, over the rest: no panic, no endless
//! work, and a cache in use answers as a fresh one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plancheck_engine::ids::pattern::Pattern;

fuzz_target!(|data: &str| {
    let (pattern, value) = data.split_once('\n').unwrap_or((data, ""));
    let Ok(compiled) = Pattern::new(pattern) else {
        return;
    };
    let answer = compiled.is_match(value);
    for (end, _) in value.char_indices() {
        let _ = compiled.is_match(&value[..end]);
    }
    assert_eq!(compiled.is_match(value), answer);
    assert_eq!(
        Pattern::new(pattern)
            .expect("it compiled before")
            .is_match(value),
        answer
    );
    // A text that is its own pattern matches itself.
    if !pattern.is_empty() && pattern.chars().all(|c| c.is_alphanumeric()) {
        assert!(compiled.is_match(pattern));
    }
});
