//! Rows of a rulebook module, element·rules in a second: natively, in a fresh instance for each batch
//! as the host asks, and in one instance that is kept.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use plancheck_contract::{Batch, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, LAYOUT_TOLERANCE};
use plancheck_host::runtime::{Trust, embedded_interpreter};
use plancheck_rulebook::{Program, Rulebook};
use wasmtime::component::{Component, ComponentType, Instance, Lift, Linker, Lower, TypedFunc};
use wasmtime::{Config, Engine, Store};

use crate::open_runtime;

const RULEBOOK: &str = include_str!("typical.toml");
const USES: [&str; 5] = ["office", "storage", "classroom", "lobby", "shop"];
/// Element·rules in a second that a module in the sandbox should judge.
const GOAL: f64 = 20e6;

/// How much is known of the rows.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    Exact,
    Tolerances,
    /// Three of ten values are missing.
    Missing,
}

/// Rooms with area, height, width of doors, persons, use; of the exact ones about 5 % fail.
fn batch(rulebook: &Rulebook, rows: usize, kind: Rows) -> Batch {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut batch = Batch {
        rows: rows as u32,
        parameters: rulebook.manifest().parameter_values().collect(),
        ..Batch::default()
    };
    let views = &rulebook.manifest().views;
    for fact in views.iter().flat_map(|view| &view.facts) {
        let (low, span) = match fact.path.as_str() {
            "area" => (20.0, 100.0),
            "height" => (2.27, 0.5),
            "doors.min(clear_width)" => (0.80, 0.3),
            "declared_occupants" => (1.0, 2.0),
            "is_interior" => {
                batch.layout.push(LAYOUT_BOOLEAN);
                let interior = (0..rows).map(|_| f64::from(random() < 0.9));
                batch.numbers.extend(interior);
                continue;
            }
            _ => {
                batch.layout.push(LAYOUT_TEXT);
                let uses = (0..rows).map(|_| (random() * 5.0) as u32);
                batch.symbols.extend(uses);
                continue;
            }
        };
        let with_tolerances = kind == Rows::Tolerances;
        batch.layout.push(if with_tolerances {
            LAYOUT_TOLERANCE
        } else {
            LAYOUT_EXACT
        });
        batch.numbers.extend((0..rows).map(|_| {
            let value = low + span * random();
            if kind == Rows::Missing && random() < 0.3 {
                f64::NAN
            } else {
                value
            }
        }));
        if with_tolerances {
            batch.numbers.extend(std::iter::repeat_n(1e-5, rows));
        }
    }
    for text in USES {
        batch.text += text;
        batch.text_ends.push(batch.text.len() as u32);
    }
    batch
}

/// A batch as the guest takes it.
#[derive(ComponentType, Lower)]
#[component(record)]
struct Asked<'a> {
    view: u32,
    rows: u32,
    layout: &'a [u8],
    numbers: &'a [f64],
    symbols: &'a [u32],
    text: &'a str,
    #[component(name = "text-ends")]
    text_ends: &'a [u32],
    parameters: &'a [f64],
    detail: bool,
}

/// Verdicts as the guest gives them.
#[derive(ComponentType, Lift)]
#[component(record)]
#[allow(dead_code, reason = "what is lifted is not looked at")]
struct Answered {
    rule: Vec<u32>,
    row: Vec<u32>,
    kind: Vec<u8>,
    comparison: Vec<u8>,
    unit: Vec<u8>,
    measured: Vec<f64>,
    tolerance: Vec<f64>,
    required: Vec<f64>,
    facts: Vec<u64>,
    message: Vec<u32>,
    arguments: Vec<f64>,
    #[component(name = "argument-ends")]
    argument_ends: Vec<u32>,
}

/// One instance of a module that is kept, which the host never does.
struct Kept {
    store: Store<()>,
    instance: Instance,
    evaluate: wasmtime::component::ComponentExportIndex,
}

/// An error of wasmtime, as this program has them.
fn sound<T>(result: wasmtime::Result<T>) -> Result<T> {
    result.map_err(|error| anyhow!("{error:#}"))
}

