//! A ruleset: the modules that apply, what they ask for, and in which order.

use plancheck_contract::{Dimension, FactKind, Manifest};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::amend::Amended;
use super::path::{DerivedFacts, Expr, NodeId, PathError, Plan, Raw, SubjectRef};
use super::slot::{self, ModuleSlot, Slot, bad_manifest};

/// What went wrong with a module, stable code first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// For machines: `deadline`, `trap`, ….
    pub code: String,
    /// For people.
    pub message: String,
}

/// One module of a ruleset.
#[derive(Debug)]
pub struct Module {
    /// What it says of itself; none when it is not there.
    pub manifest: Option<Manifest>,
    /// Its id, or its file name where the id is not known.
    pub id: String,
    /// BLAKE3 of its bytes, hex; empty when it is not there.
    pub digest: String,
    /// Why it is not there.
    pub problem: Option<Problem>,
    /// The views' plans.
    pub views: Vec<ViewPlan>,
    /// The values of its parameters.
    pub parameters: Vec<f64>,
    /// Its rules in preview run.
    pub preview: bool,
}

/// One view, understood.
#[derive(Debug)]
pub struct ViewPlan {
    /// The IFC class of the rows.
    pub class: String,
    /// A boolean fact that must be true of a row.
    pub only_if: Option<NodeId>,
    /// A text fact, and what it has to be of a row.
    pub only: Option<(NodeId, Vec<String>)>,
    /// All rows are asked about together.
    pub whole: bool,
    /// The columns: node and wanted type.
    pub columns: Vec<(NodeId, FactKind)>,
}

/// A derived fact of some module.
#[derive(Debug)]
pub struct Derived {
    /// Position of the module.
    pub module: usize,
    /// Position in its manifest.
    pub index: usize,
    /// Position of its view.
    pub view: usize,
}

/// One question that the ruleset leads to: a module, a view, and what is asked.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Position of the module.
    pub module: usize,
    /// Position of the view.
    pub view: usize,
    /// Rules or derived facts.
    pub asks: Asks,
}

/// What a stage asks.
#[derive(Clone, Debug)]
pub enum Asks {
    /// Positions in [`Ruleset::derived`].
    Derived(Vec<usize>),
    /// Positions in [`Ruleset::rules`].
    Rules(Vec<usize>),
}

/// A rule of some module.
#[derive(Clone, Copy, Debug)]
pub struct RuleRef {
    /// Position of the module.
    pub module: usize,
    /// Position in its manifest.
    pub index: usize,
    /// Position of the stage that asks it.
    pub stage: usize,
}

/// Why a ruleset cannot be made.
#[derive(Debug, Error)]
pub enum RulesetError {
    /// A module asks for something the engine does not know.
    #[error("module {module}, view {view}: {source}")]
    Path {
        /// The module's id.
        module: String,
        /// The view's name.
        view: String,
        /// What is wrong.
        source: PathError,
    },
    /// A view's subject is not known.
    #[error("module {module}, view {view}: {why}")]
    Subject {
        /// The module's id.
        module: String,
        /// The view's name.
        view: String,
        /// What is wrong.
        why: String,
    },
    /// A column's type does not fit.
    #[error("module {module}, view {view}, fact {fact}: {why}")]
    Type {
        /// The module's id.
        module: String,
        /// The view's name.
        view: String,
        /// The fact's name.
        fact: String,
        /// What is wrong.
        why: String,
    },
    /// Derived facts that need each other.
    #[error("module {module}: derived facts need each other in a circle, through {fact}")]
    Circle {
        /// The module's id.
        module: String,
        /// One of them.
        fact: String,
    },
    /// The same module twice.
    #[error("module {0} is in the ruleset twice")]
    Twice(String),
}

/// The modules that apply, planned.
#[derive(Default)]
pub struct Ruleset {
    /// In order of precedence.
    pub modules: Vec<Module>,
    /// Every derived fact.
    pub derived: Vec<Derived>,
    /// Every rule, in the order of modules and manifests.
    pub rules: Vec<RuleRef>,
    /// What is asked, in order: derived facts before what needs them.
    pub stages: Vec<Stage>,
    /// What modules change of each other.
    pub amended: Vec<Amended>,
    /// What the paths mean.
    pub plan: Plan,
    /// One digest over all of it, hex.
    pub digest: String,
}

