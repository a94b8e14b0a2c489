//! Fact paths: what a module writes to ask for a fact, and what it means on a subject.
//!
//! ```text
//! path      = { relation "." } end
//! end       = fact | raw | relation "." aggregate
//! aggregate = ("count" | "sum" | "min" | "max" | "any" | "all") "(" [ path [ "," path ] ] ")"
//! raw       = ("property" | "quantity") "(" [ set "," ] name ")" | "attribute" "(" name ")"
//!           | "classification" "(" system ")" | "given" "(" … ")" | "written" "(" … ")"
//! ```

use plancheck_contract::{Dimension, FactKind};
use thiserror::Error;

use super::given::Own;
use super::syntax::{split_call, split_head, suggest};
use crate::facts::Reader;
use crate::facts::text::within;
use crate::facts::{
    Completeness, Fact, Relation, Subject, Target, facts_of, find_fact, find_relation,
    find_subject, subjects,
};
use crate::model::ElementId;

/// Relations inside relations: no code asks for more, and each level multiplies the work.
const MAX_DEPTH: usize = 8;
/// A path is a line of text.
const MAX_LENGTH: usize = 500;

/// Position of a node in the ruleset's plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// A path that was understood.
#[derive(Debug)]
pub struct Node {
    /// What to do.
    pub expr: Expr,
    /// As the module wrote it.
    pub text: String,
    /// For people: "Clear width", "Occupant load, summed over spaces".
    pub title: String,
    /// Its type; raw access takes what it finds.
    pub kind: Option<FactKind>,
    /// For numbers of the catalogue.
    pub dimension: Option<Dimension>,
}

/// What to do for a path, from an element.
#[derive(Debug)]
pub enum Expr {
    /// A fact of the catalogue.
    Fact(&'static Fact),
    /// A derived fact: position in the ruleset.
    Derived(usize),
    /// Something straight from the model, and what it has to be.
    Raw(Raw, Wanted),
    /// Another path, from a related element.
    To(
        fn(&Reader<'_>, ElementId) -> Option<ElementId>,
        &'static str,
        NodeId,
    ),
    /// An aggregate over related elements.
    Aggregate {
        /// Leads to the members.
        members: fn(&Reader<'_>, ElementId) -> Vec<ElementId>,
        /// The relation's name.
        relation: &'static str,
        /// Whether the model shows all members.
        complete: Option<Completeness>,
        /// What to compute.
        op: Op,
        /// Of what; none for a plain count.
        value: Option<NodeId>,
        /// Only of members for which this holds.
        filter: Option<NodeId>,
    },
}

/// The type that a module wants, and for numbers what they measure.
pub type Wanted = (FactKind, Option<Dimension>);

/// Access past the catalogue, so that an author is never stuck.
#[derive(Debug)]
#[allow(missing_docs, reason = "the names are IFC's")]
pub enum Raw {
    Property { set: String, name: String },
    Quantity { set: String, name: String },
    Attribute { name: String },
    Classification { system: String },
    Given(Own),
}

/// An aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Op {
    Count,
    Sum,
    Min,
    Max,
    Any,
    All,
}

/// Why a path is not understood.
#[derive(Clone, Debug, Error, PartialEq)]
#[error("fact path {path:?}: {why}")]
pub struct PathError {
    /// As the module wrote it.
    pub path: String,
    /// What is wrong, and what could be meant.
    pub why: String,
}

/// Where derived facts are found by name while a path is read.
pub trait DerivedFacts {
    /// The derived fact of this name for elements of this IFC class: its position, title, kind and
    /// dimension.
    fn find(&self, class: &str, name: &str)
    -> Option<(usize, String, FactKind, Option<Dimension>)>;
}

/// A subject by name, or any IFC class.
#[derive(Clone, Copy, Debug)]
pub struct SubjectRef<'a> {
    /// The catalogue's subject; none for a plain class.
    pub subject: Option<&'static Subject>,
    /// The IFC class of the elements.
    pub class: &'a str,
}

impl<'a> SubjectRef<'a> {
    /// Understands a subject name or a class name.
    ///
    /// # Errors
    /// The name is neither.
    pub fn parse(name: &'a str) -> Result<SubjectRef<'a>, String> {
        if let Some(subject) = find_subject(name) {
            return Ok(SubjectRef {
                subject: Some(subject),
                class: subject.class,
            });
        }
        if name.len() > 3
            && name.starts_with("Ifc")
            && name.bytes().all(|b| b.is_ascii_alphanumeric())
        {
            return Ok(SubjectRef {
                subject: None,
                class: name,
            });
        }
        let names = subjects().iter().map(|s| s.name);
        Err(format!(
            "unknown subject {name:?}{}; an IFC class is written IfcSomething",
            suggest(name, names)
        ))
    }

    fn describe(&self) -> &str {
        self.subject.map_or(self.class, |s| s.name)
    }
}

/// Reads paths into a plan; equal paths on the same subject share a node.
#[derive(Default)]
pub struct Plan {
    nodes: Vec<Node>,
    known: std::collections::HashMap<(String, Wanted, String), NodeId>,
}

impl Plan {
    /// The node at this position.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// Understands a path on a subject. `scope` keeps modules with derived facts of the same name
    /// apart.
    ///
    /// # Errors
    /// The path is not understood.
    pub fn add(
        &mut self,
        scope: &str,
        subject: SubjectRef<'_>,
        path: &str,
        wanted: Wanted,
        derived: &dyn DerivedFacts,
    ) -> Result<NodeId, PathError> {
        let fail = |why| PathError {
            path: path.chars().take(MAX_LENGTH).collect(),
            why,
        };
        if path.len() > MAX_LENGTH {
            return Err(fail(format!("longer than {MAX_LENGTH} characters")));
        }
        self.compile(scope, subject, path.trim(), wanted, derived, 0)
            .map_err(fail)
    }

