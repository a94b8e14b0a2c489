//! Nothing of one call is there in the next one.

use super::{assert_unharmed, doors, hostile};

#[test]
fn globals_and_memory_begin_anew_with_every_call() {
    let module = hostile("remembers");
    for _ in 0..20 {
        let answer = module.evaluate(&[0], &doors(&[0.9])).expect("an answer");
        assert_eq!(answer.measured, [1001.0], "first call of a fresh instance");
    }
    assert_unharmed();
}

#[test]
fn nothing_is_left_in_memory_for_the_next_instance() {
    let module = hostile("reads-leftovers");
    for _ in 0..4 {
        let answer = module.evaluate(&[0], &doors(&[0.9])).expect("an answer");
        assert_eq!(answer.measured, [0.0], "pages with something in them");
    }
    assert_unharmed();
}
