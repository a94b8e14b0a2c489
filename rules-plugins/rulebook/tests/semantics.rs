//! A rulebook says what the same rule says that is written in Rust with the SDK, to the bit where
//! numbers are compared as they stand in the code.

mod support;

use plancheck_contract::{Batch, Columns, Verdicts};
use plancheck_rulebook::{Program, Rulebook};
use plancheck_sdk::prelude::*;
use support::{Random, set_texts};

mod rust {
    use plancheck_sdk::prelude::*;

    keys! {
        /// What a room is used for.
        pub enum Use {
            /// Desk work.
            Office = "office": ["office"],
            /// Goods.
            Storage = "storage": ["storage"],
            /// Machines.
            Plant = "plant": ["plant"],
        }
    }

    #[derive(Facts)]
    #[facts(subject = "space")]
    pub struct Room {
        pub height: Number<Length>,
        pub gross_area: Number<Area>,
        pub is_interior: Boolean,
        #[fact(path = "use")]
        pub function: Class<Use>,
        pub declared_occupants: Number<Count>,
        #[fact(path = "doors.sum(clear_width)")]
        pub exit_width: Number<Length>,
        #[fact(path = "property(Pset_A, T)")]
        pub warmth: Number<Temperature>,
        #[fact(path = "property(Pset_A, Q)")]
        pub air: Number<Flow>,
    }

    #[derive(Params)]
    pub struct Params {
        /// Low
        #[param(default = feet_inches(7.0, 6.0), cite = "Code §1")]
        pub low: Limit<Length>,
        /// High
        #[param(default = feet(20.0), cite = "Code §1")]
        pub high: Limit<Length>,
        /// Each
        #[param(default = inches_per_person(0.2), cite = "Code §2")]
        pub each: Limit<LengthPerPerson>,
        /// Few
        #[param(default = persons(50.0), cite = "Code §3")]
        pub few: Limit<Count>,
        /// Hot
        #[param(default = fahrenheit(120.0), cite = "Code §5")]
        pub hot: Limit<Temperature>,
        /// Air
        #[param(default = cubic_feet_per_minute(60.0), cite = "Code §6")]
        pub air: Limit<Flow>,
        /// Factor
        #[param(table = [Office = 150.0, Storage = 300.0, Plant = not_permitted], unit = SquareFootPerPerson, cite = "Code §4")]
        pub factor: Table<AreaPerPerson, Use>,
    }

    /// At least
    #[rule(id = "least", cite = "Code §1", severity = Error, category = General)]
    pub fn least(room: Room, p: &Params) -> Result<Verdict, Missing> {
        if !room.is_interior.is_true()? {
            return Ok(Verdict::not_applicable());
        }
        Ok(room.height.at_least(p.low))
    }

    /// Between
    #[rule(id = "between", cite = "Code §1", severity = Error, category = General)]
    pub fn between(room: Room, p: &Params) -> Verdict {
        room.height.between(p.low, p.high)
    }

    /// Both
    #[rule(id = "both", cite = "Code §1", severity = Error, category = General)]
    pub fn both(room: Room, p: &Params) -> Verdict {
        room.height
            .at_least(p.low)
            .and(room.declared_occupants.at_most(p.few))
    }

    /// Either
    #[rule(id = "either", cite = "Code §1", severity = Error, category = General)]
    pub fn either(room: Room, p: &Params) -> Verdict {
        room.height
            .at_least(p.low)
            .or(room.declared_occupants.at_most(p.few))
    }

    /// Equal
    #[rule(id = "equal", cite = "Code §1", severity = Error, category = General)]
    pub fn equal(room: Room, p: &Params) -> Verdict {
        room.declared_occupants.equal(p.few)
    }

    /// Width for the occupants
    #[rule(id = "width", cite = "Code §2", severity = Error, category = General)]
    pub fn width(room: Room, p: &Params) -> Result<Verdict, Missing> {
        let load = room.declared_occupants.known()?;
        Ok(room.exit_width.at_least(load.times(p.each)))
    }

