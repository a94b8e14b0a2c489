//! How a module answers a batch: what it says, what it leaves out, and that no batch breaks it.

#![allow(missing_docs, reason = "a test is read, not documented")]

use plancheck_contract::check::{check_columns, check_verdicts};
use plancheck_contract::{FactKind, NO_MESSAGE, NO_TEXT};
use plancheck_sdk::prelude::*;
use plancheck_sdk::{Batch, Columns, Verdicts};

keys! {
    /// Uses.
    pub enum Use {
        /// Desks.
        Office = "office": ["office"],
        /// Goods.
        Shop = "shop": ["shop"],
    }
}

#[derive(Facts)]
#[facts(subject = "space")]
pub struct Room<'b> {
    pub area: Number<Area>,
    pub name: Text<'b>,
    #[fact(path = "use")]
    pub function: Class<Use>,
    pub is_exit: Boolean,
    pub width: Number<Length>,
}

/// Another layout, to be confused with the first.
#[derive(Facts)]
#[facts(subject = "door", name = "leaf")]
pub struct Door {
    pub width: Number<Length>,
}

#[derive(Params)]
pub struct Params {
    /// Width
    #[param(default = inches(32.0), cite = "Code §1")]
    pub width: Limit<Length>,
    /// Factor
    #[param(table = [Office = 150.0, Shop = not_permitted], unit = SquareFootPerPerson, cite = "Code §2")]
    pub factor: Table<AreaPerPerson, Use>,
}

/// Load of a room.
#[derived(name = "load")]
pub fn load(room: Room, p: &Params) -> Derived<Count> {
    let factor = p.factor.get(room.function.known()?);
    Ok(room.area.known()?.persons_at(factor)?.ceil())
}

/// Size of a room, in a word.
#[derived(name = "size")]
pub fn size(room: Room, _p: &Params) -> Result<Label, Missing> {
    let area = room.area.known()?;
    let text = if area.is_at_least(square_metres(50.0))? {
        "large"
    } else {
        "small"
    };
    Ok(Label {
        text,
        facts: room.area.facts(),
    })
}

/// Rooms are wide enough
#[rule(id = "width", cite = "Code §1", severity = Error, category = General)]
pub fn width(room: Room, p: &Params) -> Verdict {
    room.width.at_least(p.width)
}

/// The vault stays shut
#[rule(id = "vault", cite = "Code §3", severity = Warning, category = General,
       messages(OPEN = "{0} m wide", SHUT = "unused"))]
pub fn vault(room: Room, _p: &Params) -> Result<Verdict, Missing> {
    let _ = SHUT;
    if !room.name.is("vault")? {
        return Ok(Verdict::not_applicable());
    }
    let width = room.width.known()?;
    Ok(if room.is_exit.is_true()? {
        Verdict::fail().because(OPEN, [width.si()])
    } else {
        Verdict::pass()
    })
}

/// Doors are wide enough
#[rule(id = "door", cite = "Code §1", severity = Error, category = General)]
pub fn door(door: Door, p: &Params) -> Verdict {
    door.width.at_least(p.width)
}

plancheck_sdk::module! {
    id: "sample",
    title: "Sample",
    publisher: "Example",
    limits: "Everything.",
    jurisdiction: { country: "us" },
    params: Params,
    views: [Room, Door],
    derived: [load, size],
    rules: [width, vault, door],
}

/// Four rooms: a passing, a failing, a blurred and an empty one.
fn batch() -> Batch {
    let nan = f64::NAN;
    let area = [100.0, 14.0, 50.0, nan];
    let is_exit = [1.0, 1.0, 0.0, nan];
    let width = [1.0, 0.5, 0.81, nan];
    let tolerance = [0.0, 0.0, 0.01, 0.0];
    Batch {
        view: 0,
        rows: 4,
        layout: vec![0, 2, 2, 3, 1],
        numbers: [area, is_exit, width, tolerance].concat(),
        symbols: vec![0, 0, 1, NO_TEXT, 1, 1, 2, NO_TEXT],
        text: "VaultOffice 2The shops".to_owned(),
        text_ends: vec![5, 13, 22],
        parameters: vec![32.0, 150.0, nan],
        detail: false,
    }
}

fn evaluate(checks: &[u32], batch: &Batch) -> Verdicts {
    let answer = (module().evaluate)(checks, batch);
    let messages: Vec<u32> = checks
        .iter()
        .map(|c| [0, 2, 0].get(*c as usize).copied().unwrap_or(0))
        .collect();
    check_verdicts(&answer, checks.len(), batch.rows, Some(&messages)).expect("a sound answer");
    answer
}

#[test]
fn rows_that_pass_are_left_out() {
    let answer = evaluate(&[0], &batch());
    assert_eq!(answer.row, [1, 2, 3]);
    assert_eq!(answer.kind, [1, 2, 2]);
    assert_eq!(answer.measured[..2], [0.5, 0.81]);
    assert!(answer.measured[2].is_nan(), "nothing was measured");
    assert_eq!(answer.tolerance, [0.0, 0.01, 0.0]);
    assert_eq!(answer.required[..2], [0.8128, 0.8128]);
    assert_eq!(answer.facts, [0b10000; 3]);
    assert_eq!(answer.unit[0], Unit::Inch as u8);
    assert_eq!(answer.message, [NO_MESSAGE; 3]);
}