/// The derived facts of one module, by class and name.
struct Scope<'a> {
    manifest: &'a Manifest,
    first: usize,
}

impl DerivedFacts for Scope<'_> {
    fn find(
        &self,
        class: &str,
        name: &str,
    ) -> Option<(usize, String, FactKind, Option<Dimension>)> {
        let (index, fact) = self.manifest.derived.iter().enumerate().find(|(_, d)| {
            let view = self.manifest.views.get(d.view as usize);
            let of = view.and_then(|v| SubjectRef::parse(&v.subject).ok());
            d.name == name && of.is_some_and(|s| s.class == class)
        })?;
        Some((
            self.first + index,
            fact.title.clone(),
            fact.kind,
            fact.dimension,
        ))
    }
}

/// Why an amendment cannot be used itself: planned alone, it fails.
fn unusable_amendment(read: &[Slot], at: usize) -> Option<RulesetError> {
    let slot = read.get(at)?;
    let manifest = slot.manifest.as_ref().ok()?;
    manifest.amends.as_ref()?;
    let mut earlier = read.iter().take(at);
    if earlier.any(|other| other.id == slot.id && other.manifest.is_ok()) {
        return Some(RulesetError::Twice(slot.id.clone()));
    }
    let alone = Ruleset::default().add(manifest.clone(), String::new(), slot.preview);
    alone.err()
}

impl Ruleset {
    /// Plans a ruleset. A module whose manifest is refused becomes unavailable, with the reason;
    /// the others are not affected.
    #[must_use]
    pub fn new(slots: Vec<ModuleSlot>) -> Ruleset {
        let mut ruleset = Ruleset::default();
        let mut read: Vec<Slot> = slots.into_iter().map(Slot::read).collect();
        // What cannot be used itself changes nothing of others.
        for at in 0..read.len() {
            if let Some(error) = unusable_amendment(&read, at)
                && let Some(slot) = read.get_mut(at)
            {
                slot.manifest = Err(bad_manifest(&error));
            }
        }
        ruleset.amended = slot::amend_all(&mut read);
        for slot in read {
            let added = slot.manifest.and_then(|manifest| {
                let added = ruleset.add(manifest, slot.digest.clone(), slot.preview);
                added.map_err(|error| bad_manifest(&error))
            });
            if let Err(problem) = added {
                ruleset.unavailable(slot.id, slot.digest, problem);
            }
        }
        ruleset.digest = ruleset.compute_digest();
        ruleset
    }

    fn unavailable(&mut self, id: String, digest: String, problem: Problem) {
        self.modules.push(Module {
            manifest: None,
            id,
            digest,
            problem: Some(problem),
            views: Vec::new(),
            parameters: Vec::new(),
            preview: false,
        });
    }

