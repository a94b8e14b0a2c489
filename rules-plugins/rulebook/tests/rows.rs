//! What is said of a row does not depend on the rows beside it: whole columns are screened, single
//! rows are judged in full, and both come to the same.

mod support;

use plancheck_contract::check::{check_columns, check_facts, check_verdicts};
use plancheck_contract::{Batch, FactKind, Verdicts};
use plancheck_rulebook::{Program, Rulebook};
use support::{Random, set_texts};

const TEXTS: [&str; 6] = ["office", "Open office", "storage", "A-3", "plant", ""];

const CONDITIONS: &[&str] = &[
    "height >= low",
    "height > low",
    "height < low",
    "height <= low",
    "height == low",
    "height != low",
    "low <= height <= 20 ft",
    "20 ft > height > low",
    "not (height >= low) or is_interior",
    "is_interior == is_corridor",
    "is_interior != is_corridor",
    "use in ['office', 'storage']",
    "use not in ['office']",
    "use mentions 'office' and area > 10 m²",
    "use starts_with 'o' or use ends_with 'e'",
    "occupancy matches 'A-?'",
    "occupancy == use",
    "area / factor[use] <= declared_occupants",
    "ceil(area / factor[use]) <= 12",
    "floor(area / factor[use]) >= round(declared_occupants)",
    "min(height, low, 3 m) >= 2 m",
    "max(height, low) <= abs(3 m - height)",
    "if is_interior then height >= low else area >= 20 m²",
    "(if is_interior then low else height) <= height",
    "(if is_interior then use else occupancy) == 'office'",
    "known(height) and known(use) or known(is_corridor)",
    "height * height <= area",
    "area / height >= 3 m",
    "declared_occupants in [1, 2, 50]",
    "-height <= 0 m - low",
    "true or height >= low",
    "false and height >= low",
    "property(Pset_A, B) as length >= low",
    "net_area - gross_area <= 5 % * area",
    "area / (height - low) >= 1 m",
    "use mentions any ['office', 'plant']",
    "not (use starts_with any ['o', 's']) or use contains any ['-']",
    "property(Pset_A, T) as temperature <= -271 °C",
    "property(Pset_A, Q) as flow / 2 >= 2 m³/s - 20 l/s",
];

fn rulebook() -> Rulebook {
    let mut toml = r#"
        [module]
        id = "rows"
        title = "Rows"
        version = "0.1.0"
        publisher = "Plancheck"
        limits = "Everything."
        [jurisdiction]
        country = "us"
        [parameters]
        low = { title = "Low", citation = "§1", value = "7 ft 6 in" }
        factor = { title = "Factor", citation = "§2", cells = { office = "9 m²/person", storage = "30 m²/person", plant = "not permitted" } }
    "#
    .to_owned();
    for (at, require) in CONDITIONS.iter().enumerate() {
        let mut when = String::new();
        if at % 3 == 0 {
            when += "when = \"is_corridor or height >= 1 m\"\n";
        }
        if at % 4 == 1 {
            when += "unless = \"is_interior\"\n";
        }
        toml += &format!(
            "[rules.r{at}]\ntitle = \"r\"\ncitation = \"§1\"\nseverity = \"error\"\n\
             category = \"general\"\nsubject = \"space\"\n{when}\nrequire = \"{require}\"\n\
             message = \"It is {{height}} high\"\npage = \"A page.\"\n"
        );
    }
    match Rulebook::parse_without_fixtures(&toml, "rows.toml") {
        Ok(rulebook) => rulebook,
        Err(errors) => panic!("\n{errors}"),
    }
}

/// Columns of a batch, and the batch of one of its rows.
fn batch(rulebook: &Rulebook, rows: usize, random: &mut Random) -> Batch {
    let mut batch = Batch {
        rows: rows as u32,
        parameters: rulebook.manifest().parameter_values().collect(),
        ..Batch::default()
    };
    for fact in &rulebook.manifest().views[0].facts {
        match fact.kind {
            FactKind::Text => {
                batch.layout.push(2);
                let symbols = (0..rows).map(|_| random.pick(&[0, 1, 2, 3, 4, 5, u32::MAX]));
                batch.symbols.extend(symbols);
            }
            FactKind::Boolean => {
                batch.layout.push(3);
                let values = (0..rows).map(|_| random.pick(&[0.0, 1.0, f64::NAN]));
                batch.numbers.extend(values);
            }
            FactKind::Number => {
                let edges = [
                    2.286,
                    2.0,
                    3.0,
                    0.0,
                    6.096,
                    50.0,
                    -4.0,
                    f64::NAN,
                    1e300,
                    9.0,
                ];
                let spread = random.next() < 0.4;
                batch.layout.push(u8::from(spread));
                batch.numbers.extend((0..rows).map(|_| random.pick(&edges)));
                if spread {
                    let tolerances = (0..rows).map(|_| random.pick(&[0.0, 0.1, 3.0]));
                    batch.numbers.extend(tolerances);
                }
            }
        }
    }
    set_texts(&mut batch, &TEXTS);
    batch
}

