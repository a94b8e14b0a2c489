//! IDS documents against models, whole processes side by side: our program in its sandbox, the same
//! code natively, and IfcTester (PyPI). Wall time and peak memory of each.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use plancheck_engine::ids::{CheckOptions, check_documents};
use plancheck_engine::model::Model;
use plancheck_tests::shared::{root, shared};

/// Copies of the 2.4 MB model that make 16 MB.
const COPIES: &str = "7";
/// A peer that takes longer is stopped.
const PATIENCE: &str = "120";

/// Wall seconds and peak MB of a command, the best of some runs: the machine is shared.
fn measured(command: &[&OsStr], cache: &Path, runs: usize) -> Result<(f64, f64)> {
    let mut best: Option<(f64, f64)> = None;
    for _ in 0..runs {
        let output = Command::new("python3")
            .arg(root().join("tests/peers/measured.py"))
            .arg(PATIENCE)
            .args(command)
            .env("PLANCHECK_CACHE_DIR", cache)
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers: Vec<f64> = text
            .split_whitespace()
            .filter_map(|w| w.parse().ok())
            .collect();
        let [seconds, kb, code] = numbers.as_slice() else {
            bail!("{text}{}", String::from_utf8_lossy(&output.stderr));
        };
        match *code as i32 {
            0 | 1 => {}
            124 => bail!("stopped after {PATIENCE} s, {:.0} MB", kb / 1024.0),
            _ => bail!("exit {code}: {}", String::from_utf8_lossy(&output.stderr)),
        }
        if best.is_none_or(|(fastest, _)| *seconds < fastest) {
            best = Some((*seconds, kb / 1024.0));
        }
    }
    best.context("no run")
}

/// The whole of `plancheck ids check --format json`, without the sandbox.
pub(super) fn measure_native(model: &Path, document: &Path) -> Result<()> {
    let document = std::fs::read(document)?;
    let model = Model::load(std::fs::read(model)?)?;
    let report = check_documents(&model, vec![document], &CheckOptions::default())?;
    std::io::stdout().write_all(report.to_json()?.as_bytes())?;
    Ok(())
}

/// A file that a script of the shared folder writes, once.
fn made(out: PathBuf, command: &mut Command) -> Result<PathBuf> {
    if !out.exists() {
        eprintln!("making {}", out.display());
        let done = command.output()?;
        if !done.status.success() {
            bail!("{}", String::from_utf8_lossy(&done.stderr));
        }
    }
    Ok(out)
}

pub(super) fn ids() -> Result<()> {
    let (Some(folder), Some((_, jane8))) = (shared("bench ids"), super::big_models()?) else {
        return Ok(());
    };
    let bench = root().join("target/bench");
    let out = bench.join("duplex7.ifc");
    let duplex7 = made(
        out.clone(),
        Command::new("python3")
            .arg(folder.join("tools/scale_ifc.py"))
            .arg(folder.join("data/ifc/georeference-ifc__Duplex_A_20110907_georeferenced.ifc"))
            .arg(COPIES)
            .arg(&out),
    )?;
    let out = bench.join("bench400.ids");
    let bench400 = made(
        out.clone(),
        Command::new("python3")
            .arg(folder.join("tools/make_bench400.py"))
            .arg(&out),
    )?;
    let bench20 = folder.join("data/bench20.ids");
    let cache = tempfile::tempdir()?;
    let this = std::env::current_exe()?;
    let ifctester = ifctester();
    for (what, model, document) in [
        ("20 specifications", &jane8, &bench20),
        ("400 specifications (11.7 MB)", &duplex7, &bench400),
    ] {
        let mb = std::fs::metadata(model)?.len() as f64 / 1e6;
        let name = model.file_name().unwrap_or_default().to_string_lossy();
        println!("  {what} on {name} ({mb:.0} MB), whole processes");
        let (model, document) = (model.as_os_str(), document.as_os_str());
        let text = |word: &'static str| OsStr::new(word);
        let row = |name: &str, (seconds, peak): (f64, f64), native: f64, memory: f64| {
            println!(
                "    {name:<28} {seconds:>7.2} s {:>6.1} × native, peak {peak:>5.0} MB {:>4.1} × native",
                seconds / native,
                peak / memory,
            );
        };
        let native = [
            this.as_os_str(),
            text("measure-ids-native"),
            model,
            document,
        ];
        let native = measured(&native, cache.path(), 5)?;
        row("plancheck, native", native, native.0, native.1);
        let program = OsStr::new(super::BINARY);
        let ours = [
            program,
            text("ids"),
            text("check"),
            model,
            text("--ids"),
            document,
            text("--format"),
            text("json"),
        ];
        // The first run compiles the engine.
        measured(&ours, cache.path(), 1)?;
        row(
            "plancheck ids check",
            measured(&ours, cache.path(), 5)?,
            native.0,
            native.1,
        );
        let peer = match &ifctester {
            Ok((python, script)) => measured(
                &[python.as_os_str(), script.as_os_str(), model, document],
                cache.path(),
                1,
            ),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        };
        match peer {
            Ok(found) => row("IfcTester", found, native.0, native.1),
            Err(error) => println!("    IfcTester: LEFT OUT: {error:#}"),
        }
    }
    Ok(())
}

/// Python with IfcTester in it, and the script.
fn ifctester() -> Result<(PathBuf, PathBuf)> {
    let venv = root().join("target/bench/venv");
    let python = venv.join("bin/python");
    if !python.exists() {
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(&venv)
            .output()?;
    }
    let installed = || {
        let output = Command::new(&python)
            .args(["-c", "import ifctester"])
            .output();
        output.is_ok_and(|output| output.status.success())
    };
    if !installed() {
        Command::new(venv.join("bin/pip"))
            .args(["install", "-q", "ifcopenshell", "ifctester"])
            .output()?;
    }
    if !installed() {
        bail!("pip install ifcopenshell ifctester did not work");
    }
    Ok((python, root().join("tests/peers/check_ifctester.py")))
}
