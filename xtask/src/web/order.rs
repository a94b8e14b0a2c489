//! The order of the engine's functions: like beside like.
//!
//! gzip finds what it has seen among the last 32 KiB only, so it makes more of functions that resemble
//! each other when they are neighbours. Nothing else changes: the same functions, called by other numbers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context as _, Result};
use wasmparser::{Parser, Payload, TypeRef};

/// How `wasm-opt` puts functions into the order of their names, and forgets the names.
pub const BY_NAME: &[&str] = &["--reorder-functions-by-name", "--strip-debug"];

/// Another one makes another order.
pub const VERSION: &str = "order 2";

/// What a compressor still remembers, somewhat less than gzip's window.
const WINDOW: usize = 28_000;
/// Bytes that are looked at together.
const GRAM: usize = 6;
/// Of so many grams one is kept: enough to tell what resembles what.
const SAMPLE: u64 = 8;
/// What more functions have says nothing.
const COMMON: usize = 200;

/// The same module, with names that sort its functions in the order that compresses best.
pub fn named(wasm: &[u8]) -> Result<Vec<u8>> {
    let (imports, bodies) = functions(wasm)?;
    let mut names: Vec<String> = (0..imports).map(|i| format!("i{i:06}")).collect();
    names.resize(imports + bodies.len(), String::new());
    for (place, function) in order(&bodies).into_iter().enumerate() {
        if let Some(name) = names.get_mut(imports + function) {
            *name = format!("n{place:06}");
        }
    }
    let mut map = number(names.len());
    for (index, name) in names.iter().enumerate() {
        map.extend(number(index));
        map.extend(sized(name.as_bytes()));
    }
    // A custom section called `name`, of one part: the names of functions.
    let mut section = sized(b"name");
    section.push(1);
    section.extend(sized(&map));
    let mut module = wasm.to_vec();
    module.push(0);
    module.extend(sized(&section));
    Ok(module)
}

/// How many functions are imported, and the bodies of the others.
fn functions(wasm: &[u8]) -> Result<(usize, Vec<&[u8]>)> {
    let mut imports = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("the engine's module")? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    imports += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                bodies.push(wasm.get(range).context("a body outside of the file")?);
            }
            _ => {}
        }
    }
    Ok((imports, bodies))
}

/// Indices of the bodies: after each comes the one that shares most with those before it.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let grams: Vec<BTreeSet<u64>> = bodies.iter().map(|body| sample(body)).collect();
    let mut having: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (function, grams) in grams.iter().enumerate() {
        for gram in grams {
            having.entry(*gram).or_default().push(function);
        }
    }
    having.retain(|_, functions| (2..COMMON).contains(&functions.len()));
    let known: Vec<Vec<u64>> = grams
        .iter()
        .map(|grams| {
            grams
                .iter()
                .copied()
                .filter(|g| having.contains_key(g))
                .collect()
        })
        .collect();

    // How many of a function's grams are in the window; none once it has its place.
    let mut shared: Vec<Option<u32>> = vec![Some(0); bodies.len()];
    let mut inside: BTreeMap<u64, u32> = BTreeMap::new();
    let (mut window, mut held) = (VecDeque::new(), 0);
    let mut ordered = Vec::with_capacity(bodies.len());
    let mut next = (!bodies.is_empty()).then_some(0);
    while let Some(function) = next {
        ordered.push(function);
        shared[function] = None;
        window.push_back(function);
        held += bodies[function].len();
        for gram in &known[function] {
            let count = inside.entry(*gram).or_default();
            *count += 1;
            if *count == 1 {
                change(&mut shared, &having[gram], |shared| shared + 1);
            }
        }
        while held > WINDOW && window.len() > 1 {
            let Some(old) = window.pop_front() else { break };
            held -= bodies[old].len();
            for gram in &known[old] {
                let count = inside.entry(*gram).or_default();
                *count = count.saturating_sub(1);
                if *count == 0 {
                    change(&mut shared, &having[gram], |shared| shared - 1);
                }
            }
        }
        next = likest(&shared, &known);
    }
    ordered
}

fn change(shared: &mut [Option<u32>], functions: &[usize], by: impl Fn(u32) -> u32) {
    for function in functions {
        if let Some(Some(shared)) = shared.get_mut(*function) {
            *shared = by(*shared);
        }
    }
}

/// The function without a place of which the window has the largest share; the first of equals.
fn likest(shared: &[Option<u32>], known: &[Vec<u64>]) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (function, (shared, known)) in shared.iter().zip(known).enumerate() {
        let Some(shared) = shared else { continue };
        // A few bytes in common are no resemblance.
        let share = f64::from(*shared) / (known.len() as f64 + 4.0);
        if best.is_none_or(|(_, most)| share > most) {
            best = Some((function, share));
        }
    }
    best.map(|(function, _)| function)
}

fn sample(body: &[u8]) -> BTreeSet<u64> {
    body.windows(GRAM)
        .map(hash)
        .filter(|hash| hash.is_multiple_of(SAMPLE))
        .collect()
}

/// FNV-1a, folded: its lowest bits alone hang on the lowest bits of the bytes.
fn hash(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash ^ (hash >> 29)
}

/// LEB128.
fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    let mut all = number(bytes.len());
    all.extend_from_slice(bytes);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_stands_beside_like() {
        let long = |seed: u8| -> Vec<u8> { (0..200).map(|i: u8| i.wrapping_mul(seed)).collect() };
        let (a, b) = (long(7), long(11));
        let mut near_a = a.clone();
        near_a[100] = 0;
        let mut near_b = b.clone();
        near_b[100] = 0;
        let bodies: Vec<&[u8]> = vec![&a, &b, &near_a, &near_b];
        assert_eq!(order(&bodies), [0, 2, 1, 3]);
        assert!(order(&[]).is_empty());
    }
}