fn one_row(batch: &Batch, row: usize) -> Batch {
    let rows = batch.rows as usize;
    let mut numbers = batch.numbers.chunks_exact(rows);
    let mut symbols = batch.symbols.chunks_exact(rows);
    let mut one = Batch {
        rows: 1,
        numbers: Vec::new(),
        symbols: Vec::new(),
        ..batch.clone()
    };
    for layout in &batch.layout {
        match layout {
            2 => one.symbols.push(symbols.next().unwrap()[row]),
            1 => {
                one.numbers.push(numbers.next().unwrap()[row]);
                one.numbers.push(numbers.next().unwrap()[row]);
            }
            _ => one.numbers.push(numbers.next().unwrap()[row]),
        }
    }
    one
}

/// An entry, with bits for NaN.
fn entry(v: &Verdicts, at: usize) -> (u32, u8, u8, u8, [u64; 3], u64, u32) {
    let bits = |x: f64| if x.is_nan() { u64::MAX } else { x.to_bits() };
    (
        v.rule[at],
        v.kind[at],
        v.comparison[at],
        v.unit[at],
        [
            bits(v.measured[at]),
            bits(v.tolerance[at]),
            bits(v.required[at]),
        ],
        v.facts[at],
        v.message[at],
    )
}

#[test]
fn rows_do_not_depend_on_each_other() {
    let rulebook = rulebook();
    let program = Program::open(rulebook.program()).unwrap();
    let checks: Vec<u32> = (0..CONDITIONS.len() as u32).collect();
    let counts: Vec<u32> = rulebook
        .manifest()
        .rules
        .iter()
        .map(|r| r.messages.len() as u32)
        .collect();
    let facts = rulebook.manifest().views[0].facts.len();
    for seed in 1..12_u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let rows = random.pick(&[9, 200, 700]);
        let mut all = batch(&rulebook, rows, &mut random);
        all.detail = seed % 2 == 0;
        let together = program.evaluate(&checks, &all).unwrap();
        check_verdicts(&together, checks.len(), all.rows, Some(&counts)).unwrap();
        check_facts(&together.facts, facts).unwrap();
        let mut found: Vec<Vec<_>> = vec![Vec::new(); rows];
        for at in 0..together.row.len() {
            found[together.row[at] as usize].push(entry(&together, at));
        }
        for (row, found) in found.iter().enumerate() {
            let alone = program.evaluate(&checks, &one_row(&all, row)).unwrap();
            let alone: Vec<_> = (0..alone.row.len()).map(|at| entry(&alone, at)).collect();
            assert_eq!(*found, alone, "seed {seed}, row {row}");
        }
    }
}

#[test]
fn a_wrong_question_gets_no_answer() {
    let rulebook = rulebook();
    let program = Program::open(rulebook.program()).unwrap();
    let good = batch(&rulebook, 3, &mut Random(7));
    assert!(program.evaluate(&[0], &good).is_ok());
    assert!(program.evaluate(&[99], &good).is_err());
    let changes: [fn(&mut Batch); 6] = [
        |b| b.view = 5,
        |b| b.rows = 4,
        |b| b.parameters.truncate(1),
        |b| b.layout.truncate(1),
        |b| b.layout[0] = 9,
        |b| b.text_ends[0] = 1_000_000,
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut bad = good.clone();
        change(&mut bad);
        assert!(program.evaluate(&[0], &bad).is_err(), "change {at}");
    }
}

#[test]
fn a_broken_program_is_refused() {
    let rulebook = rulebook();
    let good = batch(&rulebook, 20, &mut Random(7));
    let program = rulebook.program();
    for end in (0..program.len()).step_by(97) {
        assert!(Program::open(&program[..end]).is_err());
    }
    let mut random = Random(11);
    for _ in 0..3_000 {
        let mut bytes = program.to_vec();
        for _ in 0..3 {
            let at = (random.next() * bytes.len() as f64) as usize;
            bytes[at] = (random.next() * 256.0) as u8;
        }
        // It may still be a program, but it never reads what is not there.
        if let Ok(program) = Program::open(&bytes) {
            let _ = program.validate();
            let _ = program.manifest();
            let _ = program.evaluate(&[0, 1, 2, 17], &good);
        }
    }
}

#[test]
fn derived_columns_are_sound() {
    let example = include_str!("../examples/door-widths.toml");
    let rulebook = Rulebook::parse(example, "door-widths.toml").unwrap();
    let program = Program::open(rulebook.program()).unwrap();
    let mut all = batch(&rulebook, 50, &mut Random(3));
    all.parameters = rulebook.manifest().parameter_values().collect();
    let columns = program.derive(&[0], &all).unwrap();
    check_columns(&columns, 1, 50, Some(&[plancheck_contract::FactKind::Text])).unwrap();
    let texts: Vec<Option<&str>> = columns.values.iter().map(|v| columns.text_at(*v)).collect();
    assert!(texts.contains(&Some("office")) && texts.contains(&None));
}
