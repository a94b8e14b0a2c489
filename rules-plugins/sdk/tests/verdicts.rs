//! What comparisons and combinations of verdicts mean.

use plancheck_sdk::Comparison;
use plancheck_sdk::prelude::*;

fn length(si: f64, tolerance: f64) -> Number<Length> {
    Number::new(si, tolerance, 0b1)
}

fn kinds(verdicts: &[Verdict]) -> Vec<Kind> {
    verdicts.iter().map(Verdict::kind).collect()
}

const PASS: Kind = Kind::Pass;
const FAIL: Kind = Kind::Fail;
const OPEN: Kind = Kind::Undetermined;
const NONE: Kind = Kind::NotApplicable;

#[test]
fn the_whole_interval_must_meet_the_limit() {
    let limit = inches(32.0);
    let at_least = |si, tolerance| length(si, tolerance).at_least(limit).kind();
    assert_eq!(at_least(0.84, 0.02), PASS);
    assert_eq!(at_least(0.8328, 0.02), PASS, "touches from above");
    assert_eq!(at_least(0.83, 0.02), OPEN);
    assert_eq!(at_least(0.80, 0.02), OPEN);
    assert_eq!(at_least(0.79, 0.02), FAIL);
    let at_most = |si, tolerance| length(si, tolerance).at_most(limit).kind();
    assert_eq!(at_most(0.79, 0.02), PASS);
    assert_eq!(at_most(0.7928, 0.02), PASS, "touches from below");
    assert_eq!(at_most(0.80, 0.02), OPEN);
    assert_eq!(at_most(0.84, 0.02), FAIL);
}

#[test]
fn what_a_file_can_write_of_the_limit_is_the_limit() {
    // 32 inches in feet with six decimals, in metres with one ulp less, in millimetres.
    for si in [
        2.666667 * 0.3048,
        f64::from_bits(0.8128_f64.to_bits() - 1),
        812.8 / 1000.0,
    ] {
        assert_eq!(length(si, 0.0).at_least(inches(32.0)).kind(), PASS, "{si}");
        assert_eq!(length(si, 0.0).at_most(inches(32.0)).kind(), PASS, "{si}");
        assert_eq!(length(si, 0.0).equal(inches(32.0)).kind(), PASS, "{si}");
    }
    assert_eq!(length(0.8127, 0.0).at_least(inches(32.0)).kind(), FAIL);
}

#[test]
fn only_exact_numbers_are_equal() {
    assert_eq!(length(0.8128, 0.001).equal(inches(32.0)).kind(), OPEN);
    assert_eq!(length(0.9, 0.001).equal(inches(32.0)).kind(), FAIL);
}

#[test]
fn absent_infinite_and_senseless_numbers_are_undetermined() {
    for si in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let verdict = length(si, 0.0).at_least(inches(32.0));
        assert_eq!(
            (verdict.kind(), verdict.facts(), verdict.measured()),
            (OPEN, 0b1, None)
        );
    }
    assert_eq!(length(0.9, f64::NAN).at_least(inches(32.0)).kind(), OPEN);
    assert_eq!(
        length(0.9, f64::INFINITY).at_least(inches(32.0)).kind(),
        OPEN
    );
}

#[test]
fn nothing_meets_what_is_not_permitted() {
    let never = Limit::<Length>::not_permitted(Unit::Foot);
    let verdict = length(1.0, 0.0).at_most(never);
    assert_eq!((verdict.kind(), verdict.required()), (FAIL, None));
    assert_eq!(length(1.0, 0.0).at_least(never).kind(), FAIL);
    assert_eq!(
        length(f64::NAN, 0.0).at_most(never).kind(),
        OPEN,
        "a missing fact stays missing"
    );
}