#[test]
fn detail_gives_every_row() {
    let answer = evaluate(
        &[0],
        &Batch {
            detail: true,
            ..batch()
        },
    );
    assert_eq!(answer.row, [0, 1, 2, 3]);
    assert_eq!(answer.measured[0], 1.0);
}

#[test]
fn several_rules_answer_one_batch() {
    let answer = evaluate(&[1, 0], &batch());
    assert_eq!(answer.rule, [0, 0, 0, 0, 1, 1, 1]);
    // The vault's rule: two named vault and exits, one of another name, one without.
    assert_eq!(answer.kind[..4], [1, 1, 3, 2]);
    assert_eq!(answer.message[..4], [0, 0, NO_MESSAGE, NO_MESSAGE]);
    assert_eq!(answer.arguments, [1.0, 0.5]);
    assert_eq!(answer.argument_ends, [1, 2, 2, 2, 2, 2, 2]);
    assert_eq!(answer.facts[3], 0b10, "the name is missing");
}

#[test]
fn a_rule_of_another_view_or_none_says_nothing() {
    assert_eq!(evaluate(&[2, 99], &batch()), Verdicts::default());
    assert_eq!(
        evaluate(&[2], &Batch { view: 1, ..batch() }),
        Verdicts::default()
    );
}

#[test]
fn derived_facts_come_as_columns() {
    let answer = (module().derive)(&[0, 1], &batch());
    check_columns(&answer, 2, 4, Some(&[FactKind::Number, FactKind::Text]))
        .expect("a sound answer");
    // 100 m² are 1076.4 ft², 8 persons; 14 m² are 150.7 ft², 2 persons; shops are not permitted.
    assert_eq!(answer.values[..2], [8.0, 2.0]);
    assert!(answer.values[2].is_nan() && answer.values[3].is_nan());
    assert_eq!(answer.facts[..4], [0b1, 0b1, 0b1, 0b100]);
    let word = |row: usize| match answer.values[4 + row] as usize {
        0 => &answer.text[..answer.text_ends[0] as usize],
        _ => &answer.text[answer.text_ends[0] as usize..],
    };
    assert_eq!([word(0), word(1), word(2)], ["large", "small", "large"]);
    assert!(answer.values[7].is_nan());
    assert!(answer.tolerances.is_empty(), "all exact");
}

#[test]
fn a_derived_fact_keeps_its_tolerance() {
    let mut blurred = batch();
    blurred.layout[0] = 1;
    blurred.numbers.splice(4..4, [2.0, 0.0, 0.0, 0.0]);
    let answer = (module().derive)(&[0], &blurred);
    assert_eq!(answer.values[0], 8.0);
    assert!(
        answer.tolerances.is_empty(),
        "98 to 102 m² are 8 persons all the same"
    );
    blurred.numbers[4] = 10.0;
    assert_eq!(
        (module().derive)(&[0], &blurred).tolerances[0],
        1.0,
        "90 to 110 m² are 7 or 8"
    );
}

/// Whatever is cut off, doubled or garbled, there is an answer, and it is empty or sound.
#[test]
fn a_batch_that_lies_breaks_nothing() {
    let good = batch();
    let mut bad = Vec::new();
    for keep in 0..good.numbers.len() {
        bad.push(Batch {
            numbers: good.numbers[..keep].to_vec(),
            ..good.clone()
        });
    }
    for keep in 0..good.symbols.len() {
        bad.push(Batch {
            symbols: good.symbols[..keep].to_vec(),
            ..good.clone()
        });
    }
    for keep in 0..good.layout.len() {
        bad.push(Batch {
            layout: good.layout[..keep].to_vec(),
            ..good.clone()
        });
    }
    for at in 0..good.layout.len() {
        for code in [0, 1, 2, 3, 4, 255] {
            let mut layout = good.layout.clone();
            if layout[at] != code && !(layout[at] < 2 && code < 2) {
                layout[at] = code;
                bad.push(Batch {
                    layout,
                    ..good.clone()
                });
            }
        }
    }
    bad.push(Batch {
        rows: u32::MAX,
        ..good.clone()
    });
    bad.push(Batch {
        rows: 5,
        ..good.clone()
    });
    bad.push(Batch {
        parameters: vec![],
        ..good.clone()
    });
    bad.push(Batch {
        parameters: vec![1.0; 4],
        ..good.clone()
    });
    bad.push(Batch {
        text_ends: vec![5, 4, 22],
        ..good.clone()
    });
    bad.push(Batch {
        text_ends: vec![5, 13, 23],
        ..good.clone()
    });
    bad.push(Batch {
        text: "é".repeat(11),
        ..good.clone()
    });
    for batch in &bad {
        assert_eq!(evaluate(&[0, 1], batch), Verdicts::default(), "{batch:?}");
        assert_eq!(
            (module().derive)(&[0, 1], batch),
            Columns::default(),
            "{batch:?}"
        );
    }
}

#[test]
fn a_symbol_without_a_text_is_an_absent_fact() {
    let strange = Batch {
        symbols: vec![77; 8],
        ..batch()
    };
    assert_eq!(evaluate(&[1], &strange).facts, [0b10; 4]);
}