    fn compile(
        &mut self,
        scope: &str,
        subject: SubjectRef<'_>,
        path: &str,
        wanted: Wanted,
        derived: &dyn DerivedFacts,
        depth: usize,
    ) -> Result<NodeId, String> {
        let on = format!("{scope} {}", subject.describe());
        let key = (on, wanted, path.to_owned());
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        if depth > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} relations deep"));
        }
        let (head, rest) = split_head(path)?;
        let node = match (split_call(head)?, rest) {
            ((name, Some(arguments)), None) => raw(name, &arguments, wanted)?,
            ((name, Some(_)), Some(_)) => return Err(format!("nothing can follow {name}(…)")),
            ((name, None), rest) => match (find_relation(subject.subject, name), rest) {
                (Some(relation), Some(rest)) => {
                    self.related(scope, relation, rest, wanted, derived, depth)?
                }
                (Some(relation), None) => return Err(bare_relation(relation)),
                (None, Some(_)) => {
                    return Err(format!("a {} has no relation {name:?}", subject.describe()));
                }
                (None, None) => fact(subject, name, derived)?,
            },
        };
        let node = Node {
            text: path.to_owned(),
            ..node
        };
        let id = NodeId(u32::try_from(self.nodes.len()).map_err(|_| "too many paths".to_owned())?);
        self.nodes.push(node);
        self.known.insert(key, id);
        Ok(id)
    }

    /// A path that begins with a relation.
    fn related(
        &mut self,
        scope: &str,
        relation: &'static Relation,
        rest: &str,
        wanted: Wanted,
        derived: &dyn DerivedFacts,
        depth: usize,
    ) -> Result<Node, String> {
        let target = SubjectRef::parse(relation.subject)?;
        match relation.to {
            Target::One(follow) => {
                let inner = self.compile(scope, target, rest, wanted, derived, depth + 1)?;
                let (title, kind, dimension) =
                    self.node(inner).map_or_else(Default::default, |n| {
                        (
                            format!("{} of the {}", n.title, relation.name),
                            n.kind,
                            n.dimension,
                        )
                    });
                Ok(Node {
                    expr: Expr::To(follow, relation.name, inner),
                    text: String::new(),
                    title,
                    kind,
                    dimension,
                })
            }
            Target::Many(members) => {
                let (head, after) = split_head(rest)?;
                let (name, arguments) = split_call(head)?;
                let Some(arguments) = arguments else {
                    return Err(bare_relation(relation));
                };
                if after.is_some() {
                    return Err(format!("nothing can follow {name}(…)"));
                }
                let op = Op::parse(name)?;
                let mut nodes = Vec::new();
                for (at, argument) in arguments.iter().enumerate() {
                    let of = match op {
                        Op::Sum | Op::Min | Op::Max if at == 0 => wanted,
                        _ => (FactKind::Boolean, None),
                    };
                    nodes.push(self.compile(scope, target, argument, of, derived, depth + 1)?);
                }
                let (value, filter) = match (op, nodes.as_slice()) {
                    (Op::Count, []) => (None, None),
                    (Op::Count, [filter]) => (None, Some(*filter)),
                    (Op::Count, _) => return Err("count takes at most one argument".to_owned()),
                    (_, [value]) => (Some(*value), None),
                    (_, [value, filter]) => (Some(*value), Some(*filter)),
                    _ => return Err(format!("{name} takes one or two arguments")),
                };
                self.wants(op, value, filter)?;
                let of = value.or(filter).and_then(|id| self.node(id));
                let title = op.title(
                    relation.name,
                    of.map(|n| n.title.as_str()),
                    filter.is_some() && value.is_none(),
                );
                let (kind, dimension) = match op {
                    Op::Count => (FactKind::Number, Some(Dimension::Count)),
                    Op::Any | Op::All => (FactKind::Boolean, None),
                    Op::Sum | Op::Min | Op::Max => (FactKind::Number, of.and_then(|n| n.dimension)),
                };
                let expr = Expr::Aggregate {
                    members,
                    relation: relation.name,
                    complete: relation.complete,
                    op,
                    value,
                    filter,
                };
                Ok(Node {
                    expr,
                    text: String::new(),
                    title,
                    kind: Some(kind),
                    dimension,
                })
            }
        }
    }