impl Kept {
    fn new(file: &[u8]) -> Result<Kept> {
        let mut config = Config::new();
        // The code is then as the host's.
        config.epoch_interruption(true);
        let engine = sound(Engine::new(&config))?;
        let component = sound(Component::new(&engine, file))?;
        let interface = component
            .component_type()
            .exports(&engine)
            .next()
            .map(|(name, _)| name.to_owned())
            .context("it exports nothing")?;
        let exported = component.get_export_index(None, &interface);
        let evaluate = component
            .get_export_index(exported.as_ref(), "evaluate")
            .context("it exports no `evaluate`")?;
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(u64::MAX / 2);
        let instance = sound(Linker::new(&engine).instantiate(&mut store, &component))?;
        Ok(Kept {
            store,
            instance,
            evaluate,
        })
    }

    fn evaluate(&mut self, checks: &[u32], batch: &Batch) -> Result<usize> {
        let function: TypedFunc<(&[u32], Asked<'_>), (Answered,)> =
            sound(self.instance.get_typed_func(&mut self.store, self.evaluate))?;
        let asked = Asked {
            view: batch.view,
            rows: batch.rows,
            layout: &batch.layout,
            numbers: &batch.numbers,
            symbols: &batch.symbols,
            text: &batch.text,
            text_ends: &batch.text_ends,
            parameters: &batch.parameters,
            detail: batch.detail,
        };
        let (answered,) = sound(function.call(&mut self.store, (checks, asked)))?;
        Ok(answered.rule.len())
    }
}

/// Seconds of the fastest of some runs.
fn best(repeats: usize, mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut best = f64::INFINITY;
    for _ in 0..7 {
        let start = Instant::now();
        for _ in 0..repeats {
            run()?;
        }
        best = best.min(start.elapsed().as_secs_f64() / repeats as f64);
    }
    Ok(best)
}

pub(crate) fn rulebooks() -> Result<()> {
    let rulebook = Rulebook::parse(RULEBOOK, "typical.toml").context("the rulebook")?;
    let interpreter = embedded_interpreter().context("built without the interpreter")?;
    let core = rulebook.module(interpreter)?;
    let file = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(&core)?
        .encode()?;
    let (runtime, _dir) = open_runtime()?;
    let module = runtime.load_module(&file, Trust::Untrusted)?;
    let mut kept = Kept::new(&file)?;
    let all: &[u32] = &[0, 1, 2];
    for (name, kind) in [
        ("exact", Rows::Exact),
        ("with tolerances", Rows::Tolerances),
        ("30 % missing", Rows::Missing),
    ] {
        for (checks, rows) in [
            (all, 1_000),
            (&[0], 100_000),
            (&[1], 100_000),
            (&[2], 100_000),
            (all, 100_000),
        ] {
            let batch = batch(&rulebook, rows, kind);
            let program = Program::open(rulebook.program())?;
            let repeats = (300_000 / rows / checks.len()).max(1);
            let entries = kept.evaluate(checks, &batch)?;
            let native = best(repeats, || {
                black_box(program.evaluate(checks, &batch)?);
                Ok(())
            })?;
            let fresh = best(repeats, || {
                black_box(module.evaluate(checks, &batch)?);
                Ok(())
            })?;
            let warm = best(repeats, || {
                black_box(kept.evaluate(checks, &batch)?);
                Ok(())
            })?;
            let rate = |seconds: f64| (rows * checks.len()) as f64 / seconds;
            println!(
                "  {name:>15}, rules {checks:?}, {rows:>6} rows, {entries:>6} entries: native {:>5.1} M/s, \
                 fresh {:>5.1} M/s ({:.2} × the goal of {:.0}), kept {:>5.1} M/s ({:.2} ×)",
                rate(native) / 1e6,
                rate(fresh) / 1e6,
                rate(fresh) / GOAL,
                GOAL / 1e6,
                rate(warm) / 1e6,
                rate(warm) / GOAL,
            );
        }
    }
    Ok(())
}