    /// Adds a module; on an error the ruleset is as before.
    fn add(
        &mut self,
        manifest: Manifest,
        digest: String,
        preview: bool,
    ) -> Result<(), RulesetError> {
        let id = manifest.module.id.clone();
        if self
            .modules
            .iter()
            .any(|m| m.id == id && m.manifest.is_some())
        {
            return Err(RulesetError::Twice(id));
        }
        let module = self.modules.len();
        let scope = Scope {
            manifest: &manifest,
            first: self.derived.len(),
        };
        let mut views = Vec::new();
        for view in &manifest.views {
            let subject =
                SubjectRef::parse(&view.subject).map_err(|why| RulesetError::Subject {
                    module: id.clone(),
                    view: view.name.clone(),
                    why,
                })?;
            let add = |plan: &mut Plan, path: &str, wanted| {
                let added = plan.add(&id, subject, path, wanted, &scope);
                added.map_err(|source| RulesetError::Path {
                    module: id.clone(),
                    view: view.name.clone(),
                    source,
                })
            };
            let only_if = match subject.subject.and_then(|s| s.only_if) {
                Some(fact) => Some(add(&mut self.plan, fact, (FactKind::Boolean, None))?),
                None => None,
            };
            let only = match &view.only {
                Some(only) => {
                    let node = add(&mut self.plan, &only.fact, (FactKind::Text, None))?;
                    let wanted = plancheck_contract::ViewFact {
                        name: "where".to_owned(),
                        path: only.fact.clone(),
                        kind: FactKind::Text,
                        dimension: None,
                    };
                    self.check_type(&id, &view.name, &wanted, node)?;
                    Some((node, only.values.clone()))
                }
                None => None,
            };
            let mut columns = Vec::new();
            for fact in &view.facts {
                let wanted = (fact.kind, fact.dimension);
                let node = add(&mut self.plan, &fact.path, wanted)?;
                self.check_type(&id, &view.name, fact, node)?;
                columns.push((node, fact.kind));
            }
            views.push(ViewPlan {
                class: subject.class.to_owned(),
                only_if,
                only,
                whole: view.whole,
                columns,
            });
        }
        let order = self.derived_order(&id, &manifest, &views, scope.first)?;
        let disabled = |rule: &plancheck_contract::Rule| {
            self.amended.iter().any(|change| {
                matches!(change, Amended::Disabled { module, rule: off, .. }
                    if *module == id && *off == rule.id)
            })
        };
        let asked: Vec<usize> = (0..manifest.rules.len())
            .filter(|index| {
                manifest
                    .rules
                    .get(*index)
                    .is_some_and(|r| r.stage.runs(preview) && !disabled(r))
            })
            .collect();

        // nothing can fail from here on
        for (index, fact) in manifest.derived.iter().enumerate() {
            self.derived.push(Derived {
                module,
                index,
                view: fact.view as usize,
            });
        }
        for (view, facts) in order {
            self.stages.push(Stage {
                module,
                view,
                asks: Asks::Derived(facts),
            });
        }
        let first_rule = self.rules.len();
        for view in 0..views.len() {
            let of_view = |index: usize| {
                let rule = manifest.rules.get(index);
                rule.is_some_and(|r| r.view as usize == view)
            };
            let rules: Vec<usize> = asked
                .iter()
                .enumerate()
                .filter(|(_, index)| of_view(**index))
                .map(|(at, _)| first_rule + at)
                .collect();
            if !rules.is_empty() {
                self.stages.push(Stage {
                    module,
                    view,
                    asks: Asks::Rules(rules),
                });
            }
        }
        for index in asked {
            let Some(rule) = manifest.rules.get(index) else {
                continue;
            };
            let stage = self.stages.iter().position(|s| {
                s.module == module
                    && s.view == rule.view as usize
                    && matches!(s.asks, Asks::Rules(_))
            });
            self.rules.push(RuleRef {
                module,
                index,
                stage: stage.unwrap_or_default(),
            });
        }
        let parameters = manifest.parameter_values().collect();
        self.modules.push(Module {
            manifest: Some(manifest),
            id,
            digest,
            problem: None,
            views,
            parameters,
            preview,
        });
        Ok(())
    }

    fn check_type(
        &self,
        module: &str,
        view: &str,
        fact: &plancheck_contract::ViewFact,
        node: NodeId,
    ) -> Result<(), RulesetError> {
        let Some(node) = self.plan.node(node) else {
            return Ok(());
        };
        let refuse = |why: String| RulesetError::Type {
            module: module.to_owned(),
            view: view.to_owned(),
            fact: fact.name.clone(),
            why,
        };
        if let Some(kind) = node.kind
            && kind != fact.kind
        {
            return Err(refuse(format!(
                "{} is a {}, not a {}",
                node.text,
                kind.name(),
                fact.kind.name()
            )));
        }
        if let (Some(found), Some(wanted)) = (node.dimension, fact.dimension)
            && found != wanted
        {
            return Err(refuse(format!(
                "{} is a {}, not a {}",
                node.text,
                found.name(),
                wanted.name()
            )));
        }
        Ok(())
    }

