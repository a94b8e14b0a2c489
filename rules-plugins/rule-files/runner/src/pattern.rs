//! Patterns: a list of steps, and whether a text begins with what they describe.

/// What a class of characters is called in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Class {
    /// `\d`
    Digit = 0,
    /// `\w`
    Word = 1,
    /// `\s`
    Space = 2,
}

impl Class {
    fn has(self, c: char) -> bool {
        match self {
            Class::Digit => c.is_ascii_digit(),
            Class::Word => c.is_alphanumeric() || c == '_',
            Class::Space => c.is_whitespace() || ('\x1c'..='\x1f').contains(&c),
        }
    }
}

/// A step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One character that is, or is not, one of the so many steps that follow.
    Set(bool, u32),
    /// One character from the first to the last.
    Range(char, char),
    /// One character that is, or is not, of a class.
    Named(Class, bool),
    /// Go on at either step.
    Split(u32, u32),
    /// Go on at a step.
    Jump(u32),
    /// The text begins here.
    Start,
    /// The text ends here, or a line feed does that is its last character.
    End,
    /// The pattern is met.
    Match,
}

/// A pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// Its steps.
    pub steps: Vec<Step>,
}

impl Step {
    pub(crate) fn encode(self) -> [u32; 3] {
        match self {
            Step::Set(negated, count) => [0, u32::from(negated), count],
            Step::Range(first, last) => [1, first as u32, last as u32],
            Step::Named(class, negated) => [2, class as u32, u32::from(negated)],
            Step::Split(a, b) => [3, a, b],
            Step::Jump(a) => [4, a, 0],
            Step::Start => [5, 0, 0],
            Step::End => [6, 0, 0],
            Step::Match => [7, 0, 0],
        }
    }

    pub(crate) fn decode(code: u32, a: u32, b: u32) -> Option<Step> {
        Some(match code {
            0 => Step::Set(a == 1, b),
            1 => Step::Range(char::from_u32(a)?, char::from_u32(b)?),
            2 => {
                let class = match a {
                    0 => Class::Digit,
                    1 => Class::Word,
                    2 => Class::Space,
                    _ => return None,
                };
                Step::Named(class, b == 1)
            }
            3 => Step::Split(a, b),
            4 => Step::Jump(a),
            5 => Step::Start,
            6 => Step::End,
            7 => Step::Match,
            _ => return None,
        })
    }

    fn has(self, c: char) -> bool {
        match self {
            Step::Range(first, last) => (first..=last).contains(&c),
            Step::Named(class, negated) => class.has(c) != negated,
            _ => false,
        }
    }
}

impl Pattern {
    /// Whether a text begins with it. Takes time in proportion to steps times characters.
    #[must_use]
    pub fn begins(&self, text: &str) -> bool {
        let mut now = Vec::new();
        let mut next = Vec::new();
        let mut seen = vec![false; self.steps.len()];
        if self.follow(0, true, text, &mut seen, &mut now) {
            return true;
        }
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            seen.fill(false);
            for at in now.drain(..) {
                let (met, after) = match self.steps.get(at) {
                    Some(Step::Set(negated, count)) => {
                        let items = self.steps.iter().skip(at + 1).take(*count as usize);
                        let one = items.into_iter().any(|item| item.has(c));
                        (one != *negated, at + 1 + *count as usize)
                    }
                    Some(step) => (step.has(c), at + 1),
                    None => (false, 0),
                };
                if met && self.follow(after, false, rest.as_str(), &mut seen, &mut next) {
                    return true;
                }
            }
            std::mem::swap(&mut now, &mut next);
            if now.is_empty() {
                return false;
            }
        }
        false
    }

    /// Adds the steps that take a character and are reached from one; true where the end is.
    fn follow(
        &self,
        from: usize,
        start: bool,
        rest: &str,
        seen: &mut [bool],
        into: &mut Vec<usize>,
    ) -> bool {
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            match seen.get_mut(at) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            match self.steps.get(at) {
                Some(Step::Match) => return true,
                Some(Step::Split(a, b)) => open.extend([*b as usize, *a as usize]),
                Some(Step::Jump(a)) => open.push(*a as usize),
                Some(Step::Start) if start => open.push(at + 1),
                Some(Step::End) if rest.is_empty() || rest == "\n" => open.push(at + 1),
                Some(Step::Start | Step::End) | None => {}
                Some(_) => into.push(at),
            }
        }
        false
    }
}