#[test]
fn both_and_either() {
    let (pass, fail) = (Verdict::pass(), Verdict::fail());
    let (open, none) = (Verdict::undetermined(0b10), Verdict::not_applicable());
    let all = [pass, fail, open, none];
    let and = |a: Verdict| kinds(&all.map(|b| a.and(b)));
    assert_eq!(and(pass), [PASS, FAIL, OPEN, PASS]);
    assert_eq!(and(fail), [FAIL, FAIL, FAIL, FAIL]);
    assert_eq!(and(open), [OPEN, FAIL, OPEN, OPEN]);
    assert_eq!(and(none), [PASS, FAIL, OPEN, NONE]);
    let or = |a: Verdict| kinds(&all.map(|b| a.or(b)));
    assert_eq!(or(pass), [PASS, PASS, PASS, PASS]);
    assert_eq!(or(fail), [PASS, FAIL, OPEN, FAIL]);
    assert_eq!(or(open), [PASS, OPEN, OPEN, OPEN]);
    assert_eq!(or(none), [PASS, FAIL, OPEN, NONE]);
}

#[test]
fn two_missing_facts_are_both_named() {
    let verdict = Verdict::undetermined(0b10).and(Verdict::undetermined(0b100));
    assert_eq!(verdict.facts(), 0b110);
    // A blurred value and a missing one are different things: the first stays as it is.
    let blurred = length(0.81, 0.02).at_least(inches(32.0));
    assert_eq!(blurred.and(Verdict::undetermined(0b100)).facts(), 0b1);
}

#[test]
fn between_says_which_side_fails() {
    let rail = |si| length(si, 0.0).between(inches(34.0), inches(38.0));
    assert_eq!(rail(0.9).kind(), PASS);
    assert_eq!(rail(0.8).required(), Some(34.0 * 0.0254));
    assert_eq!(rail(1.0).required(), Some(38.0 * 0.0254));
}

#[test]
fn between_names_the_nearer_limit() {
    let riser = |inch: f64, low| length(inch * 0.0254, 0.0).between(inches(low), inches(7.75));
    for (inch, low, named) in [
        (7.48, 4.0, 7.75),
        (7.75, 4.0, 7.75),
        (5.2, 4.0, 4.0),
        (4.0, 4.0, 4.0),
        (7.0, 0.0, 7.75),
        (0.0, 0.0, 0.0),
        // What fails names the limit that it fails.
        (3.0, 4.0, 4.0),
        (8.0, 4.0, 7.75),
    ] {
        assert_eq!(riser(inch, low).required(), Some(named * 0.0254), "{inch}");
    }
    assert_eq!(riser(7.48, 4.0).kind(), PASS);
}

#[test]
fn tolerance_and_facts_go_through_arithmetic() -> Result<(), Missing> {
    let a = Number::<Length>::new(2.0, 0.1, 0b01).known()?;
    let b = Number::<Length>::new(0.5, 0.2, 0b10).known()?;
    let difference = a - b;
    assert_eq!(difference.si(), 1.5);
    assert!((difference.tolerance() - 0.3).abs() < 1e-12);
    assert_eq!(difference.facts(), 0b11);
    assert_eq!((a + b).si(), 2.5);
    assert_eq!(a.scale(-2.0).tolerance(), 0.2);
    assert_eq!(a.value_in(Unit::Millimetre), 2000.0);
    Ok(())
}

#[test]
fn persons_are_whole() -> Result<(), Missing> {
    let load = |square_feet: f64, tolerance: f64| {
        let foot = Unit::SquareFoot;
        Number::<Area>::new(foot.to_si(square_feet), foot.to_si(tolerance), 1)
            .known()?
            .persons_at(square_feet_per_person(7.0))
            .map(Measured::ceil)
    };
    assert_eq!(
        load(700.0, 0.0)?.si(),
        100.0,
        "not 101 for the last bit of a conversion"
    );
    assert_eq!(load(700.1, 0.0)?.si(), 101.0);
    assert_eq!(
        (load(697.0, 7.0)?.si(), load(697.0, 7.0)?.tolerance()),
        (100.0, 1.0)
    );
    assert!(load(1.0, 0.0)?.from_zero().at_least(persons(0.0)).is_pass());
    let never = Limit::not_permitted(Unit::SquareFootPerPerson);
    let area = Number::<Area>::new(10.0, 0.0, 0b100).known()?;
    assert_eq!(
        area.persons_at(never).map_err(|m| m.mask()).err(),
        Some(0b100)
    );
    Ok(())
}