    /// The module's views with derived facts, each after those it needs.
    fn derived_order(
        &self,
        module: &str,
        manifest: &Manifest,
        views: &[ViewPlan],
        first: usize,
    ) -> Result<Vec<(usize, Vec<usize>)>, RulesetError> {
        let mut order: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut pending: Vec<usize> = (0..views.len())
            .filter(|v| manifest.derived.iter().any(|d| d.view as usize == *v))
            .collect();
        while !pending.is_empty() {
            let ready = pending.iter().position(|view| {
                let needs = views
                    .get(*view)
                    .map(|v| self.derived_needs(v))
                    .unwrap_or_default();
                needs
                    .iter()
                    .all(|d| *d < first || order.iter().any(|(_, facts)| facts.contains(d)))
            });
            let Some(at) = ready else {
                let stuck = pending.first().copied().unwrap_or_default();
                let fact = manifest.derived.iter().find(|d| d.view as usize == stuck);
                return Err(RulesetError::Circle {
                    module: module.to_owned(),
                    fact: fact.map(|f| f.name.clone()).unwrap_or_default(),
                });
            };
            let view = pending.remove(at);
            let facts = manifest
                .derived
                .iter()
                .enumerate()
                .filter(|(_, d)| d.view as usize == view)
                .map(|(index, _)| first + index)
                .collect();
            order.push((view, facts));
        }
        Ok(order)
    }

    /// The derived facts that a view's columns read, at any depth.
    fn derived_needs(&self, view: &ViewPlan) -> Vec<usize> {
        let mut found = Vec::new();
        let mut todo: Vec<NodeId> = view
            .columns
            .iter()
            .map(|c| c.0)
            .chain(view.only_if)
            .chain(view.only.as_ref().map(|only| only.0))
            .collect();
        while let Some(id) = todo.pop() {
            match self.plan.node(id).map(|n| &n.expr) {
                Some(Expr::Derived(index)) => found.push(*index),
                Some(Expr::To(_, _, inner)) => todo.push(*inner),
                Some(Expr::Aggregate { value, filter, .. }) => {
                    todo.extend(value.iter().chain(filter))
                }
                Some(Expr::Fact(_) | Expr::Raw(..)) | None => {}
            }
        }
        found
    }

    fn compute_digest(&self) -> String {
        let mut hash = blake3::Hasher::new();
        for module in &self.modules {
            for part in [module.id.as_str(), module.digest.as_str()] {
                hash.update(&(part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
            for value in &module.parameters {
                hash.update(&value.to_le_bytes());
            }
            hash.update(&[u8::from(module.problem.is_some()) | u8::from(module.preview) << 1]);
        }
        // Changed numbers are in the parameters.
        for change in &self.amended {
            if let Amended::Disabled { module, rule, .. } = change {
                for part in [module, rule] {
                    hash.update(&(part.len() as u64).to_le_bytes());
                    hash.update(part.as_bytes());
                }
            }
        }
        hash.finalize().to_hex().to_string()
    }

    /// The manifest entry of a rule.
    #[must_use]
    pub fn rule(&self, rule: usize) -> Option<(&Module, &plancheck_contract::Rule)> {
        let at = self.rules.get(rule)?;
        let module = self.modules.get(at.module)?;
        Some((module, module.manifest.as_ref()?.rules.get(at.index)?))
    }

    /// The object types that a view is about, where its `where` says so.
    #[must_use]
    pub(super) fn type_of_rows<'v>(&self, view: &'v ViewPlan) -> Option<&'v [String]> {
        let (node, types) = view.only.as_ref()?;
        match &self.plan.node(*node)?.expr {
            Expr::Raw(Raw::Given(own), _) if own.is_object_type() => Some(types),
            _ => None,
        }
    }

    /// Whether a row of a view depends on nothing but what its element was given.
    #[must_use]
    pub(super) fn is_own(&self, view: &ViewPlan) -> bool {
        let nodes = view.columns.iter().map(|column| column.0);
        let others = view.only_if.into_iter();
        let others = others.chain(view.only.as_ref().map(|only| only.0));
        nodes.chain(others).all(|node| {
            let plan = self.plan.node(node).map(|node| &node.expr);
            matches!(plan, Some(Expr::Raw(Raw::Given(_), _)))
        })
    }

    /// The plan of a stage's view.
    #[must_use]
    pub fn view(&self, stage: &Stage) -> Option<&ViewPlan> {
        self.modules.get(stage.module)?.views.get(stage.view)
    }
}
