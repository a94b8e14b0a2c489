//! What users wait for: opening a model, judging rows, re-checking an edit, a whole check. Beside
//! each figure stands a peer or a limit from the same run.
//!
//! `./x bench [parse] [rules] [edit] [validate] [ids] [rulebooks] [rule-files]`. `parse`, `edit`, `ids` and
//! `rule-files` need the shared data; the peers are fetched (PyPI, npm) into target/bench, and left out loudly where that fails.

#[path = "checks/ids.rs"]
mod ids;
#[path = "checks/rule_files.rs"]
mod rule_files;
#[path = "checks/rulebooks.rs"]
mod rulebooks;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use plancheck_contract::{Batch, LAYOUT_BOOLEAN, LAYOUT_EXACT, LAYOUT_TEXT, Manifest, NO_TEXT};
use plancheck_engine::model::Model;
use plancheck_engine::rules::{Edit, Session};
use plancheck_host::runtime::{Compiler, Limits, Runtime, RuntimeConfig, Trust};
use plancheck_tests::native;
use plancheck_tests::shared::{root, shared};

const BINARY: &str = env!("CARGO_BIN_EXE_plancheck");

fn main() -> Result<()> {
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let wants = |name: &str| asked.is_empty() || asked.iter().any(|a| a == name);
    if asked.first().is_some_and(|a| a == "measure-native") {
        return measure_native(Path::new(asked.get(1).context("a file")?));
    }
    if let [first, model, document, ..] = asked.as_slice()
        && first == "measure-ids-native"
    {
        return ids::measure_native(Path::new(model), Path::new(document));
    }
    println!("machine: {}", machine());
    for (name, run) in [
        ("parse", parse as fn() -> Result<()>),
        ("rules", rules),
        ("edit", edit),
        ("validate", validate),
        ("ids", ids::ids),
        ("rulebooks", rulebooks::rulebooks),
        ("rule-files", rule_files::rule_files),
    ] {
        if wants(name) {
            println!("\n{name}");
            run()?;
        }
    }
    Ok(())
}

fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find(|l| l.starts_with("model name"))
        .and_then(|l| l.split(": ").nth(1));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?").to_owned();
    format!(
        "{}, {cores} cores, load {load} at the start",
        model.unwrap_or("?")
    )
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn times(n: usize, mut run: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut all = Vec::new();
    for _ in 0..n {
        let start = Instant::now();
        run()?;
        all.push(start.elapsed());
    }
    Ok(median(all))
}

/// The 27 MB model and its eight-fold scale-up (synthetic), made once.
fn big_models() -> Result<Option<(PathBuf, PathBuf)>> {
    let Some(folder) = shared("bench") else {
        return Ok(None);
    };
    let jane = folder.join("data/ifc/files__revit2012_janesville_restaurant.ifc");
    let out = root().join("target/bench/jane8.ifc");
    if !out.exists() {
        std::fs::create_dir_all(root().join("target/bench"))?;
        eprintln!("making {} (225 MB)", out.display());
        let made = Command::new("python3")
            .arg(folder.join("tools/scale_ifc.py"))
            .args([jane.as_os_str(), "8".as_ref(), out.as_os_str()])
            .output()?;
        if !made.status.success() {
            bail!("scale_ifc.py: {}", String::from_utf8_lossy(&made.stderr));
        }
    }
    Ok(Some((jane, out)))
}

/// In a process of its own, so that peak memory is this model's alone.
fn measure_native(file: &Path) -> Result<()> {
    let bytes = std::fs::read(file)?;
    let start = Instant::now();
    let model = Model::load(bytes)?;
    let seconds = start.elapsed().as_secs_f64();
    black_box(&model);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .and_then(|l| l.split_whitespace().nth(1));
    println!("{seconds:.4} {}", peak.unwrap_or("0"));
    Ok(())
}

