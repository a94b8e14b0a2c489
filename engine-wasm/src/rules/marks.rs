//! A set of elements that is asked far more often than it is changed.

use crate::model::ElementId;

/// Elements, a bit for each.
#[derive(Debug, Default)]
pub struct Marks {
    words: Vec<u64>,
    insertions: u64,
}

impl Marks {
    /// Adds an element.
    pub fn insert(&mut self, e: ElementId) {
        let (word, bit) = place(e);
        self.insertions += 1;
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        if let Some(bits) = self.words.get_mut(word) {
            *bits |= bit;
        }
    }

    /// Whether it is in the set.
    #[must_use]
    pub fn contains(&self, e: ElementId) -> bool {
        let (word, bit) = place(e);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Empties the set.
    pub fn clear(&mut self) {
        self.words.clear();
    }

    /// How often something was added, ever: two equal numbers mean the same marks.
    #[must_use]
    pub fn insertions(&self) -> u64 {
        self.insertions
    }
}

fn place(e: ElementId) -> (usize, u64) {
    (e.0 as usize / 64, 1 << (e.0 % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_in_once_inserted() {
        let mut marks = Marks::default();
        let ids = [0, 63, 64, 1000].map(ElementId);
        assert!(ids.iter().all(|e| !marks.contains(*e)));
        for e in ids {
            marks.insert(e);
        }
        assert!(ids.iter().all(|e| marks.contains(*e)));
        assert!(!marks.contains(ElementId(1)) && !marks.contains(ElementId(999_999)));
        marks.clear();
        assert!(ids.iter().all(|e| !marks.contains(*e)));
    }
}
