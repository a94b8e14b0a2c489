//! Matching: a nondeterministic automaton, run through deterministic states that are made when they
//! are first needed.
//!
//! Each character costs at most one pass over the automaton, so a value is matched in time linear
//! in its length; the states made are kept within [`MAX_CACHED`] and then made anew.

use std::collections::HashMap;

use super::PatternError;
use super::class::Class;
use super::parse::{Node, Parsed};

/// States of one automaton. Repetitions are written out, so this bounds `(a{1000}){1000}`; patterns
/// of naming rules have a few dozen.
pub const MAX_STATES: usize = 10_000;

/// Numbers kept for the deterministic states of one pattern, when nobody sets less: a megabyte.
pub const MAX_CACHED: usize = 250_000;

/// A transition that was not yet computed.
const UNKNOWN: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
enum State {
    /// One character of a class, then the state after this one.
    Class(u32),
    /// Without a character to both.
    Split(u32, u32),
    /// Without a character.
    Jump(u32),
    Match,
}

/// A compiled pattern.
#[derive(Debug)]
pub struct Machine {
    states: Vec<State>,
    /// Where the letters of the alphabet begin: characters that no class tells apart are one.
    starts: Vec<u32>,
    /// Letter of each ASCII character.
    ascii: [u16; 128],
    /// For each class the letters in it, as bits.
    members: Vec<Vec<u64>>,
    /// At most [`MAX_CACHED`].
    pub cached: usize,
}

impl Machine {
    pub fn new(parsed: &Parsed) -> Result<Machine, PatternError> {
        if size(&parsed.root) > MAX_STATES as u64 {
            return Err(PatternError::TooLarge {
                what: "states (repetitions are written out)",
                limit: MAX_STATES,
            });
        }
        let mut starts: Vec<u32> = vec![0];
        for class in &parsed.classes {
            for (first, last) in class.ranges() {
                starts.extend([*first, last + 1]);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        let mut machine = Machine {
            states: Vec::new(),
            ascii: [0; 128],
            members: Vec::new(),
            cached: MAX_CACHED,
            starts,
        };
        for code in 0..128u32 {
            let letter = machine.search(code) as u16;
            if let Some(slot) = machine.ascii.get_mut(code as usize) {
                *slot = letter;
            }
        }
        machine.members = parsed.classes.iter().map(|c| machine.bits(c)).collect();
        machine.emit(&parsed.root);
        machine.states.push(State::Match);
        Ok(machine)
    }

    fn bits(&self, class: &Class) -> Vec<u64> {
        let mut bits = vec![0u64; self.starts.len().div_ceil(64)];
        for (first, last) in class.ranges() {
            for letter in self.search(*first)..=self.search(*last) {
                if let Some(word) = bits.get_mut(letter / 64) {
                    *word |= 1 << (letter % 64);
                }
            }
        }
        bits
    }

    fn search(&self, code: u32) -> usize {
        self.starts.partition_point(|start| *start <= code) - 1
    }

    fn letter(&self, c: char) -> usize {
        match self.ascii.get(c as usize) {
            Some(letter) => usize::from(*letter),
            None => self.search(c as u32),
        }
    }

    fn here(&self) -> u32 {
        self.states.len() as u32
    }

    fn set(&mut self, place: u32, state: State) {
        if let Some(slot) = self.states.get_mut(place as usize) {
            *slot = state;
        }
    }

    /// Appends the states of a node; what follows it comes right after.
    fn emit(&mut self, node: &Node) {
        match node {
            Node::Class(index) => self.states.push(State::Class(*index as u32)),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.emit(node)),
            Node::Choice(branches) => {
                let mut jumps = Vec::new();
                for (index, branch) in branches.iter().enumerate() {
                    if index + 1 < branches.len() {
                        let split = self.here();
                        self.states.push(State::Match);
                        self.emit(branch);
                        jumps.push(self.here());
                        self.states.push(State::Match);
                        self.set(split, State::Split(split + 1, self.here()));
                    } else {
                        self.emit(branch);
                    }
                }
                let end = self.here();
                for jump in jumps {
                    self.set(jump, State::Jump(end));
                }
            }
            Node::Repeat(inner, least, most) => {
                for _ in 0..*least {
                    self.emit(inner);
                }
                match most {
                    None => {
                        let split = self.here();
                        self.states.push(State::Match);
                        self.emit(inner);
                        self.states.push(State::Jump(split));
                        self.set(split, State::Split(split + 1, self.here()));
                    }
                    Some(most) => {
                        let mut splits = Vec::new();
                        for _ in *least..*most {
                            splits.push(self.here());
                            self.states.push(State::Match);
                            self.emit(inner);
                        }
                        let end = self.here();
                        for split in splits {
                            self.set(split, State::Split(split + 1, end));
                        }
                    }
                }
            }
        }
    }
}

/// How many states a node takes, at the least one for each repetition, so that nothing is repeated
/// for ever for free.
fn size(node: &Node) -> u64 {
    match node {
        Node::Class(_) => 1,
        Node::Sequence(nodes) => nodes.iter().map(size).fold(0, u64::saturating_add),
        Node::Choice(branches) => branches
            .iter()
            .map(|branch| size(branch).saturating_add(2))
            .fold(0, u64::saturating_add),
        Node::Repeat(inner, least, most) => {
            let times = u64::from(most.unwrap_or(*least).max(1));
            size(inner)
                .saturating_add(2)
                .saturating_mul(times)
                .saturating_add(2)
        }
    }
}

/// The deterministic states of one pattern that were made so far.
#[derive(Debug, Default)]
pub struct Cache {
    /// The states of the automaton that each stands for, only those that read a character or match.
    sets: Vec<Box<[u32]>>,
    accepting: Vec<bool>,
    /// `letters` transitions for each.
    moves: Vec<u32>,
    known: HashMap<Box<[u32]>, u32, crate::ids::hash::Build>,
    /// Numbers in `sets` and `moves`.
    cached: usize,
    visited: Vec<u32>,
    epoch: u32,
    stack: Vec<u32>,
}

impl Machine {
    /// Whether the whole text matches.
    pub fn is_match(&self, cache: &mut Cache, text: &str) -> bool {
        let letters = self.starts.len();
        let mut at = self.start(cache);
        for c in text.chars() {
            let letter = self.letter(c);
            let place = at as usize * letters + letter;
            let next = cache.moves.get(place).copied().unwrap_or(UNKNOWN);
            at = if next == UNKNOWN {
                self.step(cache, at, letter)
            } else {
                next
            };
            if cache.sets.get(at as usize).is_none_or(|set| set.is_empty()) {
                return false;
            }
        }
        cache.accepting.get(at as usize).copied().unwrap_or(false)
    }

