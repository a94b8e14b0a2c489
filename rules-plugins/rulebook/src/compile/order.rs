//! The order of derived facts: each after those that it needs.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Wrong};
use crate::document::{Fact, Named, Text};
use crate::expression::{Expression, Node, parse, path_names};

/// The names in a text that is an expression. One that cannot be read has none: that is said elsewhere.
fn names(text: &Text) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(expression) = parse(text) {
        collect(&expression, &mut found);
    }
    found
}

fn collect(expression: &Expression, found: &mut Vec<String>) {
    match &expression.node {
        Node::Name(name) => found.push(name.clone()),
        Node::Path(path) => found.extend(path_names(path).map(str::to_owned)),
        _ => {}
    }
    expression.each_part(&mut |part| collect(part, found));
}

/// Everything that an expression may name, those that definitions name included.
fn named<'a>(
    texts: impl Iterator<Item = &'a Text>,
    definitions: &[Named<Text>],
) -> HashSet<String> {
    let mut found: HashSet<String> = HashSet::new();
    let mut todo: Vec<String> = texts.flat_map(names).collect();
    while let Some(name) = todo.pop() {
        let inner = definitions.iter().filter(|d| d.name.value == name);
        if found.insert(name.clone()) {
            todo.extend(inner.flat_map(|d| names(&d.value)));
        }
    }
    found
}

/// Positions of the facts in the order in which they can be computed. Those in a circle are left
/// out, and complained of.
pub(crate) fn order(
    facts: &[Named<Fact>],
    definitions: &[Named<Text>],
    wrong: &mut Wrong,
) -> Vec<usize> {
    let needs: Vec<HashSet<usize>> = facts
        .iter()
        .map(|fact| {
            let lets = fact.value.lets.iter().map(|l| &l.value);
            let names = named(lets.chain([&fact.value.value]), definitions);
            let is_needed =
                |(_, other): &(usize, &Named<Fact>)| names.contains(other.name.value.as_str());
            facts
                .iter()
                .enumerate()
                .filter(is_needed)
                .map(|(at, _)| at)
                .collect()
        })
        .collect();
    let mut order: Vec<usize> = Vec::new();
    loop {
        let ready = needs.iter().enumerate().find(|(at, needs)| {
            !order.contains(at) && needs.iter().all(|need| order.contains(need))
        });
        match ready {
            Some((at, _)) => order.push(at),
            None => break,
        }
    }
    for (at, fact) in facts.iter().enumerate() {
        if !order.contains(&at) {
            let message = format!("the derived fact `{}` needs itself", fact.name.value);
            wrong.push(
                Diagnostic::new("circle", fact.name.whole(), message)
                    .help("it names itself, or other facts that need it"),
            );
        }
    }
    order
}