    /// Types of an aggregate's arguments.
    fn wants(&self, op: Op, value: Option<NodeId>, filter: Option<NodeId>) -> Result<(), String> {
        let kind = |id: Option<NodeId>| id.and_then(|id| self.node(id)).and_then(|n| n.kind);
        let wanted = match op {
            Op::Any | Op::All => FactKind::Boolean,
            _ => FactKind::Number,
        };
        for (found, wanted) in [(kind(value), wanted), (kind(filter), FactKind::Boolean)] {
            if let Some(found) = found
                && found != wanted
            {
                return Err(format!(
                    "a {} is wanted inside the aggregate, found a {}",
                    wanted.name(),
                    found.name()
                ));
            }
        }
        Ok(())
    }
}

impl Op {
    fn parse(name: &str) -> Result<Op, String> {
        Ok(match name {
            "count" => Op::Count,
            "sum" => Op::Sum,
            "min" => Op::Min,
            "max" => Op::Max,
            "any" => Op::Any,
            "all" => Op::All,
            _ => {
                let names = ["count", "sum", "min", "max", "any", "all"].into_iter();
                return Err(format!(
                    "unknown aggregate {name:?}{}",
                    suggest(name, names)
                ));
            }
        })
    }

    fn title(self, relation: &str, of: Option<&str>, filtered: bool) -> String {
        let of = of.unwrap_or_default();
        let people = relation.replace('_', " ");
        let relation = people.as_str();
        match self {
            Op::Count if filtered => format!("Number of {relation} ({})", within(of)),
            Op::Count => format!("Number of {relation}"),
            Op::Sum => format!("{of}, summed over {relation}"),
            Op::Min => format!("Least {} of {relation}", within(of)),
            Op::Max => format!("Greatest {} of {relation}", within(of)),
            Op::Any => format!("Whether any of the {relation} is {}", within(of)),
            Op::All => format!("Whether each of the {relation} is {}", within(of)),
        }
    }
}

fn bare_relation(relation: &Relation) -> String {
    match relation.to {
        Target::One(_) => format!(
            "{:?} leads to a {}; say which of its facts",
            relation.name, relation.subject
        ),
        Target::Many(_) => format!(
            "{:?} leads to many; use count(), sum(…), min(…), max(…), any(…) or all(…)",
            relation.name
        ),
    }
}

fn fact(subject: SubjectRef<'_>, name: &str, derived: &dyn DerivedFacts) -> Result<Node, String> {
    if let Some((index, title, kind, dimension)) = derived.find(subject.class, name) {
        let expr = Expr::Derived(index);
        return Ok(Node {
            expr,
            text: String::new(),
            title,
            kind: Some(kind),
            dimension,
        });
    }
    let Some(fact) = find_fact(subject.subject, name) else {
        let names = facts_of(subject.subject).map(|f| f.name);
        return Err(format!(
            "a {} has no fact {name:?}{}",
            subject.describe(),
            suggest(name, names)
        ));
    };
    Ok(Node {
        expr: Expr::Fact(fact),
        text: String::new(),
        title: fact.title.to_owned(),
        kind: Some(fact.kind),
        dimension: fact.dimension,
    })
}

fn of_set(access: &str, set: &str, name: &str) -> Raw {
    let (set, name) = (set.to_owned(), name.to_owned());
    if access == "property" {
        Raw::Property { set, name }
    } else {
        Raw::Quantity { set, name }
    }
}

