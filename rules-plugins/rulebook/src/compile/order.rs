//! The order of derived facts: each after those that it needs.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Wrong};
use crate::document::{Fact, Named, Text};

/// Words of a text that could name something.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
}

/// Everything that an expression may name, those that definitions name included.
fn named<'a>(
    texts: impl Iterator<Item = &'a Text>,
    definitions: &'a [Named<Text>],
) -> HashSet<&'a str> {
    let mut found: HashSet<&str> = HashSet::new();
    let mut todo: Vec<&str> = texts.flat_map(|text| words(&text.value)).collect();
    while let Some(word) = todo.pop() {
        if found.insert(word) {
            let inner = definitions.iter().filter(|d| d.name.value == word);
            todo.extend(inner.flat_map(|d| words(&d.value.value)));
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
