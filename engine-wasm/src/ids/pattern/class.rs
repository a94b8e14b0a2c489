//! Sets of characters, as sorted ranges of code points.

/// The last code point.
pub const LAST: u32 = 0x10_FFFF;

/// A set of characters: ranges in order that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Class(Vec<(u32, u32)>);

impl Class {
    /// From ranges in any order; empty ones are left out.
    pub fn new(mut ranges: Vec<(u32, u32)>) -> Class {
        ranges.retain(|(first, last)| first <= last);
        ranges.sort_unstable();
        let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match merged.last_mut() {
                Some(before) if first <= before.1.saturating_add(1) => {
                    before.1 = before.1.max(last);
                }
                _ => merged.push((first, last)),
            }
        }
        Class(merged)
    }

    /// One character.
    pub fn of(c: char) -> Class {
        Class(vec![(c as u32, c as u32)])
    }

    /// Every character but those of this set.
    #[must_use]
    pub fn negated(&self) -> Class {
        let mut ranges = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for (first, last) in &self.0 {
            if *first > next {
                ranges.push((next, first - 1));
            }
            next = last + 1;
        }
        if next <= LAST {
            ranges.push((next, LAST));
        }
        Class(ranges)
    }

    /// Both sets together.
    #[must_use]
    pub fn or(&self, other: &Class) -> Class {
        Class::new(self.0.iter().chain(&other.0).copied().collect())
    }

    /// This set without another.
    #[must_use]
    pub fn without(&self, other: &Class) -> Class {
        self.negated().or(other).negated()
    }

    /// The ranges, first and last inclusive.
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_combined() {
        let digits = Class::new(vec![(53, 57), (48, 52), (50, 51)]);
        assert_eq!(digits.ranges(), [(48, 57)]);
        assert_eq!(digits.negated().ranges(), [(0, 47), (58, LAST)]);
        assert_eq!(digits.negated().negated(), digits);
        assert_eq!(
            digits.without(&Class::of('5')).ranges(),
            [(48, 52), (54, 57)]
        );
        assert_eq!(Class::default().negated().ranges(), [(0, LAST)]);
    }
}