#[test]
fn a_computed_requirement_keeps_the_unit_of_the_code() -> Result<(), Missing> {
    let load = Number::<Count>::new(400.0, 20.0, 0b10).known()?;
    let width = |inches: f64| length(inches * 0.0254, 0.0);
    let required = load.times(inches_per_person(0.2));
    assert_eq!((required.unit(), required.facts()), (Unit::Inch, 0b10));
    assert!((required.value() - 80.0).abs() < 1e-9 && (required.tolerance() - 4.0).abs() < 1e-9);
    assert_eq!(width(84.0).at_least(required).kind(), PASS);
    assert_eq!(width(82.0).at_least(required).kind(), OPEN);
    assert_eq!(width(75.9).at_least(required).kind(), FAIL);
    let metric = load.times(millimetres_per_person(5.0));
    assert_eq!(
        (metric.unit(), metric.value().round()),
        (Unit::Millimetre, 2000.0)
    );
    Ok(())
}

#[test]
fn messages_carry_their_arguments() {
    let message = plancheck_sdk::Message::<1>(3);
    let verdict = Verdict::fail().because(message, [4.5]).resting_on(0b1000);
    assert_eq!((verdict.kind(), verdict.facts()), (FAIL, 0b1000));
    assert_ne!(verdict, Verdict::fail());
    assert_eq!(Comparison::AtLeast as u8, 1);
}

#[test]
fn a_text_that_may_mean_several_keys_means_none() {
    keys! {
        /// Groups and uses.
        pub enum Use {
            /// Desks.
            Office = "office": ["B", "office", "open plan"],
            /// Houses.
            House = "R-3": ["R-3", "house"],
            /// Shops.
            Shop = "M": ["M", "shop"],
            /// Books on shelves.
            Stacks = "stacks": ["library stack", "store room"],
            /// Reading.
            Reading = "reading": ["library", "room"],
        }
    }
    for text in [
        "B, R-3",
        "R-3 / B mixed use",
        "M over R-3",
        "Not R-3",
        "former office",
        "Not an office",
        "non-office",
        "Office (future)",
        "no office",
        "Office shop",
        "Office M",
        "library near library stacks",
        "library and library stacks",
        "B and M",
        "B or not",
    ] {
        assert_eq!(Use::of_text(text), None, "{text}");
    }
    for (text, key) in [
        ("B", Use::Office),
        ("Open Office 2", Use::Office),
        ("Office No. 12", Use::Office),
        ("Open-plan offices, B", Use::Office),
        ("R-3 house", Use::House),
        ("Library stacks", Use::Stacks),
        ("Library stacks 4", Use::Stacks),
        ("Store room 3", Use::Stacks),
        ("Knot house", Use::House),
        ("m", Use::Shop),
    ] {
        assert_eq!(Use::of_text(text), Some(key), "{text}");
    }
}

#[test]
fn classes_know_words_not_letters() {
    keys! {
        /// Groups.
        pub enum Group {
            /// Assembly.
            A = "A": ["A", "A-2", "assembly"],
            /// Sleeping.
            R2 = "R-2": ["R-2", "apartment building"],
        }
    }
    assert_eq!(Group::of_text("a"), Some(Group::A));
    assert_eq!(
        Group::of_text("A building"),
        None,
        "one letter must be the whole text"
    );
    assert_eq!(Group::of_text("Group A2, theatre"), Some(Group::A));
    assert_eq!(Group::of_text("R2"), Some(Group::R2));
    assert_eq!(Group::of_text("R-21"), None);
    assert_eq!(Group::of_text("apartment-BUILDINGS"), Some(Group::R2));
    assert_eq!(Group::of_text(""), None);
    assert_eq!(Group::of_text("Äußerst"), None);
    let absent = Class::<Group>::new(None, 0b1);
    assert_eq!(absent.known().map_err(|m| m.mask()), Err(0b1));
    assert_eq!(
        Class::<Group>::new(Some("barn"), 0b1)
            .known()
            .map_err(|m| m.mask()),
        Err(0b1)
    );
}