    /// Excepted
    #[rule(id = "excepted", cite = "Code §1", severity = Error, category = General)]
    pub fn excepted(room: Room, p: &Params) -> Result<Verdict, Missing> {
        if room.is_interior.is_true()? {
            return Ok(Verdict::not_applicable());
        }
        Ok(room.height.at_least(p.low))
    }

    /// Not too warm
    #[rule(id = "warm", cite = "Code §5", severity = Error, category = General)]
    pub fn warm(room: Room, p: &Params) -> Verdict {
        room.warmth.between(celsius(-10.0), p.hot)
    }

    /// Enough air
    #[rule(id = "air", cite = "Code §6", severity = Error, category = General)]
    pub fn air(room: Room, p: &Params) -> Verdict {
        room.air.at_least(p.air)
    }

    /// Whether it is low
    #[derived(name = "is_low")]
    pub fn is_low(room: Room, p: &Params) -> Result<Flag, Missing> {
        let height = room.height.known()?;
        let value = !height.is_at_least(p.low)?;
        let facts = room.height.facts();
        Ok(Flag { value, facts })
    }

    /// Occupant load
    #[derived(name = "load")]
    pub fn load(room: Room, p: &Params) -> Derived<Count> {
        let function = room.function.known()?;
        let area = room.gross_area.known()?;
        let load = area.persons_at(p.factor.get(function))?;
        Ok(load.ceil().resting_on(room.function.facts()))
    }

    plancheck_sdk::module! {
        id: "same",
        title: "Same",
        publisher: "Plancheck",
        limits: "Everything.",
        jurisdiction: { country: "us" },
        params: Params,
        views: [Room],
        derived: [load, is_low],
        rules: [least, between, both, either, equal, width, excepted, warm, air],
    }
}

const RULES: [(&str, &str, &str); 9] = [
    ("least", "when = \"is_interior\"", "height >= low"),
    ("between", "", "low <= height <= high"),
    ("both", "", "height >= low and declared_occupants <= few"),
    ("either", "", "height >= low or declared_occupants <= few"),
    ("equal", "", "declared_occupants == few"),
    (
        "width",
        "",
        "doors.sum(clear_width) >= declared_occupants * each",
    ),
    ("excepted", "unless = \"is_interior\"", "height >= low"),
    ("warm", "", "-10 °C <= property(Pset_A, T) <= hot"),
    ("air", "", "property(Pset_A, Q) >= air"),
];

