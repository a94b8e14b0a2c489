//! Entity names: each spelled once, in capitals, and known by a small number.

use super::lex::same;

/// A number for an upper-case entity name. `!NAME` keeps its exclamation mark.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct KeywordId(pub u16);

impl KeywordId {
    /// Names beyond the first 65 thousand share this one; a record's own name is still known.
    pub const OTHER: Self = Self(0);
    /// Complex instances, `#1=(A(1)B(2));`: they have several names, see `Record::parts`.
    pub const COMPLEX: Self = Self(1);
}

/// Longest chain of tries in the table. Real files have under a thousand names and end after one
/// or two; names made to collide become [`KeywordId::OTHER`] instead of costing time.
const MAX_PROBES: usize = 32;

/// All entity names of a file.
#[derive(Clone, Debug)]
pub(super) struct Keywords {
    names: Vec<Box<str>>,
    /// Open addressing, power of two; 0 is free.
    slots: Vec<u16>,
    last: KeywordId,
}

impl Keywords {
    pub(super) fn new() -> Self {
        let names = vec!["?".into(), "()".into()];
        Self {
            names,
            slots: vec![0; 4096],
            last: KeywordId::OTHER,
        }
    }

    /// The number of a name as written in the file, giving it one when it is new.
    #[inline]
    pub(super) fn intern(&mut self, written: &[u8]) -> KeywordId {
        // Records of one kind stand together: the previous name is right more often than not.
        if same(self.name(self.last).as_bytes(), written) {
            return self.last;
        }
        self.last = if written.iter().any(u8::is_ascii_lowercase) {
            self.find_or_add(&written.to_ascii_uppercase())
        } else {
            self.find_or_add(written)
        };
        self.last
    }

    fn find_or_add(&mut self, upper: &[u8]) -> KeywordId {
        match self.probe(upper) {
            Probe::Found(id) => id,
            Probe::Free(slot) if self.names.len() < usize::from(u16::MAX) => {
                let Ok(name) = std::str::from_utf8(upper) else {
                    return KeywordId::OTHER;
                };
                let id = self.names.len() as u16;
                self.names.push(name.into());
                if let Some(free) = self.slots.get_mut(slot) {
                    *free = id;
                }
                if self.names.len() * 4 > self.slots.len() {
                    self.grow();
                }
                KeywordId(id)
            }
            _ => KeywordId::OTHER,
        }
    }

    /// The number of an upper-case name that occurs in the file.
    pub(super) fn get(&self, upper: &str) -> Option<KeywordId> {
        match self.probe(upper.as_bytes()) {
            Probe::Found(id) => Some(id),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn name(&self, id: KeywordId) -> &str {
        self.names.get(usize::from(id.0)).map_or("", |name| name)
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    #[inline]
    fn probe(&self, upper: &[u8]) -> Probe {
        let mask = self.slots.len() - 1;
        let mut slot = hash(upper) as usize & mask;
        for _ in 0..MAX_PROBES {
            match self.slots.get(slot) {
                Some(0) | None => return Probe::Free(slot),
                Some(&id) if same(self.name(KeywordId(id)).as_bytes(), upper) => {
                    return Probe::Found(KeywordId(id));
                }
                Some(_) => slot = (slot + 1) & mask,
            }
        }
        Probe::Full
    }

    fn grow(&mut self) {
        self.slots = vec![0; self.slots.len() * 4];
        for id in 2..self.names.len() {
            let free = match self.names.get(id).map(|name| self.probe(name.as_bytes())) {
                Some(Probe::Free(slot)) => self.slots.get_mut(slot),
                _ => None,
            };
            if let Some(free) = free {
                *free = id as u16;
            }
        }
    }
}

enum Probe {
    Found(KeywordId),
    Free(usize),
    Full,
}

/// Eight bytes at a time; the multiplier is 2^64 over the golden ratio.
#[inline]
fn hash(bytes: &[u8]) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut sum = bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        sum = (sum.rotate_left(23) ^ u64::from_le_bytes(*word)).wrapping_mul(MULTIPLIER);
    }
    for &byte in rest {
        sum = (sum.rotate_left(23) ^ u64::from(byte)).wrapping_mul(MULTIPLIER);
    }
    (sum ^ (sum >> 32)).wrapping_mul(MULTIPLIER) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter_and_numbers_stay() {
        let mut keywords = Keywords::new();
        let wall = keywords.intern(b"IFCWALL");
        let door = keywords.intern(b"IFCDOOR");
        assert_ne!(wall, door);
        assert_eq!(keywords.intern(b"IfcWall"), wall);
        assert_eq!(keywords.get("IFCDOOR"), Some(door));
        assert_eq!(keywords.get("IFCSLAB"), None);
        assert_eq!(keywords.name(wall), "IFCWALL");
        assert_eq!(keywords.name(KeywordId(9999)), "");
    }

    #[test]
    fn more_names_than_numbers() {
        let mut keywords = Keywords::new();
        for i in 0..70_000u32 {
            keywords.intern(format!("NAME{i}").as_bytes());
        }
        assert!(keywords.len() <= usize::from(u16::MAX));
        assert_eq!(keywords.intern(b"ONE_MORE"), KeywordId::OTHER);
        let id = keywords
            .get("NAME20000")
            .expect("an early name keeps its number");
        assert_eq!(keywords.name(id), "NAME20000");
    }
}
