//! Checks a model against IDS documents, for timing and for comparison with other programs:
//!
//! `cargo run --release -p plancheck-engine --example ids -- [--json | --times | --audit] MODEL DOCUMENT…`

use std::time::Instant;

use plancheck_engine::ids::{Document, Plan, audit};
use plancheck_engine::model::Model;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (options, files): (Vec<&String>, Vec<&String>) =
        arguments.iter().partition(|a| a.starts_with("--"));
    let has = |name: &str| options.iter().any(|option| *option == name);
    let [model, documents @ ..] = files.as_slice() else {
        return Err("usage: ids [--json | --times | --audit] MODEL DOCUMENT…".into());
    };
    let start = Instant::now();
    let time = |what: &str| {
        if has("--times") {
            println!("{:>9.3} s  {what}", start.elapsed().as_secs_f64());
        }
    };
    if has("--audit") {
        for path in &files {
            for finding in audit(&std::fs::read(path)?) {
                println!("{path} {}", serde_json::to_string(&finding)?);
            }
        }
        return Ok(());
    }
    let model = Model::load(std::fs::read(model)?)?;
    time("model loaded");
    let mut parsed = Vec::new();
    for path in documents {
        parsed.push(Document::parse(&std::fs::read(path)?)?);
        time("document read");
    }
    let plan = Plan::new(&parsed);
    time("planned");
    let mut report = plan.check(&model, &mut |_| true)?;
    time("checked");
    if has("--json") {
        println!("{}", report.to_json()?);
    } else if has("--times") {
        println!("{} bytes of JSON", report.to_json()?.len());
        time("written");
        println!("{:?}", report.totals);
    } else {
        report.shorten(3);
        println!("{}", serde_json::to_string_pretty(&report)?);
    }
    Ok(())
}