/// A rulebook of rules without fixtures is refused, so each gets three that hold anyway.
fn rulebook() -> Rulebook {
    let mut toml = r#"
        [module]
        id = "same"
        title = "Same"
        version = "0.1.0"
        publisher = "Plancheck"
        limits = "Everything."
        [jurisdiction]
        country = "us"
        [parameters]
        low = { title = "Low", citation = "Code §1", value = "7 ft 6 in" }
        high = { title = "High", citation = "Code §1", value = "20 ft" }
        each = { title = "Each", citation = "Code §2", value = "0.2 in/person" }
        few = { title = "Few", citation = "Code §3", value = "50 persons" }
        hot = { title = "Hot", citation = "Code §5", value = "120 °F" }
        air = { title = "Air", citation = "Code §6", value = "60 cfm" }
        [parameters.factor]
        title = "Factor"
        citation = "Code §4"
        cells = { office = "150 ft²/person", storage = "300 ft²/person", plant = "not permitted" }
        [facts.load]
        subject = "space"
        title = "Occupant load"
        description = "Area by factor."
        value = "ceil(gross_area / factor[use])"
        fixtures = [{ name = "none" }]
        [facts.is_low]
        subject = "space"
        title = "Whether it is low"
        description = "Below the least height."
        value = "not (height >= low)"
        fixtures = [
            { name = "low", given = { height = "7 ft" }, value = true },
            { name = "high", given = { height = "8 ft" }, value = "false" },
            { name = "not sure", given = { height = "7.5 ft ± 1 in" } },
        ]
    "#
    .to_owned();
    for (id, when, require) in RULES {
        let given = |height: &str, persons: u32| {
            let of = match id {
                "width" => r#""doors.sum(clear_width)" = "50 in""#.to_owned(),
                "warm" => format!(r#""property(Pset_A, T)" = "{} °C""#, persons / 3),
                "air" => format!(r#""property(Pset_A, Q)" = "{} l/s""#, 2000 / persons),
                _ => format!(r#"height = "{height}""#),
            };
            let persons = match id {
                "warm" | "air" | "excepted" | "least" | "between" => String::new(),
                _ => format!("declared_occupants = {persons},"),
            };
            let interior = match id {
                "least" => "is_interior = true,",
                "excepted" => "is_interior = false,",
                _ => "",
            };
            format!("{{ {persons} {interior} {of} }}")
        };
        toml += &format!(
            "[rules.{id}]\ntitle = \"{id}\"\ncitation = \"Code §1\"\nseverity = \"error\"\n\
             category = \"general\"\nsubject = \"space\"\n{when}\nrequire = \"{require}\"\n\
             page = \"A page.\"\nfixtures = [\n{{ name = \"a\", given = {}, expect = \"pass\" }},\n\
             {{ name = \"b\", given = {}, expect = \"fail\" }},\n\
             {{ name = \"c\", given = {{ }}, expect = \"undetermined\" }}]\n",
            given("8 ft", 50),
            given("7 ft", 300),
        );
    }
    Rulebook::parse(&toml, "same.toml").unwrap_or_else(|e| panic!("\n{e}"))
}

const TEXTS: [&str; 5] = ["Office", "STORAGE", "plant", "Raum 7", "office"];

/// Values on the edges, and some that are anything.
fn column(path: &str, rows: usize, random: &mut Random) -> Vec<f64> {
    let edges: &[f64] = match path {
        "height" => &[2.286, 6.096, 2.2860001, 2.28599, 0.0, 2.5],
        "gross_area" => &[139.35456, 13.935456, 139.36, 0.0, 400.0],
        "declared_occupants" => &[50.0, 49.0, 51.0, 50.00001, 0.0, 300.0],
        "doors.sum(clear_width)" => &[0.254, 0.2540001, 1.0, 0.2489, 1.524],
        "property(Pset_A, T)" => &[
            322.038_888_888_889,
            322.0389,
            322.1,
            322.0,
            263.15,
            300.0,
            0.0,
        ],
        "property(Pset_A, Q)" => &[0.028_316_846_592, 0.028_317, 0.0283, 0.0, 1.0],
        _ => &[0.0, 1.0],
    };
    (0..rows)
        .map(|_| match random.below(8) {
            0 => f64::NAN,
            1 if edges.len() > 2 => random.next() * 10.0,
            2 if edges.len() > 2 && random.next() < 0.02 => f64::INFINITY,
            _ => random.pick(edges),
        })
        .collect()
}

/// The same rows for both, each in the order of its own view.
fn batches(rulebook: &Rulebook, views: &[&[&str]], rows: usize, random: &mut Random) -> Vec<Batch> {
    let mut columns: Vec<(&str, Vec<f64>, Vec<f64>)> = Vec::new();
    for path in views.iter().flat_map(|view| view.iter()) {
        if columns.iter().all(|c| c.0 != *path) {
            let spread = random.below(3) == 0;
            let tolerance = |random: &mut Random| {
                if spread {
                    random.pick(&[0.0, 0.01, 1e-9, 0.5])
                } else {
                    0.0
                }
            };
            let values = column(path, rows, random);
            let tolerances = if spread && !path.starts_with("is_") {
                (0..rows).map(|_| tolerance(random)).collect()
            } else {
                Vec::new()
            };
            columns.push((path, values, tolerances));
        }
    }
    let symbols: Vec<u32> = (0..rows)
        .map(|_| random.pick(&[0, 1, 2, 3, 4, u32::MAX]))
        .collect();
    let mut parameters: Vec<f64> = rulebook.manifest().parameter_values().collect();
    if random.below(4) == 0 {
        let at = random.below(parameters.len());
        parameters[at] = f64::NAN;
    }
    let detail = random.below(2) == 0;
    views
        .iter()
        .map(|view| {
            let mut batch = Batch {
                rows: rows as u32,
                parameters: parameters.clone(),
                detail,
                ..Batch::default()
            };
            set_texts(&mut batch, &TEXTS);
            for path in *view {
                let (_, values, tolerances) = columns.iter().find(|c| c.0 == *path).unwrap();
                if *path == "use" {
                    batch.layout.push(2);
                    batch.symbols.extend(&symbols);
                } else if path.starts_with("is_") {
                    batch.layout.push(3);
                    batch.numbers.extend(values);
                } else {
                    batch.layout.push(u8::from(!tolerances.is_empty()));
                    batch.numbers.extend(values);
                    batch.numbers.extend(tolerances);
                }
            }
            batch
        })
        .collect()
}

/// Facts by their paths, so that the order in a view does not count.
fn named(mask: u64, paths: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = paths
        .iter()
        .enumerate()
        .filter(|(at, _)| mask >> at & 1 == 1)
        .map(|(_, path)| (*path).to_owned())
        .collect();
    names.sort();
    names
}

fn same(a: f64, b: f64, exact: bool) -> bool {
    a.to_bits() == b.to_bits()
        || (a.is_nan() && b.is_nan())
        || (!exact && (a - b).abs() <= 1e-12 * a.abs().max(b.abs()))
}

fn assert_same_verdicts(
    ours: &Verdicts,
    theirs: &Verdicts,
    paths: [&[&str]; 2],
    exact: bool,
    seed: u64,
) {
    assert_eq!(
        (&ours.rule, &ours.row),
        (&theirs.rule, &theirs.row),
        "seed {seed}"
    );
    for at in 0..ours.row.len() {
        let place = format!("seed {seed}, row {}", ours.row[at]);
        assert_eq!(ours.kind[at], theirs.kind[at], "{place}");
        assert_eq!(ours.comparison[at], theirs.comparison[at], "{place}");
        assert_eq!(ours.unit[at], theirs.unit[at], "{place}");
        assert!(
            same(ours.measured[at], theirs.measured[at], exact),
            "{place}"
        );
        assert!(
            same(ours.tolerance[at], theirs.tolerance[at], exact),
            "{place}"
        );
        assert!(
            same(ours.required[at], theirs.required[at], exact),
            "{place}"
        );
        let facts = (
            named(ours.facts[at], paths[0]),
            named(theirs.facts[at], paths[1]),
        );
        if exact || !theirs.measured[at].is_nan() {
            assert_eq!(facts.0, facts.1, "{place}");
        } else {
            // Where both sides are missing the SDK's rule names the first that it asks for.
            assert!(facts.1.iter().all(|name| facts.0.contains(name)), "{place}");
        }
    }
}

const SDK_VIEW: [&str; 8] = [
    "height",
    "gross_area",
    "is_interior",
    "use",
    "declared_occupants",
    "doors.sum(clear_width)",
    "property(Pset_A, T)",
    "property(Pset_A, Q)",
];

fn view(rulebook: &Rulebook, index: u32) -> Vec<&str> {
    let view = &rulebook.manifest().views[index as usize];
    view.facts.iter().map(|f| f.path.as_str()).collect()
}

#[test]
fn rules_say_what_the_sdk_says() {
    let rulebook = rulebook();
    let program = Program::open(rulebook.program()).unwrap();
    let module = rust::module();
    for seed in 1_u64..400 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let rows = random.pick(&[1, 7, 8, 100, 513, 1500]);
        let index = (seed % 9) as u32;
        let of = rulebook.manifest().rules[index as usize].view;
        let own = view(&rulebook, of);
        let [mut ours, theirs] = batches(&rulebook, &[&own, &SDK_VIEW], rows, &mut random)
            .try_into()
            .unwrap();
        ours.view = of;
        let found = program.evaluate(&[index], &ours).unwrap();
        let mut wanted = (module.evaluate)(&[index], &theirs);
        if index == 0 || index == 6 {
            // What is met anyway need not be known to apply: the SDK's rule asks first.
            met_anyway(&found, &mut wanted, ours.detail);
        }
        assert_same_verdicts(
            &found,
            &wanted,
            [&own, &SDK_VIEW],
            ![5, 7].contains(&index),
            seed,
        );
    }
}

/// Takes out of the SDK's answer, or replaces in it, what only a missing condition made undetermined.
fn met_anyway(found: &Verdicts, wanted: &mut Verdicts, detail: bool) {
    let interior = 1 << 2;
    for at in (0..wanted.row.len()).rev() {
        if wanted.kind[at] != Kind::Undetermined as u8 || wanted.facts[at] != interior {
            continue;
        }
        let ours = found.row.iter().position(|row| *row == wanted.row[at]);
        let passes = ours.is_none_or(|ours| found.kind[ours] == Kind::Pass as u8);
        if passes && !detail {
            wanted.rule.remove(at);
            wanted.row.remove(at);
            wanted.kind.remove(at);
            wanted.comparison.remove(at);
            wanted.unit.remove(at);
            wanted.measured.remove(at);
            wanted.tolerance.remove(at);
            wanted.required.remove(at);
            wanted.facts.remove(at);
        } else if let (true, Some(ours)) = (passes, ours) {
            assert!(found.measured[ours] - 2.286 > -1e-5, "it is met");
            wanted.kind[at] = found.kind[ours];
            wanted.comparison[at] = found.comparison[ours];
            wanted.unit[at] = found.unit[ours];
            wanted.measured[at] = found.measured[ours];
            wanted.tolerance[at] = found.tolerance[ours];
            wanted.required[at] = found.required[ours];
            let height = 1;
            wanted.facts[at] = height;
        }
    }
}

#[test]
fn derived_facts_are_what_the_sdk_makes_of_them() {
    let rulebook = rulebook();
    let program = Program::open(rulebook.program()).unwrap();
    let module = rust::module();
    for seed in 1_u64..200 {
        let mut random = Random(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
        let index = (seed % 2) as u32;
        let own = view(&rulebook, index);
        let [mut ours, theirs] = batches(&rulebook, &[&own, &SDK_VIEW], 200, &mut random)
            .try_into()
            .unwrap();
        ours.view = index;
        let found: Columns = program.derive(&[index], &ours).unwrap();
        let wanted = (module.derive)(&[index], &theirs);
        for row in 0..200 {
            let place = format!("seed {seed}, row {row}");
            assert!(same(found.values[row], wanted.values[row], true), "{place}");
            let tolerance = |c: &Columns| c.tolerances.get(row).copied().unwrap_or(0.0);
            assert!(same(tolerance(&found), tolerance(&wanted), true), "{place}");
            let (ours, theirs) = (
                named(found.facts[row], &own),
                named(wanted.facts[row], &SDK_VIEW),
            );
            if wanted.values[row].is_nan() {
                // Where several are missing the SDK names the first that was asked for.
                assert!(
                    theirs.iter().all(|name| ours.contains(name)),
                    "{place}: {ours:?} {theirs:?}"
                );
            } else {
                assert_eq!(ours, theirs, "{place}");
            }
        }
    }
}
