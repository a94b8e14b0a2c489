//! The goals of rule files: all of them over 10 000 and 100 000 objects, engine and runner natively.
//! Prints figures, asserts nothing.
//!
//! `cargo bench -p plancheck-rule-files`; needs the rule files of `PLANCHECK_SHARED`.

#![allow(missing_docs, reason = "a bench is read, not documented")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use plancheck_contract::Manifest;
use plancheck_engine::rules::{Answer, ModuleSlot, Question, Session};
use plancheck_rule_files::recover::Matches;
use plancheck_rule_files::{Program, RuleFile};
use serde_json::{Value, json};

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

/// A check from scratch: the time in all, and in the runner. What rules match goes into `matches`.
fn check(
    session: &mut Session,
    programs: &[&[u8]],
    mut matches: Option<&mut Matches>,
) -> (Duration, Duration) {
    let start = Instant::now();
    let mut runner = Duration::ZERO;
    session.restart();
    while let Some(call) = session.next_call() {
        let Question::Evaluate(rules) = &call.question else {
            continue;
        };
        let asked = Instant::now();
        let program = Program::open(programs[call.module]).expect("it is a program");
        let verdicts = program.evaluate(rules, &call.batch).expect("it answers");
        runner += asked.elapsed();
        if let Some(matches) = &mut matches {
            matches.take(session, &call, &verdicts);
        }
        session
            .reply(call.id, Answer::Verdicts(verdicts))
            .expect("it was asked");
    }
    (start.elapsed(), runner)
}

/// A check from scratch, and every match in the order of the older system: id and message.
fn list<'f>(
    session: &mut Session,
    programs: &[&[u8]],
    halves: &[(&'f Manifest, &[u8])],
) -> Vec<(String, &'f str)> {
    let mut matches = Matches::default();
    check(session, programs, Some(&mut matches));
    let mut violations = Vec::new();
    for (module, half) in halves.iter().enumerate() {
        for (number, rule) in half.0.rules.iter().enumerate() {
            for element in matches.of(module, number as u32) {
                let id = session.model().global_id(element).into_owned();
                violations.push((id, rule.messages[0].as_str()));
            }
        }
    }
    violations
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared =
        std::env::var_os("PLANCHECK_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let mut paths = Vec::new();
    files(&shared.join("data/mcp-json/rules"), &mut paths);
    if paths.is_empty() {
        println!("SKIPPED: no rule files in {}", shared.display());
        return;
    }
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load {}", load.trim());
    let mut pool = Pool::new();
    let mut compiled = Vec::new();
    let start = Instant::now();
    for path in &paths {
        let source = fs::read_to_string(path).expect("it can be read");
        let json: Value = serde_json::from_str(&source).expect("it is JSON");
        for rule in json["rules"].as_array().into_iter().flatten() {
            collect(&rule["conditions"], &mut pool);
        }
        let file = RuleFile::parse(&source, &path.display().to_string());
        compiled.push(file.expect("it compiles"));
    }
    println!(
        "{} files read and compiled in {:.1?}",
        paths.len(),
        start.elapsed()
    );
    let halves = compiled
        .iter()
        .flat_map(|file| [(file.manifest(), file.program()), file.calculations()]);
    let halves: Vec<_> = halves.filter(|half| !half.0.rules.is_empty()).collect();
    let programs: Vec<&[u8]> = halves.iter().map(|half| half.1).collect();
    let rules: usize = halves.iter().map(|half| half.0.rules.len()).sum();
    let views: usize = halves.iter().map(|half| half.0.views.len()).sum();
    for (count, goal) in [(10_000, 5), (100_000, 60)] {
        let bytes = model(&pool, count);
        let start = Instant::now();
        let mut session = Session::load(bytes).expect("it is a model");
        let loaded = start.elapsed();
        let slots = halves.iter().map(|half| ModuleSlot::Ready {
            manifest: half.0.to_json(),
            digest: String::new(),
        });
        session.use_modules(slots.collect());
        let repeats = 200_000 / count + 3;
        let runs: Vec<_> = (0..repeats)
            .map(|_| check(&mut session, &programs, None))
            .collect();
        let (best, runner) = runs.iter().min().expect("there are some");
        let mut all: Vec<Duration> = runs.iter().map(|run| run.0).collect();
        all.sort();
        let mut listed = Duration::MAX;
        let mut violations = 0;
        for _ in 0..repeats {
            let start = Instant::now();
            violations = list(&mut session, &programs, &halves).len();
            listed = listed.min(start.elapsed());
        }
        println!("  with a list of {violations} matches, id and message each: {listed:.1?}");
        let start = Instant::now();
        let report = session.report().expect("it is complete").to_json();
        println!(
            "  the report of {:.1} MB is written in {:.1?}",
            report.len() as f64 / 1e6,
            start.elapsed()
        );
        let findings: usize = session.store().rules.iter().map(|r| r.judged.len()).sum();
        println!(
            "{count} objects x {rules} rules in {views} views: {:.2} ms, median {:.2} ms (goal {goal} ms); \
             {:.2} ms of it in the runner; {findings} findings; the model is loaded in {:.1} ms",
            best.as_secs_f64() * 1e3,
            all[all.len() / 2].as_secs_f64() * 1e3,
            runner.as_secs_f64() * 1e3,
            loaded.as_secs_f64() * 1e3,
        );
    }
}