    fn start(&self, cache: &mut Cache) -> u32 {
        if !cache.sets.is_empty() {
            return 0;
        }
        cache.visited.resize(self.states.len(), 0);
        cache.epoch += 1;
        let mut set = Vec::new();
        self.close(cache, 0, &mut set);
        self.intern(cache, set)
    }

    /// Computes a transition and keeps it.
    fn step(&self, cache: &mut Cache, from: u32, letter: usize) -> u32 {
        let sources: Box<[u32]> = cache.sets.get(from as usize).cloned().unwrap_or_default();
        cache.epoch = cache.epoch.wrapping_add(1);
        if cache.epoch == 0 {
            cache.visited.fill(0);
            cache.epoch = 1;
        }
        let mut set = Vec::new();
        for source in &*sources {
            if let Some(State::Class(class)) = self.states.get(*source as usize)
                && self.has(*class, letter)
            {
                self.close(cache, source + 1, &mut set);
            }
        }
        if cache.cached > self.cached {
            cache.sets.clear();
            cache.accepting.clear();
            cache.moves.clear();
            cache.known.clear();
            cache.cached = 0;
            // State 0 is where every text begins.
            let mut first = Vec::new();
            let visited = std::mem::replace(&mut cache.visited, vec![0; self.states.len()]);
            self.close(cache, 0, &mut first);
            cache.visited = visited;
            self.intern(cache, first);
            return self.intern(cache, set);
        }
        let target = self.intern(cache, set);
        if let Some(slot) = cache
            .moves
            .get_mut(from as usize * self.starts.len() + letter)
        {
            *slot = target;
        }
        target
    }

    fn has(&self, class: u32, letter: usize) -> bool {
        self.members
            .get(class as usize)
            .and_then(|bits| bits.get(letter / 64))
            .is_some_and(|word| word >> (letter % 64) & 1 == 1)
    }

    /// Adds a state and what is reached from it without a character.
    fn close(&self, cache: &mut Cache, from: u32, set: &mut Vec<u32>) {
        cache.stack.push(from);
        while let Some(at) = cache.stack.pop() {
            match cache.visited.get_mut(at as usize) {
                Some(mark) if *mark != cache.epoch => *mark = cache.epoch,
                _ => continue,
            }
            match self.states.get(at as usize) {
                Some(State::Class(_) | State::Match) => set.push(at),
                Some(State::Jump(to)) => cache.stack.push(*to),
                Some(State::Split(a, b)) => cache.stack.extend([*a, *b]),
                None => {}
            }
        }
    }

    fn intern(&self, cache: &mut Cache, mut set: Vec<u32>) -> u32 {
        set.sort_unstable();
        let set: Box<[u32]> = set.into();
        if let Some(known) = cache.known.get(&set) {
            return *known;
        }
        let id = cache.sets.len() as u32;
        let accepting = set
            .iter()
            .any(|s| matches!(self.states.get(*s as usize), Some(State::Match)));
        cache.cached += 2 * set.len() + self.starts.len() + 8;
        cache
            .moves
            .resize(cache.moves.len() + self.starts.len(), UNKNOWN);
        cache.accepting.push(accepting);
        cache.known.insert(set.clone(), id);
        cache.sets.push(set);
        id
    }
}
