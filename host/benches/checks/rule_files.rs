//! The older rule files over many objects: all of them over 10 000 and 100 000, engine and runner
//! natively, and with both in their sandboxes. A check begins with a loaded model and ends when every
//! question is answered. Needs the shared data.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use plancheck_contract::Manifest;
use plancheck_engine::rules::{self, ModuleSlot, Session};
use plancheck_host::runtime::{Answer, Module, Question, Trust, embedded_engine, embedded_runner};
use plancheck_rule_files::recover::Matches;
use plancheck_rule_files::{Program, RuleFile};
use plancheck_tests::shared::shared;
use serde_json::{Value, json};

use crate::open_runtime;

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
    into.sort();
}

/// What rules look at: by type, the properties and some of their values.
type Pool = BTreeMap<String, BTreeMap<String, Vec<Value>>>;

fn collect(conditions: &Value, pool: &mut Pool) {
    for condition in conditions.as_array().into_iter().flatten() {
        collect(&condition["conditions"], pool);
        let text = |key: &str| condition[key].as_str().map(str::to_owned);
        if let (Some(of), Some(name)) = (text("element_type"), text("property")) {
            let values = pool.entry(of).or_default().entry(name).or_default();
            match &condition["value"] {
                Value::Array(list) => values.extend(list.iter().cloned()),
                Value::Number(x) => {
                    let x = x.as_f64().unwrap_or(0.0);
                    values.extend([json!(x * 0.5), json!(x), json!(x * 1.5 + 1.0)]);
                }
                Value::Bool(_) => values.extend([json!(true), json!(false)]),
                other => values.extend([other.clone(), json!("other")]),
            }
        }
    }
}

/// Objects of every type that rules are about: nine of ten properties are there, and four more.
fn model(pool: &Pool, count: usize) -> Vec<u8> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below
    };
    let types: Vec<&String> = pool.keys().collect();
    let objects: Vec<Value> = (0..count)
        .map(|number| {
            let of = types[random(types.len())];
            let mut properties = serde_json::Map::new();
            for (name, values) in &pool[of] {
                if random(10) < 9 {
                    let value = values[random(values.len())].clone();
                    properties.insert(name.clone(), value);
                }
            }
            for _ in 0..4 {
                let value = random(10_000) as f64 / 100.0;
                properties.insert(format!("other_{}", random(8)), json!(value));
            }
            json!({
                "object_id": format!("o{number}"), "object_type": of, "properties": properties,
                "location": {"x": random(100), "y": random(100), "z": 0, "width": 1.5, "height": 2},
                "connections": [],
            })
        })
        .collect();
    json!({"building_id": "b", "objects": objects})
        .to_string()
        .into_bytes()
}

/// A check from scratch with everything native: the time in all, and in the runner. What rules match
/// goes into `matches`.
fn native(
    session: &mut Session,
    programs: &[&[u8]],
    mut matches: Option<&mut Matches>,
) -> Result<(Duration, Duration)> {
    let start = Instant::now();
    let mut runner = Duration::ZERO;
    session.restart();
    while let Some(call) = session.next_call() {
        let rules::Question::Evaluate(rules) = &call.question else {
            continue;
        };
        let asked = Instant::now();
        let program = Program::open(programs.get(call.module).context("no such module")?)?;
        let verdicts = program.evaluate(rules, &call.batch)?;
        runner += asked.elapsed();
        if let Some(matches) = &mut matches {
            matches.take(session, &call, &verdicts);
        }
        session.reply(call.id, rules::Answer::Verdicts(verdicts))?;
    }
    Ok((start.elapsed(), runner))
}