fn raw(access: &str, arguments: &[String], wanted: Wanted) -> Result<Node, String> {
    let mut kind = None;
    let (raw, title) = match (access, arguments) {
        ("given" | "written", _) => {
            let (own, title, its) = Own::parse(access, arguments)?;
            kind = its;
            (Raw::Given(own), title)
        }
        ("property" | "quantity", [name]) => (of_set(access, "", name), name.clone()),
        ("property" | "quantity", [set, name]) => {
            (of_set(access, set, name), format!("{set}.{name}"))
        }
        ("attribute", [name]) => (Raw::Attribute { name: name.clone() }, name.clone()),
        ("classification", [system]) => (
            Raw::Classification {
                system: system.clone(),
            },
            format!("{system} classification"),
        ),
        ("property" | "quantity", _) => {
            return Err(format!("{access} takes a name, or a set and a name"));
        }
        ("attribute" | "classification", _) => return Err(format!("{access} takes one argument")),
        _ => {
            let names = [
                "property",
                "quantity",
                "attribute",
                "classification",
                "given",
                "written",
            ];
            let names = names.into_iter();
            return Err(format!(
                "unknown access {access:?}{}",
                suggest(access, names)
            ));
        }
    };
    Ok(Node {
        expr: Expr::Raw(raw, wanted),
        text: String::new(),
        title,
        kind,
        dimension: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Load;
    impl DerivedFacts for Load {
        fn find(
            &self,
            class: &str,
            name: &str,
        ) -> Option<(usize, String, FactKind, Option<Dimension>)> {
            (class == "IfcSpace" && name == "occupant_load").then(|| {
                (
                    0,
                    "Occupant load".to_owned(),
                    FactKind::Number,
                    Some(Dimension::Count),
                )
            })
        }
    }

    fn read(subject: &str, path: &str) -> Result<String, String> {
        let mut plan = Plan::default();
        let subject = SubjectRef::parse(subject)?;
        let id = plan
            .add("m", subject, path, (FactKind::Text, None), &Load)
            .map_err(|e| e.why)?;
        Ok(plan.node(id).map(|n| n.title.clone()).unwrap_or_default())
    }

    #[test]
    fn paths_that_mean_something() {
        for (subject, path, title) in [
            ("door", "clear_width", "Clear width"),
            ("door", " storey.elevation ", "Elevation of the storey"),
            (
                "storey",
                "spaces.sum(occupant_load)",
                "Occupant load, summed over spaces",
            ),
            (
                "door",
                "storey.spaces.sum(occupant_load)",
                "Occupant load, summed over spaces of the storey",
            ),
            ("corridor", "occupant_load", "Occupant load"),
            ("storey", "doors.count(is_exit)", "Number of doors (exit)"),
            (
                "storey",
                "doors.sum(clear_width, is_exit)",
                "Clear width, summed over doors",
            ),
            (
                "door",
                "property(Pset_DoorCommon, Fire.Exit)",
                "Pset_DoorCommon.Fire.Exit",
            ),
            ("IfcOutlet", "name", "Name"),
            (
                "space",
                "doors.count(property(FireExit))",
                "Number of doors (FireExit)",
            ),
        ] {
            assert_eq!(
                read(subject, path).as_deref(),
                Ok(title),
                "{subject}: {path}"
            );
        }
    }

    #[test]
    fn paths_that_do_not() {
        for (subject, path, part) in [
            ("dor", "name", "did you mean \"door\"?"),
            ("door", "clear_widht", "did you mean \"clear_width\"?"),
            ("door", "spaces", "leads to many"),
            ("door", "storey", "say which of its facts"),
            ("door", "spaces.area", "leads to many"),
            ("door", "spaces.avg(area)", "unknown aggregate"),
            ("door", "spaces.sum(name)", "a number is wanted"),
            ("door", "spaces.sum(area", "parenthesis is missing"),
            ("door", "spaces.sum()", "takes one or two"),
            ("door", "storey..name", "beside a dot"),
            ("door", "", "empty"),
            ("door", "property()", "takes a name"),
            ("door", "clear_width.name", "has no relation"),
            ("door", "proprety(A, B)", "did you mean \"property\"?"),
        ] {
            let error = read(subject, path).expect_err(path);
            assert!(error.contains(part), "{subject} {path}: {error}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let path = format!("{}name", "storey.".repeat(20));
        assert!(read("door", &path).is_err_and(|e| e.contains("deep")));
    }
}
