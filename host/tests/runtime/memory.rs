//! A module gets no more memory and no more stack than it may have.

use plancheck_host::runtime::{FileError, ModuleError, Trust};
use plancheck_hostile as modules;

use super::{assert_unharmed, attack, runtime};

#[test]
fn growing_without_end_is_out_of_memory() {
    let limit = runtime().limits().module_memory as u64;
    assert_eq!(
        attack("memory-hog"),
        Err(ModuleError::OutOfMemory { limit })
    );
    assert_unharmed();
}

#[test]
fn taking_what_there_is_stays_below_the_limit() {
    let answer = attack("memory-hoard").expect("an answer");
    let limit = runtime().limits().module_memory as f64;
    let taken = *answer.measured.first().expect("one verdict");
    assert!(taken <= limit, "{taken} bytes");
    assert!(
        taken > limit - 2_097_152.0,
        "{taken} bytes: it should have got nearly all"
    );
    assert_unharmed();
}

#[test]
fn a_memory_that_begins_too_large_is_refused_whoever_made_it() {
    let bytes = modules::with_pages("", 5000).expect("a module");
    let limit = runtime().limits().module_memory as u64;
    for trust in [Trust::Untrusted, Trust::Trusted] {
        let refused = runtime().load_module(&bytes, trust).err();
        assert_eq!(
            refused,
            Some(ModuleError::File(FileError::OutOfMemory { limit })),
            "{trust:?}"
        );
    }
    assert_unharmed();
}

#[test]
fn recursion_without_end_overflows_the_stack() {
    assert_eq!(attack("deep-recursion"), Err(ModuleError::StackOverflow));
    assert_unharmed();
}

#[test]
fn recursion_on_a_stack_in_memory_leaves_the_memory() {
    match attack("deep-recursion-in-memory") {
        Err(ModuleError::Trap(reason)) => assert!(reason.contains("stack overflowed"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_unharmed();
}

/// The same module ends the same way in browsers, where a maximum is written into it.
#[test]
fn a_table_does_not_grow_beyond_its_limit() {
    assert!(attack("table-hoard").is_ok());
    assert_unharmed();
}