/// Runs a command that prints seconds and peak kB; the median of some runs.
fn measured(make: impl Fn() -> Command, runs: usize) -> Result<(f64, f64)> {
    let mut all = Vec::new();
    for _ in 0..runs {
        let output = make().output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut numbers = text
            .split_whitespace()
            .filter_map(|w| w.parse::<f64>().ok());
        match (numbers.next(), numbers.next()) {
            (Some(seconds), Some(kb)) => all.push((seconds, kb / 1024.0)),
            _ => bail!("{}{}", text, String::from_utf8_lossy(&output.stderr)),
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.get(all.len() / 2).copied().context("no run")
}

fn parse() -> Result<()> {
    let Some((jane, jane8)) = big_models()? else {
        return Ok(());
    };
    let (runtime, _dir) = open_runtime()?;
    let engine = runtime.engine(&std::fs::read(root().join("target/plancheck/engine.wasm"))?)?;
    for file in [&jane, &jane8] {
        let mb = std::fs::metadata(file)?.len() as f64 / 1e6;
        println!(
            "  {} ({mb:.0} MB): index and typed model",
            file.file_name().unwrap_or_default().to_string_lossy()
        );
        let row = |name: &str, seconds: f64, peak: f64, base: f64| {
            println!(
                "    {name:<28} {seconds:>7.3} s {:>6.0} MB/s {:>6.1} × ours, peak {peak:>5.0} MB = {:.2} × file",
                mb / seconds,
                seconds / base,
                peak / mb * 1.048_576
            );
        };
        let (ours, peak) = measured(
            || {
                let mut command = Command::new(std::env::current_exe().unwrap_or_default());
                command.arg("measure-native").arg(file);
                command
            },
            5,
        )?;
        row("plancheck, native", ours, peak, ours);
        let bytes = std::fs::read(file)?;
        let mut in_wasm = Vec::new();
        for _ in 0..3 {
            let mut session = engine.session()?;
            let start = Instant::now();
            session.feed(&bytes, bytes.len() as u64)?;
            session.load("")?;
            in_wasm.push(start.elapsed());
        }
        println!(
            "    {:<28} {:>7.3} s {:>6.0} MB/s {:>6.1} × ours (copy into the sandbox included)",
            "plancheck, wasmtime",
            median(in_wasm.clone()).as_secs_f64(),
            mb / median(in_wasm.clone()).as_secs_f64(),
            median(in_wasm).as_secs_f64() / ours
        );
        drop(bytes);
        for (name, command) in peers() {
            match measured(|| command(file), 1) {
                Ok((seconds, peak)) => row(name, seconds, peak, ours),
                Err(error) => println!("    {name}: LEFT OUT: {error:#}"),
            }
        }
    }
    Ok(())
}

type Peer = (&'static str, Box<dyn Fn(&Path) -> Command>);

/// The peers, installed into target/bench.
fn peers() -> Vec<Peer> {
    let folder = root().join("target/bench");
    let venv = folder.join("venv");
    if !venv.join("bin/python").exists() {
        let _ = Command::new("python3")
            .args(["-m", "venv"])
            .arg(&venv)
            .output();
        let _ = Command::new(venv.join("bin/pip"))
            .args(["install", "-q", "ifcopenshell"])
            .output();
    }
    if !folder.join("node_modules/web-ifc").exists() {
        let _ = Command::new("npm")
            .args(["install", "--silent", "--no-save", "--prefix"])
            .arg(&folder)
            .arg("web-ifc@0.0.78")
            .output();
    }
    let scripts = root().join("tests/peers");
    let python = scripts.join("open_ifcopenshell.py");
    let node = scripts.join("open_webifc.mjs");
    vec![
        (
            "ifcopenshell.open",
            Box::new(move |file| {
                let mut command = Command::new(venv.join("bin/python"));
                command.arg(&python).arg(file);
                command
            }),
        ),
        (
            "web-ifc OpenModel",
            Box::new(move |file| {
                let mut command = Command::new("node");
                command.current_dir(&folder).arg(&node).arg(file);
                command
            }),
        ),
    ]
}

fn open_runtime() -> Result<(Runtime, tempfile::TempDir)> {
    let dir = tempfile::tempdir()?;
    let runtime = Runtime::new(RuntimeConfig {
        cache_dir: Some(dir.path().join("artifacts")),
        compiler: Compiler::Child(PathBuf::from(BINARY)),
        limits: Limits::default(),
    })?;
    Ok((runtime, dir))
}

/// What a fact of a sound building says, and what a faulty one does; in SI.
const PLAUSIBLE: &[(&str, f64, f64)] = &[
    ("riser_height", 0.165, 0.21),
    ("tread_depth", 0.3, 0.2),
    ("headroom", 2.2, 1.9),
    ("clear_height", 2.1, 1.9),
    ("threshold_height", 0.012, 0.03),
    ("height", 2.6, 0.8),
    ("exit_width", 2.4, 0.8),
    ("width", 1.2, 0.7),
    ("slope", 0.05, 0.2),
    ("rise", 0.7, 6.0),
    ("area", 30.0, 2.0),
    ("space", 30.0, 2.0),
    ("load", 20.0, 80.0),
    ("door", 2.0, 1.0),
    ("stair_flights", 2.0, 0.0),
];

/// A view of the module with this many rows: of twenty values of a fact one is faulty and one is
/// absent, at different rows for each fact.
fn batch_of(manifest: &Manifest, view: usize, rows: u32) -> Result<Batch> {
    let facts = &manifest.views.get(view).context("no such view")?.facts;
    let mut batch = Batch {
        view: u32::try_from(view)?,
        rows,
        parameters: manifest.parameter_values().collect(),
        ..Batch::default()
    };
    for text in ["SINGLE_SWING_LEFT", "Office", "B", "GUARDRAIL"] {
        batch.text.push_str(text);
        batch.text_ends.push(u32::try_from(batch.text.len())?);
    }
    for (at, fact) in (0_u32..).zip(facts) {
        let places = (0..rows).map(|row| (row + 7 * at) % 20);
        match fact.kind.name() {
            "number" => {
                batch.layout.push(LAYOUT_EXACT);
                let (_, sound, faulty) = PLAUSIBLE
                    .iter()
                    .find(|(word, ..)| fact.name.contains(word))
                    .with_context(|| format!("no plausible value of {}", fact.name))?;
                batch.numbers.extend(places.map(|place| match place {
                    0 => *faulty,
                    10 => f64::NAN,
                    _ => *sound,
                }));
            }
            "boolean" => {
                batch.layout.push(LAYOUT_BOOLEAN);
                batch.numbers.extend(places.map(|place| match place {
                    10 => f64::NAN,
                    _ => f64::from(place % 2),
                }));
            }
            _ => {
                let symbol = match fact.name.as_str() {
                    "operation" => 0,
                    "group" => 2,
                    "kind" => 3,
                    _ => 1,
                };
                batch.layout.push(LAYOUT_TEXT);
                batch.symbols.extend(places.map(|place| match place {
                    10 => NO_TEXT,
                    _ => symbol,
                }));
            }
        }
    }
    Ok(batch)
}

fn rules() -> Result<()> {
    let (runtime, _dir) = open_runtime()?;
    for name in ["us-ibc-2024", "us-ada-2010"] {
        let bytes = std::fs::read(root().join(format!("target/plancheck/modules/{name}.wasm")))?;
        let module = runtime.load_module(&bytes, Trust::Untrusted)?;
        let native = if name == "us-ibc-2024" {
            us_ibc_2024::module()
        } else {
            us_ada_2010::module()
        };
        let manifest = Manifest::from_json(&module.manifest_json)?;
        let empty = batch_of(&manifest, 0, 0)?;
        let fresh = times(2000, || {
            black_box(module.evaluate(&[0], &empty)?);
            Ok(())
        })?;
        println!("  {name}: fresh instance and an empty batch {fresh:.1?} (limit 20 µs)");
        for (view, definition) in manifest.views.iter().enumerate() {
            let rules: Vec<u32> = (0_u32..)
                .zip(&manifest.rules)
                .filter(|(_, r)| r.view as usize == view)
                .map(|(i, _)| i)
                .collect();
            if rules.is_empty() {
                continue;
            }
            let rows = 100_000;
            let batch = batch_of(&manifest, view, rows)?;
            let sandboxed = times(15, || {
                black_box(module.evaluate(&rules, &batch)?);
                Ok(())
            })?;
            let natively = times(15, || {
                black_box((native.evaluate)(&rules, black_box(&batch)));
                Ok(())
            })?;
            let answered = (native.evaluate)(&rules, &batch).row.len() as f64;
            let share = 100.0 * answered / (f64::from(rows) * rules.len() as f64);
            let rate = f64::from(rows) * rules.len() as f64 / sandboxed.as_secs_f64() / 1e6;
            println!(
                "    {:<18} {} rules × {} facts × {rows} rows, {share:.0} % of verdicts not passes: {sandboxed:>9.2?} = {rate:>5.0} M element·rules/s, {:.1} × native",
                definition.name,
                rules.len(),
                definition.facts.len(),
                sandboxed.as_secs_f64() / natively.as_secs_f64()
            );
        }
    }
    Ok(())
}

fn edit() -> Result<()> {
    let Some((jane, jane8)) = big_models()? else {
        return Ok(());
    };
    let modules = native::modules();
    for file in [jane, jane8] {
        let mut session = Session::load(std::fs::read(&file)?)?;
        session.use_modules(native::slots(&modules));
        let start = Instant::now();
        let rows = native::run(&mut session, &modules);
        let whole = start.elapsed();
        session.delta()?;
        let doors = session.model().of_class("IfcDoor");
        let spaces = session.model().of_class("IfcSpace");
        let guid = |session: &Session, e| session.model().global_id(e).into_owned();
        let mut all = Vec::new();
        for i in 0..200_usize {
            let (element, name) = if i % 2 == 0 {
                (doors.get(i * 7 % doors.len()), "ClearWidth")
            } else {
                (spaces.get(i * 7 % spaces.len()), "area")
            };
            let element = guid(&session, *element.context("an element")?);
            let edit = Edit::SetProperty {
                element,
                set: String::new(),
                name: name.to_owned(),
                value: Some(plancheck_engine::model::EditValue::Number(
                    0.7 + i as f64 / 100.0,
                )),
            };
            let start = Instant::now();
            session.edit(vec![edit])?;
            native::run(&mut session, &modules);
            black_box(session.delta()?);
            all.push(start.elapsed());
        }
        all.sort();
        println!(
            "  {}: first check of {rows} rows {whole:.1?}; edit to delta: median {:.2?}, p99 {:.2?} (limit 5 ms)",
            file.file_name().unwrap_or_default().to_string_lossy(),
            median(all.clone()),
            all.get(all.len() * 99 / 100).copied().unwrap_or_default()
        );
    }
    Ok(())
}

fn validate() -> Result<()> {
    let mut files = vec![root().join("demo/office.ifc")];
    if let Some(folder) = shared("bench validate") {
        for name in [
            "georeference-ifc__Duplex_A_20110907_georeferenced.ifc",
            "files__revit2012_janesville_restaurant.ifc",
        ] {
            files.push(folder.join("data/ifc").join(name));
        }
    }
    let cache = tempfile::tempdir()?;
    let run = |file: &Path| -> Result<()> {
        let output = Command::new(BINARY)
            .args(["validate", "--format", "json"])
            .arg(file)
            .env("PLANCHECK_CACHE_DIR", cache.path())
            .output()?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    };
    let start = Instant::now();
    run(files.first().context("a file")?)?;
    println!("  first run, artefact cache empty: {:.2?}", start.elapsed());
    for file in &files {
        let mb = std::fs::metadata(file)?.len() as f64 / 1e6;
        let wall = times(9, || run(file))?;
        println!(
            "  {} ({mb:.1} MB): {wall:.0?} wall from process start (limit 300 ms at 2.4 MB)",
            file.file_name().unwrap_or_default().to_string_lossy()
        );
    }
    Ok(())
}
