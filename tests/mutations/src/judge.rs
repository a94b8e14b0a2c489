//! Asks the engine: the modules in Rust as linked code, rulebooks with their compiled programs in
//! the interpreter's crate. Both are the sources that run in the sandboxes; that those give the
//! same bytes, other tests hold. Reports are read as JSON, as anybody gets them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, anyhow};
use plancheck_engine::rules::{Answer, ModuleSlot, Question, Session};
use plancheck_rulebook::{Program, Rulebook};
use plancheck_sdk::Native;
use plancheck_tests::shared::root;

/// A verdict on an element, and the facts that the finding says are absent.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Found {
    /// `pass`, `fail`, `undetermined`.
    pub verdict: String,
    /// Names of the facts that are not known.
    pub missing: BTreeSet<String>,
    /// What the finding says.
    pub message: String,
}

/// All verdicts of a check, by rule (`module/rule`) and GlobalId. What is not governed is not in it.
pub type Verdicts = BTreeMap<(String, String), Found>;

enum Module {
    Linked(Native),
    Book(Box<Rulebook>),
}

/// Modules to ask.
pub struct Judge {
    modules: Vec<Module>,
}

impl Judge {
    /// The modules of these ids: those in Rust, else the rulebooks under `rules-plugins`.
    ///
    /// # Errors
    /// There is no such module, or its rulebook is wrong.
    pub fn new(ids: &[&str]) -> Result<Judge> {
        let mut judge = Judge {
            modules: Vec::new(),
        };
        for id in ids {
            match *id {
                "us-ibc-2024" => judge.modules.push(Module::Linked(us_ibc_2024::module())),
                "us-ada-2010" => judge.modules.push(Module::Linked(us_ada_2010::module())),
                id => {
                    let path = root().join("rules-plugins").join(id).join("rulebook.toml");
                    let text = std::fs::read_to_string(&path)
                        .with_context(|| path.display().to_string())?;
                    judge.add_rulebook(&text)?;
                }
            }
        }
        Ok(judge)
    }

    /// One more rulebook, by its text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn add_rulebook(&mut self, text: &str) -> Result<()> {
        let book = Rulebook::parse(text, "rulebook.toml").map_err(|e| anyhow!("\n{e}"))?;
        self.modules.push(Module::Book(Box::new(book)));
        Ok(())
    }

    /// Checks a model: every verdict, also what passes.
    ///
    /// # Errors
    /// The model cannot be read, or a module could not be used: nothing here is about that.
    pub fn check(&self, model: &str) -> Result<Verdicts> {
        let bytes = model.as_bytes().to_vec();
        let mut session = Session::load(bytes).map_err(|e| anyhow!("{}: {e}", e.code()))?;
        session.set_detail(true);
        session.use_modules(self.modules.iter().map(slot).collect());
        while let Some(call) = session.next_call() {
            let module = self.modules.get(call.module).context("the module asked")?;
            let answer = match (module, &call.question) {
                (Module::Linked(native), Question::Derive(facts)) => {
                    Answer::Columns((native.derive)(facts, &call.batch))
                }
                (Module::Linked(native), Question::Evaluate(rules)) => {
                    Answer::Verdicts((native.evaluate)(rules, &call.batch))
                }
                (Module::Book(book), question) => {
                    let program = Program::open(book.program())?;
                    match question {
                        Question::Derive(facts) => {
                            Answer::Columns(program.derive(facts, &call.batch)?)
                        }
                        Question::Evaluate(rules) => {
                            Answer::Verdicts(program.evaluate(rules, &call.batch)?)
                        }
                    }
                }
            };
            session.reply(call.id, answer)?;
        }
        read(&session.report()?.to_json())
    }
}

fn slot(module: &Module) -> ModuleSlot {
    let manifest = match module {
        Module::Linked(native) => (native.describe)(),
        Module::Book(book) => book.manifest().to_json(),
    };
    ModuleSlot::Ready {
        manifest,
        digest: "native".to_owned(),
    }
}

fn read(report: &str) -> Result<Verdicts> {
    let report: serde_json::Value = serde_json::from_str(report)?;
    anyhow::ensure!(
        report["summary"]["complete"] == true,
        "not complete: {}",
        report["ruleset"]["modules"]
    );
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().context("findings")?;
    let pairs = findings.iter().map(|finding| {
        let rule = format!("{}/{}", text(&finding["module"]), text(&finding["rule"]));
        let facts = finding["facts"].as_array().map_or(&[][..], Vec::as_slice);
        let missing = facts
            .iter()
            .filter(|f| f.get("absent").is_some())
            .map(|f| text(&f["name"]))
            .collect();
        let found = Found {
            verdict: text(&finding["verdict"]),
            missing,
            message: text(&finding["message"]),
        };
        ((rule, text(&finding["element"]["global_id"])), found)
    });
    Ok(pairs.collect())
}
