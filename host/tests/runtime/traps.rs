//! A module that breaks down gives a typed error.

use plancheck_host::runtime::ModuleError;

use super::{assert_unharmed, attack};

fn trap(name: &str, reason: &str) {
    match attack(name) {
        Err(ModuleError::Trap(said)) => assert!(said.contains(reason), "{name}: {said}"),
        other => panic!("{name}: {other:?}"),
    }
    assert_unharmed();
}

#[test]
fn a_panic_is_a_trap() {
    trap("panic", "unreachable");
}

#[test]
fn a_division_by_zero_is_a_trap() {
    trap("division-by-zero", "divide by zero");
}
