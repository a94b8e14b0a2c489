//! A module that never returns is stopped by the clock.

use std::time::{Duration, Instant};

use plancheck_host::runtime::ModuleError;

use super::{DEADLINE, assert_unharmed, attack, refusal};

const STOPPED: ModuleError = ModuleError::Deadline { millis: DEADLINE };

#[test]
fn a_loop_is_stopped() {
    assert_eq!(attack("endless-loop"), Err(STOPPED));
    assert_unharmed();
}

#[test]
fn a_loop_in_the_allocator_is_stopped() {
    assert_eq!(attack("endless-allocation"), Err(STOPPED));
    assert_unharmed();
}

#[test]
fn a_loop_in_the_start_function_is_stopped() {
    assert_eq!(refusal("endless-start"), STOPPED);
    assert_unharmed();
}

#[test]
fn a_loop_in_describe_is_stopped() {
    assert_eq!(refusal("endless-describe"), STOPPED);
    assert_unharmed();
}

/// More loops than places in the pool: those that wait get their turn, and so does the neighbour.
#[test]
fn a_crowd_of_loops_does_not_shut_others_out() {
    let module = super::hostile("endless-loop");
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                assert_eq!(module.evaluate(&[0], &super::doors(&[0.9])), Err(STOPPED));
            });
        }
        scope.spawn(assert_unharmed);
    });
    // Twenty loops in eight places are three rounds; the bound only catches a hang.
    assert!(begun.elapsed() < Duration::from_secs(60));
}