/// A check from scratch, and every match in the order of the older system: id and message.
fn list<'f>(
    session: &mut Session,
    programs: &[&[u8]],
    halves: &[(&'f Manifest, &[u8])],
) -> Result<Vec<(String, &'f str)>> {
    let mut matches = Matches::default();
    native(session, programs, Some(&mut matches))?;
    let mut violations = Vec::new();
    for (module, half) in halves.iter().enumerate() {
        for (number, rule) in (0..).zip(&half.0.rules) {
            let message = rule.messages.first().map_or("", String::as_str);
            for element in matches.of(module, number) {
                let id = session.model().global_id(element).into_owned();
                violations.push((id, message));
            }
        }
    }
    Ok(violations)
}

pub(crate) fn rule_files() -> Result<()> {
    let Some(shared) = shared("bench") else {
        return Ok(());
    };
    let mut paths = Vec::new();
    files(&shared.join("data/mcp-json/rules"), &mut paths);
    let mut pool = Pool::new();
    let mut compiled = Vec::new();
    let start = Instant::now();
    for path in &paths {
        let source = fs::read_to_string(path)?;
        let json: Value = serde_json::from_str(&source)?;
        for rule in json["rules"].as_array().into_iter().flatten() {
            collect(&rule["conditions"], &mut pool);
        }
        compiled.push(RuleFile::parse(&source, &path.display().to_string())?);
    }
    println!(
        "  {} files read and compiled in {:.1?}",
        paths.len(),
        start.elapsed()
    );
    let halves: Vec<(&Manifest, &[u8])> = compiled
        .iter()
        .flat_map(|file| [(file.manifest(), file.program()), file.calculations()])
        .filter(|half| !half.0.rules.is_empty())
        .collect();
    let programs: Vec<&[u8]> = halves.iter().map(|half| half.1).collect();
    let (runtime, _dir) = open_runtime()?;
    let runner = embedded_runner().context("built without the runner")?;
    let modules = compiled
        .iter()
        .map(|file| {
            let core = file.module(runner)?;
            let component = wit_component::ComponentEncoder::default()
                .validate(true)
                .module(&core)?
                .encode()?;
            Ok(runtime.load_module(&component, Trust::Untrusted)?)
        })
        .collect::<Result<Vec<Module>>>()?;
    let slots: Vec<Value> = modules
        .iter()
        .map(|module| json!({"ready": {"manifest": module.manifest_json, "digest": ""}}))
        .collect();
    let slots = Value::Array(slots).to_string();
    let engine = runtime.engine(embedded_engine().context("built without the engine")?)?;
    let rules: usize = halves.iter().map(|half| half.0.rules.len()).sum();
    let views: usize = halves.iter().map(|half| half.0.views.len()).sum();
    let report: usize = compiled
        .iter()
        .map(|file| file.manifest().rules.len())
        .sum();
    println!("  {report} rules report something: those are in the modules that the sandboxes run");
    for (count, goal) in [(10_000, 5.0), (100_000, 60.0)] {
        let bytes = model(&pool, count);
        let repeats = 200_000 / count + 3;
        println!("  {count} objects x {rules} rules in {views} views, goal {goal} ms");
        let start = Instant::now();
        let mut session = Session::load(bytes.clone())?;
        println!(
            "    the model is loaded natively in {:.1?}",
            start.elapsed()
        );
        session.use_modules(
            halves
                .iter()
                .map(|half| ModuleSlot::Ready {
                    manifest: half.0.to_json(),
                    digest: String::new(),
                })
                .collect(),
        );
        let mut runs = Vec::new();
        let mut listed = Duration::MAX;
        let mut violations = 0;
        for _ in 0..repeats {
            runs.push(native(&mut session, &programs, None)?);
            let start = Instant::now();
            violations = list(&mut session, &programs, &halves)?.len();
            listed = listed.min(start.elapsed());
        }
        let of_runner = runs.iter().min().map_or(Duration::ZERO, |run| run.1);
        let times = runs.iter().map(|run| run.0);
        say("native", times, goal, of_runner);
        println!("    with a list of {violations} matches, id and message each: {listed:.1?}");
        drop(session);

        // The engine takes a model once: what is measured is the check that follows `use-modules`.
        let mut sandbox = engine.session()?;
        for part in bytes.chunks(1 << 20) {
            sandbox.feed(part, bytes.len() as u64)?;
        }
        sandbox.load("")?;
        let mut runs = Vec::new();
        for _ in 0..repeats {
            sandbox.use_modules(&slots)?;
            let start = Instant::now();
            let mut in_modules = Duration::ZERO;
            while let Some(call) = sandbox.next_call()? {
                let module = modules
                    .get(call.module as usize)
                    .context("no such module")?;
                let asked = Instant::now();
                let answer = match &call.question {
                    Question::Evaluate(rules) => {
                        Answer::Verdicts(module.evaluate(rules, &call.rows)?)
                    }
                    Question::Derive(facts) => Answer::Columns(module.derive(facts, &call.rows)?),
                };
                in_modules += asked.elapsed();
                sandbox.reply(call.id, answer)?;
            }
            runs.push((start.elapsed(), in_modules));
        }
        let of_modules = runs.iter().min().map_or(Duration::ZERO, |run| run.1);
        let times = runs.iter().map(|run| run.0);
        say("in the sandboxes", times, goal, of_modules);
    }
    Ok(())
}

/// A line: the fastest and the median of some checks, how that is to the goal, and how much of the
/// fastest the modules took.
fn say(how: &str, times: impl Iterator<Item = Duration>, goal: f64, modules: Duration) {
    let mut times: Vec<f64> = times.map(|time| time.as_secs_f64() * 1e3).collect();
    times.sort_by(f64::total_cmp);
    let best = times.first().copied().unwrap_or(f64::NAN);
    let median = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    println!(
        "    {how}: {best:.2} ms, median {median:.2} ms ({:.2} × the goal); {:.2} ms of it in the modules",
        median / goal,
        modules.as_secs_f64() * 1e3,
    );
}
