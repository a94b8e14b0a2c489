//! The engine's loader for browsers takes what the host takes, and refuses what it refuses with the
//! same code and words: a report says the same wherever it was made.

use plancheck_engine::module_file::core_module;
use plancheck_hostile as modules;

use super::load;

/// Pages of memory that the host gives a module by default.
pub(super) fn pages() -> u32 {
    u32::try_from(super::limits().module_memory / 65_536).expect("few")
}

#[test]
fn hostile_modules_are_taken_or_refused_as_by_the_host() {
    for (name, bytes) in modules::all().expect("modules") {
        let ours = core_module(&bytes, pages());
        match (load(&bytes), ours) {
            (Ok(_), Ok(core)) => {
                wasmparser::Validator::new()
                    .validate_all(&core)
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
            }
            (Err(theirs), Err(ours)) => {
                assert_eq!(theirs.code(), ours.code(), "{name}: {theirs} / {ours}");
                assert_eq!(theirs.to_string(), ours.to_string(), "{name}");
            }
            // Refused when it is asked what it is: that is not this loader's to find out.
            (Err(theirs), Ok(_)) => {
                let asked = ["deadline", "bad-manifest", "out-of-memory", "trap"];
                assert!(asked.contains(&theirs.code()), "{name}: {theirs}");
            }
            (Ok(_), Err(ours)) => panic!("{name}: {ours}"),
        }
    }
}

#[test]
fn first_party_modules_keep_the_browser_profile() {
    let embedded = plancheck_host::runtime::embedded_modules();
    for (name, bytes) in embedded {
        let core = core_module(bytes, pages()).unwrap_or_else(|error| panic!("{name}: {error}"));
        wasmparser::Validator::new()
            .validate_all(&core)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn a_broken_file_is_refused_wherever_it_breaks() {
    let whole = modules::module(modules::HONEST).expect("a module");
    for length in 0..whole.len() {
        let part = whole.get(..length).expect("shorter");
        if let Err(ours) = core_module(part, pages()) {
            assert!(!ours.to_string().is_empty());
        }
    }
    for index in 8..whole.len() {
        let mut changed = whole.clone();
        if let Some(byte) = changed.get_mut(index) {
            *byte ^= 0x55;
        }
        let _ = core_module(&changed, pages());
    }
}
